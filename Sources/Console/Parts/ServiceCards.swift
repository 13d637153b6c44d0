import CollectorServices
import Model
import Stores

/// Business services with their health, as cards.
enum ServiceCards {
    /// A service.
    struct Card: Sendable {
        var key: String
        var path: String
        var name: String
        var tone: String
        var state: Badge
        var health: Int
        var alarms: String
        var incidents: String
        /// The alarm that costs most; nil for none.
        var cause: Cause?
        /// How many below it are not heard; nil for none.
        var unheard: String?
    }

    /// What takes a service down.
    struct Cause: Sendable {
        var path: String
        var summary: String
        var ci: String
    }

    /// A service's card; `names` has the CI of its worst alarm.
    static func card(
        _ report: ServiceHealth.Report, _ names: [CIID: CIRecord], _ texts: PageTexts
    ) -> Card {
        let state = Badge(report.state, texts)
        return Card(
            key: report.service.id.description, path: Site.service(report.service.id),
            name: report.service.name.shownOnOneLine(limit: 120), tone: state.tone, state: state, health: report.health,
            alarms: texts.text("services.alarms", ["count": String(report.causes.count)]),
            incidents: texts.text("services.incidents", ["count": String(report.incidents.count)]),
            cause: report.causes.first.flatMap { cause in
                cause.cost == 0
                    ? nil
                    : .init(
                        path: Site.alarm(cause.alarm.id), summary: texts.said(cause.alarm.summary, limit: 200),
                        ci: CILink(cause.alarm.key.ci, in: names, texts).name)
            },
            unheard: report.silent.isEmpty
                ? nil : texts.text("services.unheard", ["count": String(report.silent.count)]))
    }

    /// A list under the name `cards`.
    static let view = View(
        "service-cards",
        """
        <ul class="cards">
        {{#cards}}<li class="card {{tone}}" data-key="service-{{key}}">
        <div class="card-top"><a class="line-title" href="{{path}}">{{name}}</a>{{#state}}{{> badge}}{{/state}}</div>
        <div class="health"><span class="health-label">{{t.services.health_short}}</span><span class="health-value">{{health}}</span><meter min="0" max="100" low="30" high="70" optimum="100" value="{{health}}" aria-label="{{t.services.health}}">{{health}}</meter></div>
        <div class="note">{{alarms}} · {{incidents}}</div>
        {{#.cause}}<p class="cause"><a href="{{path}}">{{summary}}</a> <span class="note">{{ci}}</span></p>{{/.cause}}
        {{#.unheard}}<p class="note">{{unheard}}</p>{{/.unheard}}
        </li>
        {{/cards}}
        </ul>
        """)
}
