import ArgumentParser
import FoundationEssentials
import Model
import Outbound
import Wire

/// `muster-bench fleet`: simulated agents against a running collector, over real mTLS connections.
struct FleetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fleet",
        abstract: "Drives simulated agents against a collector: first sight, unchanged, one change, samples.")

    @Option(help: "File with one join token a line, one for each agent.")
    var tokens: String

    @Option(help: "Packages on each simulated host.")
    var packages = 900

    @Option(help: "Values in each report of samples.")
    var values = 60

    @Option(help: "Rounds of unchanged, changed and sample reports.")
    var rounds = 20

    mutating func run() async throws {
        let joinTokens = try String(contentsOfFile: tokens, encoding: .utf8).split(separator: "\n").map { line in
            guard let token = JoinToken(String(line)) else {
                throw ValidationError("\(tokens): a line is no join token")
            }
            return token
        }
        guard !joinTokens.isEmpty else { throw ValidationError("\(tokens): holds no join token") }
        let client = OutboundClient()
        var agents: [SimulatedAgent] = []
        let enrolment = ContinuousClock.now
        for (number, token) in joinTokens.enumerated() {
            let host = SimulatedHost(number: number, packages: packages)
            agents.append(try await SimulatedAgent(host: host, token: token, client: client))
        }
        Figure("fleet_enrolments_per_second", rate(agents.count, since: enrolment), "1/s").print()
        agents = try await phase("first_sight", agents, rounds: 1) { agent, _ in
            try await agent.send(agent.host.sections().map { .inventory(full($0)) })
        }
        agents = try await phase("unchanged", agents, rounds: rounds) { agent, _ in
            try await agent.send([.inventory(unchanged(agent.host.packageSection(changed: 0)))])
        }
        agents = try await phase("one_package_changed", agents, rounds: rounds) { agent, round in
            try await agent.send([.inventory(changed(agent.host, round: round))])
        }
        let values = values
        let started = ContinuousClock.now
        agents = try await phase("samples", agents, rounds: rounds) { agent, round in
            try await agent.send([.samples(agent.host.samples(count: values, round: round))])
        }
        Figure("fleet_sample_values_per_second", rate(agents.count * rounds * values, since: started), "1/s").print()
        client.close()
    }
}

private func full(_ section: InventorySection) -> InventoryReport {
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
    let upserts = after.items.filter { !before.items.contains($0) }
    return InventoryReport(
        subject: .host, section: .packages, digest: SectionDigest.digest(of: after.items), isComplete: true,
        body: .delta(base: SectionDigest.digest(of: before.items), upserts: upserts, removals: []))
}
