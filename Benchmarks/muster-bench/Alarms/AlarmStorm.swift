import FoundationEssentials
import Model
import Wire

/// The healthy rounds, the storm and the restart of `muster-bench alarms`.
struct AlarmStorm {
    let collector: BenchCollector
    let running: RunningProgram
    let sink: WebhookSink
    let checks: Int
    let patience: Double

    private struct Alarm: Decodable {
        var state: String
        var fired_at: String?
    }
    private struct Incident: Decodable { var number: Int64 }
    private struct Page<Item: Decodable>: Decodable {
        var items: [Item]
        var next: String?
    }

    /// Healthy hosts: values within their limits, good checks, heartbeats. Nothing may come of it.
    func quiet(_ agents: [SimulatedAgent], rounds: Int) async throws -> [SimulatedAgent] {
        let checks = checks
        let began = ContinuousClock.now
        let (after, _) = try await everyAgent(agents) { agent in
            _ = try await agent.send(agent.host.sections().map { .inventory(full($0)) })
            for round in 0..<rounds {
                _ = try await agent.send([
                    .samples(HealthyHost.report(round: round)), .checks(HealthyHost.results(checks, failures: 0)),
                    .status(HealthyHost.status),
                ])
            }
        }
        try await settle()
        let note = "\(agents.count) hosts, \(rounds) rounds in \(Int(began.secondsSince)) s"
        Figure("alarms_quiet_raised", Double(try await all("/v1/alarms", Alarm.self).count), "alarms", note: note)
            .print()
        Figure("alarms_quiet_notified", Double(sink.received.count), "notifications", note: note).print()
        return after
    }

    /// Every check of every host fails, twice in a row as the shipped rule wants it.
    func strike(_ agents: [SimulatedAgent]) async throws {
        let checks = checks
        let tree = ProcessTree(root: running.pid)
        let (memory, cpu, seen) = (tree.memory().resident, tree.cpuSeconds(), sink.received.count)
        let wall = Date()
        let began = ContinuousClock.now
        _ = try await everyAgent(agents) { agent in
            for failures in 1...2 {
                _ = try await agent.send([.checks(HealthyHost.results(checks, failures: failures))])
            }
        }
        let expected = agents.count * checks
        let what = "\(agents.count) hosts with \(checks) checks each"
        Figure("alarms_storm_accepted_seconds", began.secondsSince, "s", note: "every report durable; " + what).print()
        try await notified(atLeast: seen + agents.count)
        let times = Statistics(sink.received.dropFirst(seen).map { ($0 - began).inSeconds })
        let alarms = try await all("/v1/alarms", Alarm.self).filter { $0.state == "firing" }
        let incidents = try await all("/v1/incidents", Incident.self).count
        let fired = alarms.compactMap { $0.fired_at.flatMap { Timestamp(rfc3339: $0) } }.map(\.milliseconds).max() ?? 0
        let firing = max(Double(fired) / 1000 - wall.timeIntervalSince1970, 0.001)
        Figure("alarms_storm_fired", Double(alarms.count), "alarms", note: "of \(expected) that are due").print()
        Figure("alarms_storm_per_second", Double(alarms.count) / firing, "1/s", note: "from first report to last alarm")
            .print()
        Figure("alarms_storm_incidents", Double(incidents), "incidents").print()
        Figure("alarms_storm_first_notification_seconds", times.least, "s", note: "received by a web hook").print()
        Figure("alarms_storm_median_notification_seconds", times.median, "s").print()
        Figure(
            "alarms_storm_last_notification_seconds", times.most, "s",
            note: "\(times.sorted.count) notifications for \(incidents) incidents"
        ).print()
        Figure("alarms_storm_cpu", tree.cpuSeconds() - cpu, "s", note: "of the collector").print()
        Figure("alarms_storm_memory_before", memory, "MiB", note: "resident").print()
        Figure("alarms_storm_memory_after", tree.memory().resident, "MiB", note: "resident").print()
        Figure("alarms_storm_memory_peak", tree.peakMiB, "MiB").print()
    }

    /// Stopped and started again in the middle of the storm: every alarm is there once.
    func restart() async throws {
        let (again, seconds) = try await collector.start()
        defer { again.stop() }
        let firing = try await all("/v1/alarms", Alarm.self).filter { $0.state == "firing" }.count
        Figure("alarms_restart_seconds", seconds, "s", note: "to /readyz, \(firing) alarms firing").print()
    }

    /// Waits until as many notifications have come, and one second more for such as should not.
    private func notified(atLeast count: Int) async throws {
        let began = ContinuousClock.now
        while sink.received.count < count, began.secondsSince < patience {
            try await Task.sleep(for: .milliseconds(50))
        }
        try await settle()
    }

    /// Until the readers of the feed have nothing left: no alarm, incident or notification moves for a second.
    private func settle() async throws {
        var last: [Int] = []
        while true {
            try await Task.sleep(for: .seconds(1))
            let now = [
                sink.received.count, try await all("/v1/alarms", Alarm.self).count,
                try await all("/v1/incidents", Incident.self).count,
            ]
            if now == last { return }
            last = now
        }
    }

    private func all<Item: Decodable>(_ path: String, _ type: Item.Type) async throws -> [Item] {
        var items: [Item] = []
        var after: String?
        repeat {
            let query = "?state=all&limit=1000" + (after.map { "&after=" + $0 } ?? "")
            let page = try await collector.json(Page<Item>.self, .get, path + query)
            items += page.items
            after = page.next
        } while after != nil
        return items
    }
}
