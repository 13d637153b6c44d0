import Alarms
import Model
import Stores

/// What people do with alarms: acknowledge, silence, ask why.
public struct AlarmCommands: Sendable {
    /// What the commands need of the store.
    public typealias Store = ChangeCommitting & CMDBReading & AlarmReading & IncidentReading & NotificationReading

    private let store: any Store
    private let rules: RuleSet
    private let clock: AlarmClock

    /// Commands over a store.
    public init(store: any Store, rules: RuleSet, clock: AlarmClock) {
        self.store = store
        self.rules = rules
        self.clock = clock
    }

    /// Acknowledges a firing alarm in the name of `who`.
    /// - Throws: `ServiceRefusal.notFound`, or `.conflict` when it does not fire.
    public func acknowledge(_ id: Int64, by who: String) async throws -> AlarmRecord {
        for _ in 0..<10 {
            let alarm = try await existing(id)
            guard alarm.state == .firing || alarm.state == .acknowledged else {
                throw ServiceRefusal.conflict(
                    "alarm \(id) is \(alarm.state.rawValue); only a firing one can be acknowledged")
            }
            var bench = AlarmWorkbench(store: store, now: clock.now())
            bench.take(alarm)
            let hit = RuleHit(key: alarm.key, signal: .acknowledge(by: who.shownOnOneLine(limit: 100)))
            try await bench.apply(hit, isOpen: { _ in true })
            guard !bench.set.alarms.isEmpty else { return alarm }
            var set = bench.set
            set.agents.append(
                .audit(who: who, action: "alarm.acknowledge", target: "alarm \(id)", detail: alarm.summary))
            do {
                _ = try await store.commit(set)
                return try await existing(id)
            } catch StoreError.conflict { continue }
        }
        throw ServiceRefusal.conflict("alarm \(id) keeps moving; try again")
    }

    /// Silences alarms of a CI, of a rule, or of a rule on a CI for `seconds`.
    ///
    /// Alarms still move and incidents still open; only notifications are held back, and each says why.
    /// - Throws: `ServiceRefusal.invalid` for no target, no reason or a time outside one minute to 90 days, `.notFound`.
    public func silence(
        ci: CIID?, rule: String?, seconds: Int64, reason: String, by who: String
    ) async throws -> SilenceRecord {
        guard ci != nil || rule != nil else { throw ServiceRefusal.invalid("name a CI or a rule to silence") }
        guard (60...7_776_000).contains(seconds) else {
            throw ServiceRefusal.invalid("a silence lasts from 60 seconds to 90 days; \(seconds) seconds asked")
        }
        guard !reason.isEmpty else { throw ServiceRefusal.invalid("give a reason for the silence") }
        if let ci, try await store.ci(ci, asOf: nil) == nil { throw ServiceRefusal.notFound("no CI \(ci)") }
        if let rule, rules.rule(named: rule) == nil {
            throw ServiceRefusal.notFound("no rule \(rule.shownOnOneLine(limit: 80))")
        }
        let silence = SilenceRecord(
            id: try await store.reserveNumbers(1).lowerBound, ci: ci, rule: rule,
            until: clock.now().adding(seconds: seconds), reason: reason.shownOnOneLine(limit: 500),
            by: who.shownOnOneLine(limit: 100))
        try await put(silence, action: "alarm.silence")
        return silence
    }

    /// Ends a silence now.
    /// - Throws: `ServiceRefusal.notFound` when it does not hold.
    @discardableResult
    public func endSilence(_ id: Int64, by who: String) async throws -> SilenceRecord {
        guard var silence = try await store.silences(at: clock.now()).first(where: { $0.id == id }) else {
            throw ServiceRefusal.notFound("no silence \(id) holds")
        }
        silence.until = clock.now()
        silence.by = who.shownOnOneLine(limit: 100)
        try await put(silence, action: "alarm.silence-end")
        return silence
    }

    /// Silences that hold now.
    public func silences() async throws -> [SilenceRecord] { try await store.silences(at: clock.now()) }

    /// Tells value, rule, why now, why paged or not, and what held a page back.
    /// - Throws: `ServiceRefusal.notFound`.
    public func explain(_ id: Int64) async throws -> AlarmExplanation {
        let alarm = try await existing(id)
        let rule = rules.rule(named: alarm.key.rule)
        var explanation = AlarmExplanation(
            alarm: alarm, ciName: try await store.ci(alarm.key.ci, asOf: nil)?.name ?? "CI \(alarm.key.ci)",
            rule: rule?.about, condition: rule?.conditionText ?? "", moves: try await store.alarmHistory(id: id),
            silences: try await store.silences(at: clock.now()).filter { $0.covers(alarm.key) }, incident: nil,
            notifications: [], lines: [])
        if let number = alarm.incident {
            explanation.incident = try await store.incident(number: number)
            explanation.notifications = try await store.notifications(ofIncident: number)
        }
        explanation.writeLines()
        return explanation
    }

    private func existing(_ id: Int64) async throws -> AlarmRecord {
        guard let alarm = try await store.alarm(id: id) else { throw ServiceRefusal.notFound("no alarm \(id)") }
        return alarm
    }

    private func put(_ silence: SilenceRecord, action: String) async throws {
        var set = ChangeSet()
        set.alarms.append(.addSilence(silence))
        let target = [silence.ci.map { "CI \($0)" }, silence.rule.map { "rule \($0)" }].compactMap { $0 }
        set.agents.append(
            .audit(
                who: silence.by, action: action, target: target.joined(separator: ", "),
                detail: "until \(silence.until.rfc3339): \(silence.reason)"))
        _ = try await store.commit(set)
    }
}
