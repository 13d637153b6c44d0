import Alarms
import Model
import Stores

/// Why an incident has its priority, in one sentence: what gave its impact and what its urgency, by name.
struct PriorityReason {
    let record: IncidentRecord
    let alarms: [AlarmRecord]
    let rules: RuleSet
    let texts: PageTexts

    /// How many business services are named.
    private static let named = 3

    /// The sentence.
    var sentence: String {
        if record.heldByPerson.contains("priority") {
            return texts.text("incident.because_person", ["number": String(record.priority.rawValue)])
        }
        return texts.text(
            "incident.because",
            [
                "number": String(record.priority.rawValue), "a": texts.text("word." + record.impact.word),
                "b": texts.text("word." + record.urgency.word), "from": impact, "to": urgency,
            ])
    }

    /// What the failure reaches, unless a person set the impact.
    private var impact: String {
        if record.heldByPerson.contains("impact") { return texts.text("incident.because_set") }
        let services = record.affected.filter { $0.className == .businessService }
        let others = record.affected.count - services.count
        if services.isEmpty {
            return others == 0
                ? texts.text("incident.because_nothing")
                : texts.text("incident.because_items", ["count": String(others)])
        }
        var names = services.prefix(Self.named).map { $0.name.shownOnOneLine(limit: 60) }
        if services.count > Self.named { names.append("…") }
        return texts.text(
            "incident.because_services",
            [
                "count": String(services.count), "name": names.joined(separator: texts.text("rule_words.and")),
                "total": others == 0 ? "" : texts.text("incident.because_others", ["count": String(others)]),
            ])
    }

    /// The alarm that is most urgent, unless a person set the urgency or opened the incident.
    private var urgency: String {
        if record.heldByPerson.contains("urgency") || alarms.isEmpty { return texts.text("incident.because_set") }
        // A rule may say how urgent its alarms are; that goes before their severity.
        if let rule = alarms.lazy.compactMap({ rules.rule(named: $0.key.rule) }).first(where: {
            $0.urgency == record.urgency
        }) {
            return texts.text("incident.because_rule", ["rule": rule.name.shownOnOneLine(limit: 80)])
        }
        let worst = alarms.min { $0.severity.rank < $1.severity.rank }
        return texts.text(
            "incident.because_alarm",
            [
                "value": worst.map { texts.text("severity." + $0.severity.rawValue) } ?? "",
                "name": worst.map { texts.said($0.summary, limit: 120) } ?? "",
            ])
    }
}
