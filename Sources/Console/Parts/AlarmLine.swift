import Model
import Stores

/// An alarm in a list.
struct AlarmLine: Sendable {
    var id: Int64
    var path: String
    var severity: Badge
    var state: Badge
    var ci: CILink
    var summary: String
    var rule: String
    var since: Moment
    var incidentPath: String?
    var incident: Int64?
    var acknowledgedBy: String?
    /// Whether it can be acknowledged now.
    var isFiring: Bool
    /// Whether it is for information: to acknowledge it is no matter of the moment.
    var isMinor: Bool

    /// An alarm, with the names of CIs; one of the past cannot be acknowledged.
    init(_ alarm: AlarmRecord, names: [CIID: CIRecord], isPast: Bool = false, _ texts: PageTexts) {
        id = alarm.id
        path = Site.alarm(alarm.id)
        severity = Badge(alarm.severity, texts)
        state = Badge(alarm.state, alarm.severity, texts)
        ci = CILink(alarm.key.ci, in: names, texts)
        summary = texts.said(alarm.summary)
        rule = alarm.key.rule.shownOnOneLine(limit: 80)
        since = Moment(alarm.firedAt ?? alarm.since)
        incident = alarm.incident
        incidentPath = alarm.incident.map(Site.incident)
        acknowledgedBy = alarm.acknowledgedBy?.shownOnOneLine(limit: 64)
        isFiring = alarm.state == .firing && !isPast
        isMinor = alarm.severity == .info
    }
}

enum AlarmLinesView {
    /// A list of alarms under the name `alarms`; each is a card on a narrow window and a row on a wide one.
    static let view = View(
        "alarm-lines",
        """
        <ul class="lines">
        {{#alarms}}
        <li class="line {{#severity}}{{tone}}{{/severity}}" data-key="alarm-{{id}}">
        <div class="line-state">{{#bulk}}{{#can.operate}}{{#isFiring}}<input type="checkbox" id="choose-{{id}}" name="id" value="{{id}}" form="bulk" aria-label="{{t.alarms.choose}} {{id}}">{{/isFiring}}{{/can.operate}}{{/bulk}}{{#severity}}{{> badge}}{{/severity}} {{#state}}{{> badge}}{{/state}}</div>
        <div class="line-main"><a class="line-title" href="{{path}}">{{summary}}</a>
        <div class="line-note">{{#ci}}{{> ci-link}}{{/ci}} · {{rule}} · {{#since}}{{> moment}}{{/since}}{{#.acknowledgedBy}} · {{t.alarm_lines.acknowledged_by}} {{acknowledgedBy}}{{/.acknowledgedBy}}</div></div>
        <div class="line-acts">
        {{#.incidentPath}}<a href="{{incidentPath}}">{{t.alarm_lines.incident}} {{incident}}</a>{{/.incidentPath}}
        {{#can.operate}}{{#isFiring}}<form action="{{path}}/ack" method="post"><input type="hidden" name="form" value="{{form}}"><button{{#isMinor}} class="quiet small"{{/isMinor}}>{{t.alarm_lines.acknowledge}}</button></form>{{/isFiring}}{{/can.operate}}
        </div>
        </li>
        {{/alarms}}
        </ul>
        """)
}
