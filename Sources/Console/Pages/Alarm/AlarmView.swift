/// One alarm and why it is as it is.
struct AlarmModel: Sendable {
    /// A fact with its label.
    struct Fact: Sendable {
        var label: String
        var value: String
    }

    /// A move in its life.
    struct Move: Sendable {
        var time: Moment
        var state: Badge
        var reason: String
    }

    var id: Int64
    var path: String
    var summary: String
    var severity: Badge
    var state: Badge
    var ci: CILink
    var since: Moment
    var acknowledgedBy: String?
    var isFiring: Bool
    /// Whether it is for information.
    var isMinor: Bool
    /// Rule, value and why, in the order in which people ask.
    var facts: [Fact]
    var rule: String
    var rulePath: String
    var impactPath: String
    var othersPath: String
    var incidents: [IncidentLine]
    var notifications: [NotificationLine]
    var silences: [SilenceLine]
    /// The check that it is about.
    var checks: [CheckLine]
    var moves: [Move]
    var durations: [Choice]
    var scopes: [Choice]
}

enum AlarmView {
    static let view = View(
        "alarm",
        """
        <p class="above"><a href="/alarms">{{t.frame.alarms}}</a> · {{id}}</p>
        <div id="alarm" data-live="alarms incidents checks">
        <h1>{{summary}}</h1>
        <p class="badges">{{#severity}}{{> badge}}{{/severity}} {{#state}}{{> badge}}{{/state}} <span class="note">{{t.alarm.since}} {{#since}}{{> moment}}{{/since}}{{#acknowledgedBy}} · {{t.alarm_lines.acknowledged_by}} {{acknowledgedBy}}{{/acknowledgedBy}}</span></p>
        <div class="acts">
        {{#can.operate}}{{#isFiring}}<form action="{{path}}/ack" method="post"><input type="hidden" name="form" value="{{form}}"><button{{#isMinor}} class="quiet"{{/isMinor}}>{{t.alarm_lines.acknowledge}}</button></form>{{/isFiring}}{{/can.operate}}
        <a class="button quiet" href="{{impactPath}}">{{t.ci.impact}}</a>
        <a class="button quiet" href="{{othersPath}}">{{t.alarm.others}}</a>
        {{#can.operate}}<details class="act" name="act" id="silence"><summary class="button quiet">{{t.alarm.silence}}</summary>
        <form class="sheet" action="{{path}}/silence" method="post"><input type="hidden" name="form" value="{{form}}">
        <label>{{t.alarm.what}}<select name="scope">{{#scopes}}{{> choice}}{{/scopes}}</select></label>
        <label>{{t.alarm.how_long}}<select name="seconds">{{#durations}}{{> choice}}{{/durations}}</select></label>
        <label>{{t.alarm.reason}}<input name="reason" maxlength="500" required></label>
        <button>{{t.alarm.silence}}</button></form></details>{{/can.operate}}
        </div>
        <div class="split">
        <div>
        <section class="sheet"><h2>{{t.alarm.explain}}</h2>
        <dl class="facts">
        <div><dt>{{t.alarm.on}}</dt><dd>{{#ci}}{{> ci-link}}{{/ci}}</dd></div>
        <div><dt>{{t.alarms.rule}}</dt><dd><a href="{{rulePath}}">{{rule}}</a></dd></div>
        {{#facts}}<div><dt>{{label}}</dt><dd>{{value}}</dd></div>
        {{/facts}}
        </dl></section>
        {{^empty(checks)}}<section><h2>{{t.alarm.check}}</h2>{{> check-lines}}</section>{{/empty(checks)}}
        {{^empty(incidents)}}<section><h2>{{t.alarm.incident}}</h2>{{> incident-lines}}</section>{{/empty(incidents)}}
        {{^empty(silences)}}<section><h2>{{t.alarm.silences}}</h2>{{> silence-lines}}</section>{{/empty(silences)}}
        </div>
        <div>
        <section class="sheet"><h2>{{t.alarm.moves}}</h2>
        <ol class="timeline">{{#moves}}<li>{{#state}}{{> badge}}{{/state}} {{reason}}<div class="note">{{#time}}{{> moment}}{{/time}}</div></li>
        {{/moves}}</ol></section>
        {{^empty(notifications)}}<section class="sheet"><h2>{{t.incident.notifications}}</h2>{{> notification-lines}}</section>{{/empty(notifications)}}
        </div>
        </div>
        </div>
        """)
}
