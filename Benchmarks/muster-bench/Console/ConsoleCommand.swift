import ArgumentParser
import Model
import Outbound
import SQLiteStores

/// `muster-bench console`: how long pages take for a person who is signed in.
struct ConsoleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "console",
        abstract: "Seconds for each page of the console, for somebody signed in, over TLS.",
        discussion: """
            Fills the database of a collector of its own with generated CIs, lets some simulated hosts report and their \
            checks fail, signs an administrator in, follows the links of the pages to find every kind of page, then asks \
            for each kind several times. Scripts, pictures and the stream of live events are not pages. A minute in a \
            release build.
            """)

    @Option(help: "CIs to generate.")
    var cis = 10_000

    @Option(help: "Simulated hosts that report, with alarms and incidents of their own.")
    var hosts = 20

    @Option(help: "Devices of the network that the map shows.")
    var devices = 500

    @Option(help: "How often each page is asked for.")
    var rounds = 30

    @OptionGroup var programs: Programs

    mutating func run() async throws {
        guard cis >= 1000, hosts >= 0, rounds >= 1, devices >= 0 else {
            throw ValidationError("--cis is at least 1000, --rounds at least 1, --devices at least 0")
        }
        let scratch = try ScratchDirectory("console")
        defer { scratch.remove() }
        let collector = try BenchCollector(in: scratch.path, programs)
        let clock = YearClock()
        let store = try SQLiteStore(path: collector.database, now: { clock.now })
        let plan = StorePlan(cis: cis, relationsPerCI: 5, changes: cis)
        try await StoreLoad(store: store, plan: plan, clock: clock, subject: nil).run()
        if devices > 0 { try await NetworkLoad.run(devices: devices, in: store) }
        try store.close()
        let running = try await collector.start().program
        defer { running.stop() }
        if hosts > 0 { try await trouble(collector) }
        var pages = try await ConsolePages.find(try await ConsoleSession(collector))
        pages.add(Self.heaviest(plan.id(0)))
        if devices > 0 { pages.add(Self.network()) }
        try await pages.measure(rounds: rounds, cis: cis)
        Figure("console_collector_resident", ProcessTree(root: running.pid).memory().resident, "MiB").print()
    }

    /// The pages of the CI on which most hangs, now and as of the middle of the year.
    private static func heaviest(_ busiest: CIID) -> [String: String] {
        let middle = YearClock.start.adding(seconds: YearClock.year / 2).rfc3339
        var pages: [String: String] = [:]
        for (name, path) in [
            ("page", "/ci/\(busiest)?"), ("links", "/ci/\(busiest)/links/relation-depends-on-in?"),
            ("impact", "/impact?ci=\(busiest)&"), ("history", "/ci/\(busiest)/history?"),
        ] {
            pages["busiest \(name)"] = path
            pages["busiest \(name), half a year back"] = path + "as_of=\(middle)"
        }
        return pages
    }

    /// The map of the network: closed, the head office open, everything open.
    private static func network() -> [String: String] {
        let branches = (0..<59).map { "&open=Branch%20\($0)" }.joined()
        return [
            "map": "/map", "map, head office open": "/map?open=Head%20office",
            "map, all open": "/map?open=Head%20office" + branches,
        ]
    }

    /// Hosts with packages and values whose checks fail, so that alarms, incidents and charts have something to show.
    private func trouble(_ collector: BenchCollector) async throws {
        let client = OutboundClient()
        defer { client.close() }
        let agents = try await FleetRun.enrol(try await collector.joinTokens(hosts), packages: 300, client)
        _ = try await everyAgent(agents) { agent in
            _ = try await agent.send(agent.host.sections().map { .inventory(full($0)) })
            for round in 0..<10 { _ = try await agent.send([.samples(HealthyHost.report(round: round))]) }
            for failures in 1...2 { _ = try await agent.send([.checks(HealthyHost.results(2, failures: failures))]) }
            _ = try await agent.send([.status(HealthyHost.status)])
        }
        struct Page: Decodable { var items: [Item] }
        struct Item: Decodable { var number: Int64 }
        let began = ContinuousClock.now
        while try await collector.json(Page.self, .get, "/v1/incidents?limit=1000").items.count < hosts {
            guard began.secondsSince < 60 else { throw BenchError("the failing checks opened no incidents") }
            try await Task.sleep(for: .milliseconds(200))
        }
    }
}
