import Model
import Stores

/// What people are told of an incident: a line and a text, the same for every channel.
public struct IncidentMessage: Hashable, Sendable {
    /// One line.
    public var subject: String
    /// Several lines.
    public var body: String

    /// Writes the message in the catalogue's language; `severity` is the alarm's, nil for an incident without one.
    public init(
        _ event: IncidentEvent, incident: IncidentRecord, ciName: String, alarm: String, severity: Severity?,
        texts: StringCatalogue
    ) {
        let values = [
            "event": texts.word(event), "number": String(incident.number), "title": incident.title, "ci": ciName,
            "priority": String(incident.priority.rawValue), "impact": texts.word(incident.impact),
            "urgency": texts.word(incident.urgency), "state": texts.word(incident.state), "summary": alarm,
            "severity": severity.map { texts.word($0) } ?? texts.text(.wordNobody),
            "time": (event == .resolved ? incident.resolvedAt : nil)?.rfc3339 ?? incident.openedAt.rfc3339,
            "who": incident.assignee ?? texts.text(.wordNobody),
            "affected": Self.affected(incident.affected, texts),
        ]
        subject = texts.text(.subject, values)
        body = texts.body(.body, values)
    }

    private static func affected(_ list: [AffectedCI], _ texts: StringCatalogue) -> String {
        guard !list.isEmpty else { return texts.text(.nothingAffected) }
        var lines = list.prefix(20).map { item in
            texts.text(
                .affectedLine,
                ["name": item.name, "ci": item.className.rawValue, "path": item.path.joined(separator: " → ")])
        }
        if list.count > 20 { lines.append("… +\(list.count - 20)") }
        return lines.joined(separator: "\n")
    }
}

extension StringCatalogue {
    /// The word for what happened.
    public func word(_ event: IncidentEvent) -> String {
        switch event {
        case .opened: text(.wordOpened)
        case .updated: text(.wordUpdated)
        case .reopened: text(.wordReopened)
        case .resolved: text(.wordResolved)
        }
    }
}
