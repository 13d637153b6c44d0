import Devices
import Model
import SNMP

/// Walks, probes and sweeps through the agent's code, in this process.
struct SNMPRun {
    let client: SNMPClient
    let inFlight: Int
    let rounds: Int

    /// All 22 columns of ifTable and all 19 of ifXTable.
    private static let columns =
        (1...22).map { OID([1, 3, 6, 1, 2, 1, 2, 2, 1]).appending($0) }
        + (1...19).map { OID([1, 3, 6, 1, 2, 1, 31, 1, 1, 1]).appending($0) }

    /// ifTable and ifXTable of every device, `inFlight` at the same time, and one after the other.
    func walks(_ figure: String, _ devices: SimulatedDevices) async throws {
        for together in Set([1, inFlight]).sorted() where devices.addresses.count > 1 || together == 1 {
            // One after the other over a latency says nothing but the latency.
            if together == 1, figure != "snmp_walk" { continue }
            try await measure(together == 1 ? figure + "_one_by_one" : figure, devices, together) { client, target in
                let result = await client.rows(under: SNMPRun.columns, from: target)
                return Outcome(
                    rows: result.rows.count, requests: result.receipt.requests, isComplete: result.receipt.isComplete)
            }
        }
    }

    /// A full probe of every device, sixteen at the same time.
    func probes(_ devices: SimulatedDevices, _ probe: DeviceProbe) async throws {
        try await measure("snmp_probe", devices, min(16, inFlight)) { client, target in
            let report = await probe.run(client: client, target: target)
            return Outcome(
                rows: report.receipt.rows, requests: report.receipt.requests,
                isComplete: report.receipt.failure == nil && report.receipt.notAnswered.isEmpty)
        }
    }

    /// What `muster-agent discover` does with 254 addresses of which about half are silent, and three credentials.
    func sweep(_ devices: SimulatedDevices) async throws {
        let networks = devices.targets.compactMap { IPNetwork($0.address.description) }
        guard let target = devices.targets.first else { return }
        var options = NetworkSweep.Options(
            credentials: [.v2c(community: "sweep-1"), .v2c(community: "sweep-2"), target.credential])
        options.port = target.port
        var seconds: [Double] = []
        var report = SweepReport()
        for _ in 0..<rounds {
            report = await NetworkSweep(profiles: DeviceProfiles()).run(networks, options, client: client)
            seconds.append(report.receipt.seconds)
        }
        Figure(
            "snmp_sweep_seconds", Statistics(seconds).median, "s",
            note:
                "\(report.devices.count) of \(networks.count) answer; three credentials, a second try where it is silent"
        ).print()
    }

    /// What came of one device.
    private struct Outcome: Sendable {
        var rows: Int
        var requests: Int
        var isComplete: Bool
    }

    private func measure(
        _ figure: String, _ devices: SimulatedDevices, _ together: Int,
        _ body: @escaping @Sendable (SNMPClient, SNMPTarget) async -> Outcome
    ) async throws {
        let client = client
        var (rates, costs, outcomes): ([Double], [Double], [Outcome]) = ([], [], [])
        for _ in 0..<rounds {
            let (began, cpu) = (ContinuousClock.now, ownCPUSeconds())
            outcomes = await SNMPRun.each(devices.targets, together: together) { await body(client, $0) }
            rates.append(Double(outcomes.count) / began.secondsSince)
            costs.append((ownCPUSeconds() - cpu) / Double(outcomes.count) * 1000)
        }
        let bad = outcomes.count { !$0.isComplete }
        guard bad == 0 else { throw BenchError("\(figure): \(bad) of \(outcomes.count) devices were not read whole") }
        let rows = Statistics(outcomes.map { Double($0.rows) }).median
        let note =
            "\(devices.what): \(outcomes.count), \(Int(rows)) variables each, \(together) at a time, \(rounds) rounds"
        Figure("\(figure)_devices_per_second", Statistics(rates).median, "1/s", note: note).print()
        Figure("\(figure)_cpu_per_device", Statistics(costs).median, "ms", note: note).print()
        Figure("\(figure)_requests_per_device", Statistics(outcomes.map { Double($0.requests) }).median, "requests")
            .print()
        Figure("\(figure)_resident", ownResidentMiB(), "MiB", note: "this process, which holds every answer").print()
    }

    /// `body` for every target, at most `together` at the same time.
    private static func each(
        _ targets: [SNMPTarget], together: Int, _ body: @escaping @Sendable (SNMPTarget) async -> Outcome
    ) async -> [Outcome] {
        await withTaskGroup(of: Outcome.self) { group in
            var outcomes: [Outcome] = []
            for (number, target) in targets.enumerated() {
                if number >= together, let outcome = await group.next() { outcomes.append(outcome) }
                group.addTask { await body(target) }
            }
            for await outcome in group { outcomes.append(outcome) }
            return outcomes
        }
    }
}
