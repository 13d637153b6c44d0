import Alarms
import CollectorServices
import Model

/// Why an alarm is as it is, line by line in the reader's language.
struct AlarmFactLines {
    let explanation: AlarmExplanation
    let rule: AlarmRule?
    let texts: PageTexts

    /// The lines, in the order in which people ask.
    var lines: [AlarmModel.Fact] {
        let alarm = explanation.alarm
        var lines: [AlarmModel.Fact] = []
        if !alarm.key.instance.isEmpty { add("instance", alarm.key.instance.shownOnOneLine(limit: 200), &lines) }
        add("value", texts.said(alarm.value), &lines)
        add("condition", rule.map { RuleWords.condition($0, texts) } ?? texts.text("alarm.no_rule"), &lines)
        if let rule { add("about", rule.about(in: texts.language).shownOnOneLine(limit: 400), &lines) }
        // That somebody acknowledged it is told elsewhere, and is not why it fires.
        if let last = explanation.moves.last(where: { !MoveReason.isMembership($0.reason) && $0.state != .acknowledged }
        ) {
            add("why_now", texts.said(last.reason, limit: 400), &lines)
        }
        add("occurrences", String(alarm.occurrences), &lines)
        add("paged", paged, &lines)
        return lines
    }

    private func add(_ label: String, _ value: String, _ lines: inout [AlarmModel.Fact]) {
        guard !value.isEmpty else { return }
        lines.append(AlarmModel.Fact(label: texts.text("alarm." + label), value: value))
    }

    /// Whether somebody was called, and if not, why not.
    private var paged: String {
        let alarm = explanation.alarm
        guard explanation.incident != nil else {
            if alarm.severity == .info { return texts.text("alarm.not_paged_info", texts.severities) }
            if alarm.state == .pending { return texts.text("alarm.not_paged_pending") }
            return texts.text("alarm.not_paged_no_incident")
        }
        let sent = explanation.notifications
        if sent.isEmpty { return texts.text("alarm.not_paged_no_channel") }
        let delivered = sent.filter { $0.state == .delivered }
        if !delivered.isEmpty {
            let channels = Set(delivered.map { $0.channel.shownOnOneLine(limit: 60) }).sorted()
            return texts.text("alarm.paged_through", ["to": channels.joined(separator: ", ")])
        }
        if let held = sent.first(where: { $0.state == .suppressed }) {
            return texts.text("alarm.not_paged_held", ["detail": texts.said(held.lastAnswer)])
        }
        if let failed = sent.first(where: { $0.state == .failed }) {
            return texts.text("alarm.not_paged_failed", ["detail": texts.said(failed.lastAnswer)])
        }
        return texts.text("alarm.paging")
    }
}
