import Model
import Stores
import TOML

/// Runs the cases of rules against the same decisions the collector makes.
public enum RuleTest {
    /// Runs every case of every rule file in `directory`, in order of name.
    /// - Throws: `TOMLError` when a file is wrong.
    public static func run(directory: String) throws(TOMLError) -> [RuleTestResult] {
        try RuleFile.loadAll(in: directory).flatMap { run($0) }
    }

    /// Runs the cases of one file; a rule without a case fails.
    public static func run(_ file: RuleFile) -> [RuleTestResult] {
        guard !file.cases.isEmpty else {
            return [RuleTestResult(rule: file.rule.name, name: "", problem: "has no case; add [[test]] to its file")]
        }
        return file.cases.map { test in
            RuleTestResult(rule: file.rule.name, name: test.name, problem: problem(of: test, rule: file.rule))
        }
    }

    private static func problem(of test: RuleTestCase, rule: AlarmRule) -> String? {
        var bench = RuleBench(rules: RuleSet([rule]), facts: test.facts)
        for (index, step) in test.steps.enumerated() {
            bench.run(step)
            let place = "step \(index + 1) at \(step.at) s"
            let open = bench.alarms.values.filter { step.instance == nil || $0.key.instance == step.instance }
            guard open.count <= 1 else { return "\(place): \(open.count) alarms; name one with instance" }
            let alarm = open.first
            guard alarm?.state == step.expected else {
                let want = step.expected?.rawValue ?? "none"
                return "\(place): expected \(want), is \(alarm?.state.rawValue ?? "none")"
            }
            if let summary = step.summary, alarm?.summary != summary {
                return "\(place): expected summary \"\(summary)\", is \"\(alarm?.summary ?? "")\""
            }
        }
        return nil
    }
}

/// How one case of one rule ended.
public struct RuleTestResult: Hashable, Sendable, Codable {
    /// The rule.
    public var rule: String
    /// The case.
    public var name: String
    /// What was not as expected; nil when all was.
    public var problem: String?

    /// Whether all was as expected.
    public var passed: Bool { problem == nil }

    /// A result.
    public init(rule: String, name: String, problem: String?) {
        self.rule = rule
        self.name = name
        self.problem = problem
    }
}

/// Alarms of one case in memory, moved by the engine; timers between two steps run in their order.
struct RuleBench {
    let rules: RuleSet
    let facts: RuleSubject
    private(set) var alarms: [AlarmKey: AlarmRecord] = [:]
    private var nextID: Int64 = 1

    init(rules: RuleSet, facts: RuleSubject) {
        self.rules = rules
        self.facts = facts
    }

    mutating func run(_ step: RuleTestCase.Step) {
        let now = Timestamp(seconds: step.at)
        runTimers(until: now)
        var hits = rules.hits(for: step.samples, facts: facts)
        var collector = ChangeCollector(rules: rules)
        for event in step.events {
            hits += rules.hits(for: event, facts: facts)
            collector.add(event, facts: facts, container: nil, isFirstSight: false)
        }
        hits += collector.hits
        hits += alarms.keys.compactMap { rules.clearingHit(for: step.samples, key: $0, facts: facts) }
        if let who = step.acknowledgedBy {
            hits += alarms.keys.map { RuleHit(key: $0, signal: .acknowledge(by: who)) }
        }
        for hit in hits { apply(hit, now) }
    }

    private mutating func runTimers(until now: Timestamp) {
        while let due = alarms.values.compactMap(\.dueAt).min(), due <= now {
            for alarm in alarms.values where alarm.dueAt == due {
                apply(RuleHit(key: alarm.key, signal: .due), due)
            }
        }
    }

    private mutating func apply(_ hit: RuleHit, _ now: Timestamp) {
        let id = nextID
        guard let step = AlarmEngine.step(alarms[hit.key], key: hit.key, signal: hit.signal, now: now, id: { id })
        else { return }
        nextID += 1
        alarms[hit.key] = step.record
    }
}
