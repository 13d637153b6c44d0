import Model
import Policies
import Stores

/// How an agent's policy stands.
public enum PolicyStandingState: String, Hashable, Sendable, CaseIterable {
    /// Nothing is wanted of the agent.
    case none
    /// What is wanted is in force.
    case inForce = "in-force"
    /// The agent has not yet said that it has it.
    case pending
    /// It is in force but for parts that the agent refused.
    case partly
    /// The agent could not read it and goes on with what it had.
    case refused
    /// The host takes no policies (policy.toml).
    case notAllowed = "not-allowed"
}

/// What is wanted of an agent, and what became of it.
public struct PolicyStanding: Sendable {
    /// The agent.
    public var agent: AgentRecord
    /// What it gets now.
    public var given: PolicyService.Given
    /// What became of it.
    public var state: PolicyStandingState
    /// What the agent said of it last, in its own words; empty for nothing.
    public var message: String
}

/// A policy with the agents that it is for.
public struct PolicyCoverage: Sendable {
    /// The policy.
    public var policy: Policy
    /// Names of their hosts, in order.
    public var hosts: [String]
}

/// How far a ring is.
public struct RingProgress: Hashable, Sendable {
    /// The ring.
    public var ring: String
    /// The version it is to have.
    public var version: String
    /// Hosts that run it.
    public var running: [String]
    /// Hosts that do not yet.
    public var waiting: [String]
    /// Hosts on which it did not work: they went back.
    public var failed: [String]
}

extension PolicyService {
    /// How an agent's policy stands.
    public func standing(of agent: AgentRecord) async throws -> PolicyStanding {
        let given = try await policy(of: agent)
        let receipt = try await store.receipts(of: agent.id).first { $0.source == "policy" }
        return PolicyStanding(
            agent: agent, given: given, state: Self.state(agent, given, receipt), message: receipt?.message ?? "")
    }

    private static func state(_ agent: AgentRecord, _ given: Given, _ receipt: Receipt?) -> PolicyStandingState {
        let asksForNothing = given.composed.policy == AgentPolicy()
        if agent.policy == given.tag {
            return asksForNothing ? .none : receipt?.outcome == .truncated ? .partly : .inForce
        }
        if asksForNothing && agent.policy.isEmpty { return .none }
        if receipt?.outcome == .failure { return .refused }
        return receipt?.outcome == .noData && receipt?.message.isEmpty == false ? .notAllowed : .pending
    }

    /// The policies with the agents they are for.
    public func coverage() async throws -> [PolicyCoverage] {
        var covered = set.policies.map { PolicyCoverage(policy: $0, hosts: []) }
        for agent in try await everyAgent() {
            let target = try await target(agent)
            for index in covered.indices where covered[index].policy.selector.selects(target) {
                covered[index].hosts.append(agent.hostname)
            }
        }
        for index in covered.indices { covered[index].hosts.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) } }
        return covered
    }

    /// One policy with the agents it is for.
    public func coverage(of name: String) async throws -> PolicyCoverage {
        let all = try await coverage()
        guard let found = all.first(where: { $0.policy.name.utf8.elementsEqual(name.utf8) }) else {
            let near = NearNames.near(name, among: all.map(\.policy.name))
            throw ServiceRefusal.notFound("no policy is called \(name)\(NearNames.hint(near))")
        }
        return found
    }

    /// How far each ring is, in order of name.
    public func rings() async throws -> [RingProgress] {
        let set = self.set
        var rings: [String: RingProgress] = set.rings.reduce(into: [:]) { all, ring in
            all[ring.key] = RingProgress(ring: ring.key, version: ring.value, running: [], waiting: [], failed: [])
        }
        for agent in try await everyAgent() {
            guard let wanted = set.upgrade(for: try await target(agent)) else { continue }
            if wanted.isMet(by: agent.version) {
                rings[wanted.ring]?.running.append(agent.hostname)
            } else if try await store.receipts(of: agent.id).contains(where: {
                $0.source == "upgrade" && $0.outcome == .failure && $0.message.contains(wanted.version)
            }) {
                rings[wanted.ring]?.failed.append(agent.hostname)
            } else {
                rings[wanted.ring]?.waiting.append(agent.hostname)
            }
        }
        return rings.values.sorted { $0.ring.utf8.lexicographicallyPrecedes($1.ring.utf8) }
    }

    /// Agents that are not revoked; those of GLPI, which take nothing, are none.
    private func everyAgent() async throws -> [AgentRecord] {
        var all: [AgentRecord] = []
        var after: String?
        while true {
            let page = try await store.agents(after: after, limit: 1000)
            all += page.filter { $0.revokedReason == nil && !GLPIService.isGLPI($0.id) }
            guard let last = page.last, page.count == 1000 else { return all }
            after = last.id
        }
    }
}
