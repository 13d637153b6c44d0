import CollectorServices
import Model
import Stores

extension JSON {
    /// An alarm; `ci` gives class and name where the row is known.
    static func alarm(_ record: AlarmRecord, ci: CIRecord?) -> JSON {
        .object([
            ("id", .integer(record.id)), ("state", .text(record.state.rawValue)),
            ("severity", .text(record.severity.rawValue)), ("ci", .integer(record.key.ci.rawValue)),
            ("ci_class", .optional(ci?.className.rawValue)), ("ci_name", .optional(ci?.name)),
            ("rule", .text(record.key.rule)), ("instance", .text(record.key.instance)),
            ("summary", .text(record.summary)), ("value", .text(record.value)), ("since", .time(record.since)),
            ("fired_at", .time(record.firedAt)), ("cleared_at", .time(record.clearedAt)),
            ("acknowledged_by", .optional(record.acknowledgedBy)), ("incident", .optional(record.incident)),
            ("occurrences", .integer(Int64(record.occurrences))),
        ])
    }

    /// One move of an alarm.
    static func move(_ move: AlarmMove) -> JSON {
        .object([("time", .time(move.time)), ("state", .text(move.state.rawValue)), ("reason", .text(move.reason))])
    }

    /// An incident's row.
    static func incident(_ record: IncidentRecord, ci: CIRecord?) -> JSON { .object(incidentMembers(record, ci: ci)) }

    /// An incident with all that belongs to it.
    static func incident(_ page: QueryService.IncidentPage, names: [CIID: CIRecord]) -> JSON {
        .object(
            incidentMembers(page.record, ci: names[page.record.ci]) + [
                ("affected", .array(page.record.affected.map(affected))),
                ("timeline", .array(page.timeline.map(timeline))),
                ("alarms", .array(page.alarms.map { alarm($0, ci: names[$0.key.ci]) })),
                ("notifications", .array(page.notifications.map(notification))),
            ])
    }

    private static func incidentMembers(_ record: IncidentRecord, ci: CIRecord?) -> [(String, JSON)] {
        [
            ("number", .integer(record.number)), ("state", .text(record.state.rawValue)),
            ("priority", .integer(Int64(record.priority.rawValue))),
            ("impact", .text(record.impact.word)), ("urgency", .text(record.urgency.word)),
            ("title", .text(record.title)), ("ci", .integer(record.ci.rawValue)),
            ("ci_class", .optional(ci?.className.rawValue)), ("ci_name", .optional(ci?.name)),
            ("team", .optional(record.team)), ("assignee", .optional(record.assignee)),
            ("opened_at", .time(record.openedAt)), ("resolved_at", .time(record.resolvedAt)),
            ("affected_count", .integer(Int64(record.affected.count))),
        ]
    }

    private static func affected(_ affected: AffectedCI) -> JSON {
        .object([
            ("ci", .integer(affected.ci.rawValue)), ("class", .text(affected.className.rawValue)),
            ("name", .text(affected.name)), ("path", .array(affected.path.map(JSON.text))),
        ])
    }

    private static func timeline(_ entry: TimelineEntry) -> JSON {
        .object([
            ("time", .time(entry.time)), ("kind", .text(entry.kind.rawValue)), ("who", .text(entry.who)),
            ("text", .text(entry.text)),
        ])
    }

    private static func notification(_ record: NotificationRecord) -> JSON {
        .object([
            ("id", .integer(record.id)), ("channel", .text(record.channel)), ("event", .text(record.event)),
            ("state", .text(record.state.rawValue)), ("attempts", .integer(Int64(record.attempts))),
            ("subject", .text(record.subject)), ("last_answer", .text(record.lastAnswer)),
            ("created_at", .time(record.createdAt)), ("ended_at", .time(record.endedAt)),
        ])
    }
}
