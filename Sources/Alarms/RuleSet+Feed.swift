import Model
import Stores

extension RuleSet {
    /// Whether the event can concern any rule; cheap, asked before facts are loaded.
    public func concerns(_ event: FeedEvent) -> Bool { subject(of: event) != nil }

    /// The CI whose facts are needed to judge the event; nil when no rule can be about it.
    public func subject(of event: FeedEvent) -> CIID? {
        switch event {
        case .checkReported(let ci, _, let result): checks.isEmpty || !result.isNews ? nil : ci
        case .deviceReported(let ci, _, _, let isLate): events.isEmpty || isLate ? nil : ci
        case .agentSilent(let ci, _, _), .agentHeard(let ci, _): heartbeats.isEmpty ? nil : ci
        case .attributesChanged(let ci, _, _, let firstSight): changes.isEmpty || firstSight ? nil : ci
        case .itemsChanged(let ci, let section, _, _, _, let firstSight):
            firstSight || !changes.contains { $0.wantsItems(of: section) } ? nil : ci
        case .ciCreated(let ci, let className, _):
            changes.contains { $0.wants(.appeared, of: className) } ? ci : nil
        case .ciStateChanged(let ci, let from, let to):
            to == .retired || changes.contains { $0.wants(from, to) } ? ci : nil
        default: nil
        }
    }

    /// What check, event and heartbeat rules say of an event; changes of the record go through ``ChangeCollector``.
    public func hits(for event: FeedEvent, facts: RuleSubject) -> [RuleHit] {
        switch event {
        case .checkReported(_, let agent, let result):
            checks.compactMap { $0.hit(result, agent, facts) }
        case .deviceReported(_, let agent, let event, let isLate):
            isLate ? [] : hits(for: event, agent: agent, facts: facts)
        case .agentSilent(_, let agent, let seconds):
            heartbeats.filter { $0.scope.covers(facts) }.map { $0.silentHit(agent, seconds, facts) }
        case .agentHeard(_, let agent):
            heartbeats.map { rule in
                let key = AlarmKey(ci: facts.ci, rule: rule.name, instance: "")
                return RuleHit(key: key, signal: .unmet(hold: 0, why: "agent \(agent.shownOnOneLine(limit: 80)) heard"))
            }
        default: []
        }
    }
}

extension CheckResult {
    /// Whether it tells anything of the thing: an unknown state does not, unless the check is not made any more.
    fileprivate var isNews: Bool { state != .unknown || isWithdrawn == true }
}

extension AlarmRule {
    /// The instance is the check's name and not the agent's: an agent that was enrolled anew goes on with the alarm.
    fileprivate func hit(_ result: CheckResult, _ agent: String, _ facts: RuleSubject) -> RuleHit? {
        guard case .check(let condition) = condition, result.isNews, condition.covers(result),
            scope.covers(facts)
        else { return nil }
        let key = AlarmKey(ci: facts.ci, rule: name, instance: result.check)
        guard condition.states.contains(result.state) else {
            let why = "check is \(result.state.rawValue): \(result.message.shownOnOneLine(limit: 200))"
            // Of a check that is gone nothing more is to come.
            return RuleHit(
                key: key, signal: .unmet(hold: result.isWithdrawn == true ? 0 : condition.clearHold, why: why))
        }
        guard result.failuresInRow >= condition.failuresInRow else { return RuleHit(key: key, signal: .between) }
        let text = summary.filled(with: [
            "ci": facts.name, "class": facts.className.rawValue, "instance": result.check, "check": result.check,
            "state": result.state.rawValue, "message": result.message, "failures": String(result.failuresInRow),
            "agent": agent, "value": result.state.rawValue,
        ])
        let reading = AlarmFinding(
            severity: severity, summary: text, value: result.state.rawValue, refreshes: true)
        return RuleHit(key: key, signal: .met(reading, hold: 0))
    }

    fileprivate func silentHit(_ agent: String, _ seconds: Int64, _ facts: RuleSubject) -> RuleHit {
        let text = summary.filled(with: [
            "ci": facts.name, "class": facts.className.rawValue, "instance": "", "agent": agent,
            "seconds": String(seconds), "value": String(seconds),
        ])
        let reading = AlarmFinding(severity: severity, summary: text, value: "\(seconds) s", refreshes: false)
        return RuleHit(key: AlarmKey(ci: facts.ci, rule: name, instance: ""), signal: .met(reading, hold: 0))
    }

    fileprivate func wantsItems(of section: SectionName) -> Bool {
        guard case .changed(let condition) = condition, condition.kinds.contains(.items) else { return false }
        return condition.sections.isEmpty || condition.sections.contains(section)
    }

    fileprivate func wants(_ kind: ChangedCondition.Kind, of className: CIClass) -> Bool {
        guard case .changed(let condition) = condition, condition.kinds.contains(kind) else { return false }
        return scope.classes.isEmpty || scope.classes.contains(className)
    }

    fileprivate func wants(_ from: CIState, _ to: CIState) -> Bool {
        guard case .changed(let condition) = condition else { return false }
        return (to == .vanished && condition.kinds.contains(.vanished))
            || (from == .vanished && to == .active && condition.kinds.contains(.appeared))
    }
}
