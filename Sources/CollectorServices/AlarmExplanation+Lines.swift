import Alarms
import Model
import Stores

extension AlarmExplanation {
    /// Writes the lines from the other fields; commands and logs are in English.
    mutating func writeLines() {
        lines = [
            "alarm \(alarm.id): \(alarm.state.rawValue), \(alarm.severity.rawValue), on \(ciName): \(alarm.summary)",
            "value: \(alarm.value)",
            "rule \(alarm.key.rule): \(rule ?? "no longer exists"); \(condition)",
        ]
        if let last = moves.last { lines.append("why now: \(last.reason) (\(last.time.rfc3339))") }
        if let due = alarm.dueAt { lines.append("moves by itself at \(due.rfc3339)") }
        lines.append(incidentLine)
        for item in notifications {
            let answer = item.lastAnswer.isEmpty ? "" : ": \(item.lastAnswer)"
            lines.append("notification \(item.event) through \(item.channel): \(item.state.rawValue)\(answer)")
        }
        if incident != nil, notifications.isEmpty {
            lines.append("not paged: no channel takes this priority and event")
        }
        for silence in silences {
            lines.append("silenced by \(silence.by) until \(silence.until.rfc3339): \(silence.reason)")
        }
    }

    private var incidentLine: String {
        if let incident {
            return "incident \(incident.number): \(incident.state.rawValue), priority P\(incident.priority.rawValue), "
                + "impact \(incident.impact.word), urgency \(incident.urgency.word)"
        }
        if alarm.severity == .info { return "not paged: info alarms open no incident" }
        if alarm.state == .pending { return "not paged: the condition does not hold long enough yet" }
        return "not paged: it belongs to no incident"
    }
}

extension AlarmRule {
    /// The condition in words, with its limits.
    var conditionText: String {
        switch condition {
        case .threshold(let condition):
            "\(condition.metric) \(condition.side.rawValue) \(condition.limit) for \(condition.hold) s, "
                + "clears at \(condition.clear)"
        case .heartbeat: "the agent missed three heartbeats"
        case .check(let condition):
            "check is \(condition.states.map(\.rawValue).sorted().joined(separator: " or ")) "
                + "\(condition.failuresInRow) times in a row, clears when well for \(condition.clearHold) s"
        case .changed(let condition):
            "changed: \(condition.kinds.map(\.rawValue).sorted().joined(separator: ", ")), "
                + "clears itself after \(condition.clearAfter) s"
        case .event(let condition):
            "event: \(condition.kinds.map(\.rawValue).sorted().joined(separator: ", "))"
                + (condition.clearKinds.isEmpty
                    ? "" : ", clears with \(condition.clearKinds.map(\.rawValue).sorted().joined(separator: ", "))")
                + (condition.clearing.map { ", clears when \($0.metric) is at least \($0.atLeast)" } ?? "")
                + (condition.clearAfter.map { ", clears itself after \($0) s" } ?? "")
        }
    }
}
