import Alarms
import Model

/// What the shipped rules cost for each value that arrives, in this process, on one core.
enum RuleCost {
    private static let rounds = 2000

    static func measure(rules directory: String) throws {
        let rules = try RuleSet.load(directory: directory)
        let facts = RuleSubject(
            ci: CIID(1), className: .host, name: "web-01", attributes: ["cpu.threads": .integer(4)])
        let reports = (0..<7).map { HealthyHost.samples(round: $0) }
        var values = 0
        var hits = 0
        let (began, cpu) = (ContinuousClock.now, ownCPUSeconds())
        for round in 0..<rounds {
            let samples = reports[round % reports.count]
            values += samples.count
            // As the collector does: what no rule watches is left out first.
            hits += rules.hits(for: samples.filter { rules.watches($0.series.metric) }, facts: facts).count
        }
        let (seconds, used) = (began.secondsSince, ownCPUSeconds() - cpu)
        let note = "\(rules.rules.count) shipped rules, \(reports[0].count) values a report, \(hits) judgements"
        Figure("alarms_rule_values_per_second", Double(values) / seconds, "1/s", note: note).print()
        Figure("alarms_rule_cpu_per_million_values", used / Double(values) * 1e6, "s", note: note).print()
    }
}
