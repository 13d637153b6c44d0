import CMDB
import FoundationEssentials
import Model
import SQLiteStores
import Stores

/// What people ask of a large CMDB, now and as of dates in the year.
struct StoreQuestions {
    let store: SQLiteStore
    let plan: StorePlan
    let clock: YearClock

    func run() async throws {
        var generator = Generator(StorePlan.seed + 1)
        try await times("find_by_name_prefix", 300) {
            let index = generator.below(plan.cis / 10) * 10
            _ = try await store.find(CIQuery(text: plan.name(index), limit: 20))
        }
        try await times("find_by_common_prefix", 100) { _ = try await store.find(CIQuery(text: "srv-", limit: 100)) }
        try await times("find_by_key", 300) {
            let index = generator.below(plan.cis / 10) * 10
            _ = try await store.ci(withKey: "serial", value: "dell|SN\(index)")
        }
        try await times("find_text_inside_names", 10) { _ = try await store.find(CIQuery(text: "-99999", limit: 20)) }
        try await times("show_now", 300) { try await show(plan.id(generator.below(plan.cis)), nil) }
        try await times("show_as_of", 300) {
            let seconds = Int64(generator.below(Int(YearClock.year)))
            let commit = try await store.commit(at: YearClock.start.adding(seconds: seconds))
            try await show(plan.id(generator.below(plan.cis)), commit)
        }
        _ = try await impact(rounds: 50)
    }

    private func show(_ ci: CIID, _ commit: CommitNumber?) async throws {
        _ = try await store.ci(ci, asOf: commit)
        _ = try await store.attributes(of: ci, asOf: commit)
        _ = try await store.relations(of: ci, asOf: commit)
        _ = try await store.children(of: ci, asOf: commit)
    }

    /// What hangs on CIs, asked of the graph in this process, now and in the middle of the year; `rounds` times for the
    /// busiest CI, twenty times as often for ordinary ones. Returns the ordinary CIs it asked about.
    func impact(rounds: Int) async throws -> [CIID] {
        var generator = Generator(StorePlan.seed + 2)
        let before = ownResidentMiB()
        let begun = ContinuousClock.now
        var graph = try await store.loadGraph(into: CIGraphBuilder()).builder.graph()
        Figure("graph_build_seconds", begun.secondsSince, "s").print()
        Figure("graph_memory_rise", ownResidentMiB() - before, "MiB", note: "resident memory of this process").print()
        let (ordinary, busy) = starts(&graph, &generator)
        for (label, roots) in [("ordinary", ordinary), ("busy", busy)] where !roots.isEmpty {
            let reached = roots.map { Double(graph.impact(of: [$0], travel: .dependents).total) }
            Figure("impact_\(label)_reached_median", Statistics(reached).median, "CIs").print()
            var next = 0
            try await times("impact_\(label)", label == "busy" ? rounds : rounds * 20) {
                _ = graph.impact(of: [roots[next % roots.count]], travel: .dependents)
                next += 1
            }
        }
        if plan.changes > 0,
            let middle = try await store.commit(at: YearClock.start.adding(seconds: YearClock.year / 2))
        {
            for root in ordinary.prefix(5) { try await past("ordinary", root, middle) }
            for root in busy { try await past("busy", root, middle) }
        }
        return ordinary
    }

    /// Roots that reach at most 1,000 CIs, and the CI that reaches most among the popular ones.
    private func starts(_ graph: inout CIGraph, _ generator: inout Generator) -> ([CIID], [CIID]) {
        var ordinary: [CIID] = []
        for _ in 0..<min(20_000, plan.cis) where ordinary.count < 100 {
            let ci = plan.id(generator.below(plan.cis))
            let total = graph.impact(of: [ci], travel: .dependents, limit: 0).total
            if (1...1000).contains(total) { ordinary.append(ci) }
        }
        return (ordinary, [plan.id(0)])
    }

    private func past(_ label: String, _ root: CIID, _ commit: CommitNumber) async throws {
        let begun = ContinuousClock.now
        let past = PastImpact(store: store, asOf: commit, listed: 1000)
        let answer = try await past.answer(of: [root], direction: .dependents, depth: nil)
        Figure("impact_as_of_\(label)_reached_\(answer.total)", begun.secondsSince * 1000, "ms").print()
    }

    /// Runs `body` and prints median and 99th percentile in milliseconds.
    private func times(_ figure: String, _ count: Int, _ body: () async throws -> Void) async throws {
        var milliseconds: [Double] = []
        for _ in 0..<count {
            let begun = ContinuousClock.now
            try await body()
            milliseconds.append(begun.secondsSince * 1000)
        }
        let found = Statistics(milliseconds)
        Figure("\(figure)_p50", found.median, "ms").print()
        Figure("\(figure)_p99", found.p99, "ms").print()
    }
}
