import CollectorServices
import Model
import Stores

/// An alarm with the row of its CI, where that is known.
struct AlarmView: Sendable {
    let record: AlarmRecord
    let ci: CIRecord?
}

extension Member where Root == AlarmView {
    /// The members of an alarm's row.
    static var alarmRow: [Member] {
        [
            Member("id", .integer, "Its number.") { $0.record.id },
            Member("state", .word) { $0.record.state },
            Member("severity", .word) { $0.record.severity },
            Member("ci", .integer) { $0.record.key.ci.rawValue },
            Member("ci_class", Shape<String>.text.orNull) { $0.ci?.className.rawValue },
            Member("ci_name", Shape<String>.text.orNull) { $0.ci?.name },
            Member("rule", .text) { $0.record.key.rule },
            Member("instance", .text) { $0.record.key.instance },
            Member("summary", .text) { $0.record.summary },
            Member("value", .text) { $0.record.value },
            Member("since", .time, "Since when the condition holds.") { $0.record.since },
            Member("fired_at", Shape<Timestamp>.time.orNull) { $0.record.firedAt },
            Member("cleared_at", Shape<Timestamp>.time.orNull) { $0.record.clearedAt },
            Member("acknowledged_by", Shape<String>.text.orNull) { $0.record.acknowledgedBy },
            Member("incident", Shape<Int64>.integer.orNull) { $0.record.incident },
            Member("occurrences", .number, "How often it fired.") { $0.record.occurrences },
        ]
    }
}

extension Shape where Value == AlarmView {
    /// An alarm's row.
    static var alarm: Shape { .object("Alarm", Member.alarmRow) }
}

extension Shape where Value == AlarmMove {
    /// One move of an alarm.
    static var move: Shape {
        .object(
            "AlarmMove",
            [
                Member("time", .time) { $0.time }, Member("state", .word) { $0.state },
                Member("reason", .text) { $0.reason },
            ])
    }
}

/// An alarm with its newest moves.
struct AlarmPage: Sendable {
    let alarm: AlarmView
    let history: Page<AlarmMove>
}

extension Shape where Value == AlarmPage {
    /// An alarm with its moves.
    static var alarmPage: Shape {
        .object(
            "AlarmPage",
            Member<AlarmView>.alarmRow.map { $0.of { $0.alarm } } + [
                Member("history", Shape<AlarmMove>.move.list, "Every move, oldest first.") { $0.history.items },
                Member("next", .alarmContinuations, "Where the list above goes on.") { $0 },
            ])
    }

    private static var alarmContinuations: Shape {
        .object(
            "AlarmContinuations",
            [
                Member("history", Shape<String>.text.orNull, "after for /v1/alarms/{id}/history") { $0.history.next }
            ])
    }
}

extension Shape where Value == SilenceRecord {
    /// A silence.
    static var silence: Shape {
        .object(
            "Silence",
            [
                Member("id", .integer) { $0.id },
                Member("ci", Shape<Int64>.integer.orNull) { $0.ci?.rawValue },
                Member("rule", Shape<String>.text.orNull) { $0.rule },
                Member("until", .time) { $0.until },
                Member("reason", .text) { $0.reason },
                Member("by", .text) { $0.by },
            ])
    }
}

extension Shape where Value == AlarmExplanation {
    /// Why an alarm is as it is; its lists hold the newest hundred.
    static var explanation: Shape {
        .object(
            "AlarmExplanation",
            [
                Member("alarm", .integer) { $0.alarm.id },
                Member("state", .word) { $0.alarm.state },
                Member("ci_name", .text) { $0.ciName },
                Member("rule", .text) { $0.alarm.key.rule },
                Member("rule_about", Shape<String>.text.orNull, "null when the rule no longer exists.") { $0.rule },
                Member("condition", .text) { $0.condition },
                Member("value", .text) { $0.alarm.value },
                Member("incident", Shape<Int64>.integer.orNull) { $0.incident?.number },
                Member("history", Shape<AlarmMove>.move.list, "The newest 100 moves, oldest first.") {
                    Array($0.moves.suffix(100))
                },
                Member("silences", Shape<SilenceRecord>.silence.list, "At most 100 that cover it now.") {
                    Array($0.silences.prefix(100))
                },
                Member("lines", Shape<String>.text.list, "The same for people.") { $0.lines },
            ])
    }
}
