import Model
import Outbound
import Wire

/// The phases of `muster-bench return`.
struct ReturnRun {
    let collector: BenchCollector
    let minutes: Int
    let values: Int

    /// Seconds between heartbeats: an agent is called silent after three of them.
    private static let heartbeat = 10
    /// An agent that gets no answer waits so long, up to twice that, as the real one's first attempts do.
    private static let pause = Duration.milliseconds(500)

    func run(agents count: Int) async throws {
        let client = OutboundClient()
        defer { client.close() }
        var running = try await collector.start().program
        var agents = try await FleetRun.enrol(try await collector.joinTokens(count), packages: 20, client)
        agents = try await everyAgent(agents) { agent in
            let first = agent.host.sections().map { Report.inventory(full($0)) }
            // All from one address at once: more than it may have of strangers are turned away, and come again as agents do.
            try await patiently(&agent, first + [status(), .samples(agent.host.samples(count: values, round: 0))])
        }.0
        running.stop()
        (running, agents) = try await restart(agents)
        running.stop()
        (running, agents) = try await backlog(agents)
        try await BackupUnderLoad(collector: collector, values: values).run(agents)
        running.stop()
    }

    /// The agents knock from the moment that the old process is gone.
    private func restart(_ agents: [SimulatedAgent]) async throws -> (RunningProgram, [SimulatedAgent]) {
        let began = ContinuousClock.now
        async let heard = everyAgent(agents) { agent in
            try await patiently(&agent, [status()])
            return began.secondsSince
        }
        let running = try await collector.start().program
        let (after, seconds) = try await heard
        Figure("return_restart_seconds", Statistics(seconds).most, "s", note: "\(agents.count) agents heard").print()
        // Longer than three heartbeats of an agent: who was forgotten would be called silent by now.
        let watched = ContinuousClock.now
        var quiet = after
        while watched.secondsSince < Double(Self.heartbeat * 3 + 5) {
            quiet = try await everyAgent(quiet) { _ = try await $0.send([status()]) }.0
            try await Task.sleep(for: .seconds(Self.heartbeat / 2))
        }
        Figure("return_false_silences", Double(try await silences()), "alarms").print()
        return (running, quiet)
    }

    /// Everything of the time without a collector at once, and a reader of pages beside it.
    private func backlog(_ agents: [SimulatedAgent]) async throws -> (RunningProgram, [SimulatedAgent]) {
        let running = try await collector.start().program
        let session = try await ConsoleSession(collector)
        let pages = try await ConsolePages.find(session)
        let before = ProcessTree(root: running.pid).memory().resident
        let began = ContinuousClock.now
        let reader = Task { try await read(pages) }
        let after = try await everyAgent(agents) { agent in
            for batch in batches(agent.host) { try await patiently(&agent, batch) }
        }.0
        let seconds = began.secondsSince
        reader.cancel()
        let found = Statistics(try await reader.value)
        let reports = agents.count * minutes * 2
        Figure("return_backlog_seconds", seconds, "s", note: "\(reports) reports of \(agents.count) agents").print()
        Figure("return_backlog_reports_per_second", Double(reports) / seconds, "1/s").print()
        let note = "\(found.sorted.count) pages read meanwhile"
        Figure("return_console_p50", found.median * 1000, "ms", note: note).print()
        Figure("return_console_p95", found.share(0.95) * 1000, "ms", note: note).print()
        Figure("return_console_max", found.most * 1000, "ms").print()
        Figure("return_collector_resident_before", before, "MiB").print()
        Figure("return_collector_peak", ProcessTree(root: running.pid).peakMiB, "MiB").print()
        return (running, after)
    }

    /// The time of each page until cancelled, page after page, ten a second at most.
    private func read(_ pages: ConsolePages) async throws -> [Double] {
        var seconds: [Double] = []
        let paths = pages.examples.values.sorted()
        while !Task.isCancelled {
            for path in paths where !Task.isCancelled {
                let began = ContinuousClock.now
                guard let answer = try? await pages.session.get(path) else { break }
                guard answer.status == 200 else { throw BenchError("\(path) answered \(answer.status)") }
                seconds.append(began.secondsSince)
                try? await Task.sleep(for: .milliseconds(100))
            }
        }
        guard !seconds.isEmpty else { throw BenchError("no page was answered while the backlog came in") }
        return seconds
    }

    /// What the spool of an agent holds after ``minutes`` without a collector, in batches as the real one cuts them.
    private func batches(_ host: SimulatedHost) -> [[Report]] {
        let all = (1...minutes).flatMap { minute in
            [status(), Report.samples(host.samples(count: values, round: minute))]
        }
        return stride(from: 0, to: all.count, by: 2000).map { Array(all[$0..<min($0 + 2000, all.count)]) }
    }

    private func status() -> Report {
        .status(
            AgentStatus(
                version: "bench", bootID: "", generation: 1, heartbeatSeconds: Self.heartbeat, enqueued: 0,
                acknowledged: 0, dropped: 0, spoolBytes: 0))
    }

    /// Sends until it is answered, for five minutes at most.
    private func patiently(_ agent: inout SimulatedAgent, _ reports: [Report]) async throws {
        let began = ContinuousClock.now
        while true {
            // A sequence is given once: what was not answered goes out again under its numbers.
            var attempt = agent
            do {
                _ = try await attempt.send(reports)
                agent = attempt
                return
            } catch  where error is OutboundError || error is BenchBusy {
                guard began.secondsSince < 300 else { throw error }
                try await Task.sleep(for: Self.pause * Double.random(in: 1...2))
            }
        }
    }

    /// How many hosts were called silent.
    private func silences() async throws -> Int {
        struct Page: Decodable {
            struct Alarm: Decodable { var rule: String }
            var items: [Alarm]
        }
        return try await collector.json(Page.self, .get, "/v1/alarms?state=all&limit=1000").items
            .filter { $0.rule == "host-silent" }.count
    }
}
