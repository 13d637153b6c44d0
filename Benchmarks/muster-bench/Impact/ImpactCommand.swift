import ArgumentParser
import Model
import SQLiteStores

/// `muster-bench impact`: what hangs on a CI, in a large graph, inside the process and over HTTP.
struct ImpactCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "impact",
        abstract: "Impact on a generated CMDB: busy, ordinary and past, inside the process and over HTTP.",
        discussion: """
            Fills the database of a collector of its own with the CIs of `muster-bench store` (the same seed), asks the \
            graph inside this process, then starts the collector and asks it over TLS with an API token. 100,000 CIs \
            with 500,000 relations take about two minutes; --cis 1000000 takes a quarter of an hour and 1 GiB below the \
            directory for temporary files.
            """)

    @Option(help: "CIs to generate.")
    var cis = 100_000

    @Option(help: "Relations for each CI.")
    var relations = 5

    @Option(help: "Changes in the year before today, which questions of the past go back over.")
    var changes = 100_000

    @Option(help: "How often the busiest CI is asked about; ordinary ones ten times as often.")
    var rounds = 50

    @OptionGroup var programs: Programs

    mutating func run() async throws {
        guard cis >= 1000, relations >= 1, changes >= 0, rounds >= 1 else {
            throw ValidationError("--cis is at least 1000, --relations and --rounds at least 1, --changes at least 0")
        }
        let scratch = try ScratchDirectory("impact")
        defer { scratch.remove() }
        let collector = try BenchCollector(in: scratch.path, programs)
        let plan = StorePlan(cis: cis, relationsPerCI: relations, changes: changes)
        let clock = YearClock()
        let store = try SQLiteStore(path: collector.database, now: { clock.now })
        try await StoreLoad(store: store, plan: plan, clock: clock, subject: "impact").run()
        let roots = try await StoreQuestions(store: store, plan: plan, clock: clock).impact(rounds: rounds)
        try store.close()
        try ImpactPeers.sqlite(collector.database, busiest: plan.id(0), programs)
        try await ImpactOverHTTP(collector: collector, rounds: rounds).run(
            busy: plan.id(0), ordinary: roots, past: YearClock.start.adding(seconds: YearClock.year / 2))
    }
}
