import Model

extension RuleSet {
    /// What the threshold rules say of the values a CI just reported. Rules are data; values that are not finite, and
    /// series without the instance's attributes, say nothing.
    public func hits(for samples: [Sample], facts: RuleSubject) -> [RuleHit] {
        var hits: [RuleHit] = []
        for sample in samples where sample.value.isFinite {
            for rule in byMetric[sample.series.metric] ?? [] where rule.scope.covers(facts) {
                guard case .threshold(let condition) = rule.condition,
                    let instance = condition.instance(of: sample.series),
                    let value = condition.scaled(sample.value, facts)
                else { continue }
                let key = AlarmKey(ci: facts.ci, rule: rule.name, instance: instance)
                hits.append(RuleHit(key: key, signal: rule.signal(condition, value, instance, facts)))
            }
        }
        return hits
    }
}

extension ThresholdCondition {
    /// The instance a series belongs to; nil when the condition is not about the series.
    fileprivate func instance(of series: SeriesName) -> String? {
        guard attributes.allSatisfy({ series.attributes[$0.key] == $0.value }) else { return nil }
        var words: [String] = []
        for name in instance {
            guard let word = series.attributes[name] else { return nil }
            words.append(word)
        }
        let text = words.joined(separator: " ")
        return excludedInstances.contains { text.hasBytePrefix($0) } ? nil : text
    }

    fileprivate func scaled(_ value: Double, _ facts: RuleSubject) -> Double? {
        guard let per else { return value }
        let divisor: Double? =
            switch facts.attributes[per] {
            case .integer(let number): Double(number)
            case .real(let number): number
            default: nil
            }
        guard let divisor, divisor > 0 else { return nil }
        return value / divisor
    }
}

extension AlarmRule {
    fileprivate func signal(
        _ condition: ThresholdCondition, _ value: Double, _ instance: String, _ facts: RuleSubject
    ) -> AlarmSignal {
        if condition.isCleared(by: value) { return .unmet(hold: 0, why: "value \(shortNumber(value))") }
        guard condition.isMet(by: value) else { return .between }
        let text = summary.filled(with: [
            "ci": facts.name, "class": facts.className.rawValue, "instance": instance, "metric": condition.metric,
            "value": shortNumber(value), "percent": shortNumber(value * 100), "limit": shortNumber(condition.limit),
        ])
        return .met(
            AlarmFinding(severity: severity, summary: text, value: shortNumber(value), refreshes: false),
            hold: condition.hold)
    }
}

/// The number with at most two digits behind the point, as people read it.
func shortNumber(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return String(value) }
    let hundredths = (value * 100).rounded()
    guard let whole = Int64(exactly: hundredths) else { return String(value) }
    if whole % 100 == 0 { return String(whole / 100) }
    let magnitude = whole.magnitude
    let fraction = magnitude % 100
    let tail = fraction % 10 == 0 ? String(fraction / 10) : (fraction < 10 ? "0" : "") + String(fraction)
    return (whole < 0 ? "-" : "") + String(magnitude / 100) + "." + tail
}
