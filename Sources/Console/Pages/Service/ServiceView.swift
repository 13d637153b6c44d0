/// One business service and what it stands on.
struct ServiceModel: Sendable {
    /// A CI it needs.
    struct Need: Sendable {
        var ci: CILink
        var worst: Badge?
        var way: String
    }

    /// A host below it that is not heard.
    struct Unheard: Sendable {
        var name: String
        var path: String
        var heard: Moment?
    }

    /// Incidents that are over.
    struct Ended: Sendable {
        var incidents: [IncidentLine]
    }

    var name: String
    var state: Badge
    var health: Int
    var ciPath: String
    var impactPath: String
    var incidents: [IncidentLine]
    var alarms: [AlarmLine]
    var ended: Ended
    var unheard: [Unheard]
    var needs: [Need]
    /// How many more it needs than listed; nil for none.
    var moreNeeds: String?
}

enum ServiceView {
    static let view = View(
        "service",
        """
        <p class="above"><a href="/services">{{t.frame.services}}</a></p>
        <div id="service" data-live="alarms incidents agents cis relations">
        <h1>{{name}} {{#state}}{{> badge}}{{/state}}</h1>
        <div class="health wide-health"><span class="health-label">{{t.services.health_short}}</span><span class="health-value">{{health}}</span><meter min="0" max="100" low="30" high="70" optimum="100" value="{{health}}" aria-label="{{t.services.health}}">{{health}}</meter></div>
        <div class="acts"><a class="button quiet" href="{{ciPath}}">{{t.service.facts}}</a><a class="button quiet" href="{{impactPath}}">{{t.service.map}}</a></div>
        <section><h2>{{t.service.incidents}}</h2>{{> incident-lines}}{{^incidents}}<p class="none">{{t.overview.no_incidents}}</p>{{/incidents}}</section>
        <section><h2>{{t.service.alarms}}</h2>{{> alarm-lines}}{{^alarms}}<p class="none">{{t.overview.no_alarms}}</p>{{/alarms}}</section>
        {{^empty(unheard)}}<section><h2>{{t.service.unheard}}</h2><ul class="plain">{{#unheard}}<li><a href="{{path}}">{{name}}</a> <span class="note">{{#heard}}{{> moment}}{{/heard}}</span></li>{{/unheard}}</ul></section>{{/empty(unheard)}}
        <section><h2>{{t.service.needs}}</h2>
        {{^empty(needs)}}<ul class="reached">{{#needs}}<li><span>{{#.worst}}{{> badge}} {{/.worst}}{{#ci}}{{> ci-link}}{{/ci}}</span><span class="way">{{way}}</span></li>
        {{/needs}}</ul>{{/empty(needs)}}
        {{^needs}}<p class="none">{{t.service.no_needs}}</p>{{/needs}}
        {{#moreNeeds}}<p class="hint">{{moreNeeds}}</p>{{/moreNeeds}}</section>
        <section><h2>{{t.service.ended}}</h2>{{#ended}}{{> incident-lines}}{{^incidents}}<p class="none">{{t.service.no_ended}}</p>{{/incidents}}{{/ended}}</section>
        </div>
        """)
}
