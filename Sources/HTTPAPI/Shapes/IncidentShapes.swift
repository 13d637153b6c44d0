import CollectorServices
import Model
import Stores

/// An incident with the row of its CI, where that is known.
struct IncidentView: Sendable {
    let record: IncidentRecord
    let ci: CIRecord?
}

extension Member where Root == IncidentView {
    /// The members of an incident's row.
    static var incidentRow: [Member] {
        [
            Member("number", .integer) { $0.record.number },
            Member("state", .word) { $0.record.state },
            Member("priority", .number, "1 (first) to 5.") { $0.record.priority.rawValue },
            Member("impact", .grade) { $0.record.impact },
            Member("urgency", .grade) { $0.record.urgency },
            Member("title", .text) { $0.record.title },
            Member("ci", .integer) { $0.record.ci.rawValue },
            Member("ci_class", Shape<String>.text.orNull) { $0.ci?.className.rawValue },
            Member("ci_name", Shape<String>.text.orNull) { $0.ci?.name },
            Member("team", Shape<String>.text.orNull) { $0.record.team },
            Member("assignee", Shape<String>.text.orNull) { $0.record.assignee },
            Member("opened_at", .time) { $0.record.openedAt },
            Member("resolved_at", Shape<Timestamp>.time.orNull) { $0.record.resolvedAt },
            Member("affected_count", .number) { $0.record.affected.count },
        ]
    }
}

extension Shape where Value == IncidentView {
    /// An incident's row.
    static var incident: Shape { .object("Incident", Member.incidentRow) }
}

extension Shape where Value == AffectedCI {
    /// A CI that an incident reaches.
    static var affected: Shape {
        .object(
            "AffectedCI",
            [
                Member("ci", .integer) { $0.ci.rawValue }, Member("class", .text) { $0.className.rawValue },
                Member("name", .text) { $0.name },
                Member("path", Shape<String>.text.list, "From the incident's CI to this one.") { $0.path },
            ])
    }
}

extension Shape where Value == TimelineEntry {
    /// A line of an incident's timeline.
    static var timeline: Shape {
        .object(
            "TimelineEntry",
            [
                Member("time", .time) { $0.time }, Member("kind", .word) { $0.kind }, Member("who", .text) { $0.who },
                Member("text", .text) { $0.text },
            ])
    }
}

extension Shape where Value == NotificationRecord {
    /// A notification.
    static var notification: Shape {
        .object(
            "Notification",
            [
                Member("id", .integer) { $0.id }, Member("channel", .text) { $0.channel },
                Member("event", .text) { $0.event }, Member("state", .word) { $0.state },
                Member("attempts", .number) { $0.attempts }, Member("subject", .text) { $0.subject },
                Member("last_answer", .text) { $0.lastAnswer }, Member("created_at", .time) { $0.createdAt },
                Member("ended_at", Shape<Timestamp>.time.orNull) { $0.endedAt },
            ])
    }
}

/// An incident with what belongs to it; long lists begin here and go on in listings of their own.
struct IncidentFullView: Sendable {
    let incident: IncidentView
    let affected: Page<AffectedCI>
    let timeline: Page<TimelineEntry>
    let alarms: Page<AlarmView>
    let notifications: Page<NotificationRecord>
}

extension Shape where Value == IncidentFullView {
    /// An incident with all that belongs to it.
    static var incidentPage: Shape {
        .object(
            "IncidentPage",
            Member<IncidentView>.incidentRow.map { $0.of { $0.incident } } + [
                Member("affected", Shape<AffectedCI>.affected.list) { $0.affected.items },
                Member("timeline", Shape<TimelineEntry>.timeline.list, "Oldest first.") { $0.timeline.items },
                Member("alarms", Shape<AlarmView>.alarm.list) { $0.alarms.items },
                Member("notifications", Shape<NotificationRecord>.notification.list, "Oldest first.") {
                    $0.notifications.items
                },
                Member("next", .incidentContinuations, "Where the lists above go on.") { $0 },
            ])
    }

    private static var incidentContinuations: Shape {
        .object(
            "IncidentContinuations",
            [
                Member("affected", Shape<String>.text.orNull, "after for /v1/incidents/{number}/affected") {
                    $0.affected.next
                },
                Member("timeline", Shape<String>.text.orNull, "after for /v1/incidents/{number}/timeline") {
                    $0.timeline.next
                },
                Member("alarms", Shape<String>.text.orNull, "after for /v1/incidents/{number}/alarms") {
                    $0.alarms.next
                },
                Member("notifications", Shape<String>.text.orNull, "after for /v1/incidents/{number}/notifications") {
                    $0.notifications.next
                },
            ])
    }
}
