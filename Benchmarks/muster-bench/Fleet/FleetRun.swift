import Model
import Outbound
import Wire

/// The phases of `muster-bench fleet`.
struct FleetRun {
    let packages: Int
    let values: Int
    let rounds: Int

    /// Runs all phases with one agent for each token; `collector` is the program whose cost is read.
    func run(_ tokens: [JoinToken], collector: ProcessTree?) async throws {
        let client = OutboundClient()
        defer { client.close() }
        let enrolment = ContinuousClock.now
        var agents = try await FleetRun.enrol(tokens, packages: packages, client)
        Figure("fleet_enrolments_per_second", Double(agents.count) / enrolment.secondsSince, "1/s").print()
        agents = try await phase("first_sight", agents, rounds: 1) { agent, _ in
            try await agent.send(agent.host.sections().map { .inventory(full($0)) })
        }
        agents = try await phase("unchanged", agents, rounds: rounds) { agent, _ in
            try await agent.send([.inventory(unchanged(agent.host.packageSection(changed: 0)))])
        }
        agents = try await phase("one_package_changed", agents, rounds: rounds) { agent, round in
            try await agent.send([.inventory(changed(agent.host, round: round))])
        }
        try await samples(agents, collector)
        if let collector {
            Figure("fleet_collector_resident", collector.memory().resident, "MiB", note: "at the end").print()
            Figure("fleet_collector_peak", collector.peakMiB, "MiB").print()
        }
    }

    /// One agent for each token, enrolled one after the other.
    static func enrol(_ tokens: [JoinToken], packages: Int, _ client: OutboundClient) async throws -> [SimulatedAgent] {
        var agents: [SimulatedAgent] = []
        for (number, token) in tokens.enumerated() {
            let host = SimulatedHost(number: number, packages: packages)
            agents.append(try await SimulatedAgent(host: host, token: token, client: client))
        }
        return agents
    }

    private func samples(_ agents: [SimulatedAgent], _ collector: ProcessTree?) async throws {
        let values = values
        let started = ContinuousClock.now
        let before = collector?.cpuSeconds() ?? 0
        _ = try await phase("samples", agents, rounds: rounds) { agent, round in
            try await agent.send([.samples(agent.host.samples(count: values, round: round))])
        }
        let count = Double(agents.count * rounds * values)
        Figure("fleet_sample_values_per_second", count / started.secondsSince, "1/s").print()
        if let collector {
            let used = collector.cpuSeconds() - before
            Figure("fleet_collector_cpu_per_million_values", used / count * 1e6, "s").print()
        }
    }
}

/// A section as it is sent whole.
func full(_ section: InventorySection) -> InventoryReport {
    InventoryReport(
        subject: .host, section: section.name, digest: SectionDigest.digest(of: section.items), isComplete: true,
        body: .full(items: section.items, part: 1, parts: 1))
}

private func unchanged(_ section: InventorySection) -> InventoryReport {
    InventoryReport(
        subject: .host, section: section.name, digest: SectionDigest.digest(of: section.items), isComplete: true,
        body: .unchanged)
}

private func changed(_ host: SimulatedHost, round: Int) -> InventoryReport {
    let before = host.packageSection(changed: round)
    let after = host.packageSection(changed: round + 1)
    // The first package is the one that changes (`SimulatedHost.packageSection`).
    return InventoryReport(
        subject: .host, section: .packages, digest: SectionDigest.digest(of: after.items), isComplete: true,
        body: .delta(
            base: SectionDigest.digest(of: before.items), upserts: Array(after.items.prefix(1)), removals: []))
}
