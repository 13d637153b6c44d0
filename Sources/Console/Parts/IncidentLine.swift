import CollectorServices
import Model
import Stores

/// An incident in a list.
struct IncidentLine: Sendable {
    var number: Int64
    var path: String
    var priority: Badge
    var state: Badge
    var title: String
    var ci: CILink
    var opened: Moment
    /// How long it took until service was restored; nil while it is not.
    var restored: String?
    /// Names of the business services it reaches; nil for none.
    var services: String?
    var assignee: String?
    /// Who acknowledged one of its alarms; nil for nobody.
    var acknowledgedBy: String?
    /// Said when nobody knows of it.
    var untold: String?

    /// An incident, with the names of CIs.
    init(
        _ incident: IncidentRecord, names: [CIID: CIRecord], untold reason: UntoldReason? = nil,
        acknowledgedBy: String? = nil, _ texts: PageTexts
    ) {
        number = incident.number
        path = Site.incident(incident.number)
        priority = Badge(incident.priority)
        state = Badge(incident.state, isAcknowledged: acknowledgedBy != nil, texts)
        title = texts.said(title: incident.title)
        ci = CILink(incident.ci, in: names, texts)
        opened = Moment(incident.openedAt)
        restored = incident.resolvedAt.map { end in
            let seconds = Double(max(end.milliseconds - incident.openedAt.milliseconds, 0)) / 1000
            return texts.text("incident_lines.restored", ["time": Quantity.duration(seconds, texts)])
        }
        let reached = incident.affected.filter { $0.className == .businessService }.prefix(5)
            .map { $0.name.shownOnOneLine(limit: 60) }
        services = reached.isEmpty ? nil : reached.joined(separator: ", ")
        assignee = incident.assignee?.shownOnOneLine(limit: 64)
        self.acknowledgedBy = acknowledgedBy?.shownOnOneLine(limit: 64)
        untold = reason == nil ? nil : texts.text("incident_lines.untold")
    }
}

enum IncidentLinesView {
    /// A list of incidents under the name `incidents`.
    static let view = View(
        "incident-lines",
        """
        <ul class="lines">
        {{#incidents}}
        <li class="line {{#priority}}{{tone}}{{/priority}}" data-key="incident-{{number}}">
        <div class="line-state">{{#priority}}{{> badge}}{{/priority}} {{#state}}{{> badge}}{{/state}}</div>
        <div class="line-main"><a class="line-title" href="{{path}}">#{{number}} {{title}}</a>
        <div class="line-note">{{#ci}}{{> ci-link}}{{/ci}} · {{#opened}}{{> moment}}{{/opened}}{{#.restored}} · {{restored}}{{/.restored}}{{#.services}} · {{t.incident_lines.reaches}} {{services}}{{/.services}}{{#.assignee}} · {{assignee}}{{/.assignee}}{{#.acknowledgedBy}} · {{t.alarm_lines.acknowledged_by}} {{acknowledgedBy}}{{/.acknowledgedBy}}</div>{{#.untold}}<div class="untold">{{untold}}</div>{{/.untold}}</div>
        </li>
        {{/incidents}}
        </ul>
        """)
}
