import Alarms
import Model

/// A rule's condition and scope in the reader's language.
enum RuleWords {
    /// What a rule watches for, with its limits.
    static func condition(_ rule: AlarmRule, _ texts: PageTexts) -> String {
        switch rule.condition {
        case .threshold(let condition): return threshold(condition, texts)
        case .heartbeat: return texts.text("rule_words.heartbeat")
        case .check(let condition):
            let states = condition.states.sorted { $0.rawValue < $1.rawValue }.map {
                texts.text("rule_words.check_" + $0.rawValue)
            }
            return texts.text(
                condition.clearHold > 0 ? "rule_words.check_held" : "rule_words.check",
                [
                    "state": states.joined(separator: texts.text("rule_words.or")),
                    "count": String(condition.failuresInRow),
                    "time": Quantity.duration(Double(condition.clearHold), texts),
                ])
        case .changed(let condition):
            let sections = condition.sections.map { FactName.section($0.rawValue, texts) }.sorted()
            let kinds = condition.kinds.sorted { $0.rawValue < $1.rawValue }.map { kind in
                let isNamed = kind == .items && !sections.isEmpty
                return texts.text(
                    "rule_words.changed_" + kind.rawValue + (isNamed ? "_of" : ""),
                    ["name": sections.joined(separator: texts.text("rule_words.and"))])
            }
            return texts.text(
                "rule_words.changed",
                [
                    "name": kinds.joined(separator: texts.text("rule_words.or")),
                    "time": Quantity.duration(Double(condition.clearAfter), texts),
                ])
        case .event(let condition): return event(condition, texts)
        }
    }

    private static func event(_ condition: EventCondition, _ texts: PageTexts) -> String {
        let words = { (kinds: Set<DeviceEventKind>) in
            kinds.sorted { $0.rawValue < $1.rawValue }.map { EventWords.kind($0, texts) }
                .joined(separator: texts.text("rule_words.or"))
        }
        var parts = [
            texts.text(
                condition.needsNeighbour ? "rule_words.event_linked" : "rule_words.event",
                ["name": words(condition.kinds)])
        ]
        if !condition.clearKinds.isEmpty {
            parts.append(texts.text("rule_words.event_clears", ["name": words(condition.clearKinds)]))
        }
        if let seconds = condition.clearAfter {
            parts.append(
                texts.text("rule_words.event_ends", ["time": Quantity.duration(Double(seconds), texts)]))
        }
        return parts.joined(separator: "; ")
    }

    private static func threshold(_ condition: ThresholdCondition, _ texts: PageTexts) -> String {
        let metric = texts.word(
            "metric." + condition.metric.replacing(".", with: "_"), else: condition.metric.shownOnOneLine(limit: 80))
        // Which of the metric's series: `used`, `failed`.
        let parts = condition.attributes.sorted { $0.key < $1.key }.map {
            texts.word("metric_part." + $0.value.replacing(".", with: "_"), else: $0.value.shownOnOneLine(limit: 60))
        }
        let part = parts.isEmpty ? "" : texts.text("rule_words.part", ["name": parts.joined(separator: ", ")])
        let per = condition.per.map { texts.text("rule_words.per", ["name": FactName.fact($0, texts)]) } ?? ""
        let isShare = condition.metric.hasSuffix("utilization")
        // What is counted in whole numbers has no half: more than a half is more than none.
        let isCount = condition.metric.hasSuffix(".count") || condition.metric.hasSuffix(".synchronized")
        let isAbove = condition.side == .above
        let value = { (number: Double) in
            if isShare { return Quantity.decimal(number * 100) + " %" }
            return Quantity.decimal(isCount ? number.rounded(isAbove ? .down : .up) : number)
        }
        return texts.text(
            "rule_words.threshold_" + condition.side.rawValue,
            [
                "name": metric + part + per, "limit": value(condition.limit), "to": value(condition.clear),
                "time": Quantity.duration(Double(condition.hold), texts),
            ])
    }

    /// Which CIs a rule is for.
    static func scope(_ rule: AlarmRule, _ texts: PageTexts) -> String {
        let list = texts.text("rule_words.and")
        var parts: [String] = []
        if !rule.scope.classes.isEmpty {
            parts.append(rule.scope.classes.map { CILink.kind($0, texts) }.sorted().joined(separator: list))
        }
        if !rule.scope.namePrefixes.isEmpty {
            let names = rule.scope.namePrefixes.map { $0.shownOnOneLine(limit: 60) + "…" }
            parts.append(texts.text("rule_words.named", ["name": names.joined(separator: list)]))
        }
        for (name, value) in rule.scope.attributes.sorted(by: { $0.key < $1.key }) {
            parts.append(FactName.whole(name, texts) + " = " + value.shownOnOneLine(limit: 80))
        }
        return parts.isEmpty ? texts.text("rule_words.everything") : parts.joined(separator: "; ")
    }
}
