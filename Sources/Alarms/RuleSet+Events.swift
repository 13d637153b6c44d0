import Model

extension RuleSet {
    /// What the event rules say of something that happened to a device.
    func hits(for event: DeviceEvent, agent: String, facts: RuleSubject) -> [RuleHit] {
        events.compactMap { rule in
            guard case .event(let condition) = rule.condition, rule.scope.covers(facts) else { return nil }
            // On an interface the interface is the instance; on the device what it happened to tells alarms apart.
            let instance = event.interface == nil ? event.object : ""
            let key = AlarmKey(ci: facts.ci, rule: rule.name, instance: instance)
            if condition.kinds.contains(event.kind) {
                guard !condition.needsNeighbour || event.neighbour != nil else { return nil }
                return RuleHit(key: key, signal: rule.signal(condition, event, agent, instance, facts))
            }
            guard condition.clearKinds.contains(event.kind) else { return nil }
            return RuleHit(key: key, signal: .unmet(hold: 0, why: "event \(event.kind.rawValue)"))
        }
    }

    /// Whether values of the metric end alarms of some event rule.
    public func clears(_ metric: String) -> Bool { clearingMetrics.contains(metric) }

    /// Whether the alarm is one of an event rule that values can end.
    public func isClearedByValues(_ key: AlarmKey) -> Bool { clearing(key.rule) != nil }

    /// The hit that ends the alarm `key` on the interface `facts`, where the values of its device say that all is well.
    public func clearingHit(for samples: [Sample], key: AlarmKey, facts: RuleSubject) -> RuleHit? {
        guard let clearing = clearing(key.rule) else { return nil }
        let sample = samples.first { sample in
            sample.series.metric == clearing.metric
                && sample.series.attributes["network.interface.name"]?.utf8.elementsEqual(facts.name.utf8) == true
        }
        guard let value = sample?.value, value >= clearing.atLeast else { return nil }
        return RuleHit(key: key, signal: .unmet(hold: 0, why: "value \(shortNumber(value))"))
    }

    private func clearing(_ rule: String) -> EventCondition.ClearingValue? {
        if case .event(let condition) = self.rule(named: rule)?.condition { condition.clearing } else { nil }
    }
}

extension AlarmRule {
    fileprivate func signal(
        _ condition: EventCondition, _ event: DeviceEvent, _ agent: String, _ instance: String, _ facts: RuleSubject
    ) -> AlarmSignal {
        let text = summary.filled(with: [
            "ci": facts.name, "class": facts.className.rawValue, "instance": instance, "agent": agent,
            "device": event.device, "event": event.kind.rawValue, "object": event.object,
            "neighbour": event.neighbour ?? "", "message": event.summary, "value": event.kind.rawValue,
        ])
        let finding = AlarmFinding(severity: severity, summary: text, value: event.kind.rawValue, refreshes: true)
        if let seconds = condition.clearAfter { return .occurred(finding, clearAfter: seconds) }
        return .met(finding, hold: 0)
    }
}
