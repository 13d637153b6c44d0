import LinuxSystem
import Logging
import Model
import Policies
import ServiceLifecycle
import Stores

/// Shares the networks that policies have looked through among the agents that they select: each part is one agent's, and goes to
/// another when that one is silent.
public struct SweepKeeper: Service {
    /// What it needs of the store.
    public typealias Store = ChangeCommitting & SweepReading & AgentReading

    private let store: any Store
    private let policies: PolicyService
    private let clock: AlarmClock
    private let interval: Duration
    private let logger: Logger

    /// A keeper that looks every `interval`.
    public init(
        store: any Store, policies: PolicyService, clock: AlarmClock, interval: Duration = .seconds(5), logger: Logger
    ) {
        self.store = store
        self.policies = policies
        self.clock = clock
        self.interval = interval
        self.logger = logger
    }

    /// Runs until the task is cancelled or the process shuts down.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do { try await look() } catch is CancellationError { return } catch {
                    logger.error("networks cannot be shared", metadata: ["error": "\(error)"])
                }
                await clock.pause(interval)
            }
        }
    }

    /// One look at who has what.
    func look() async throws {
        let set = policies.set
        let known = try await store.sweepLeases()
        guard set.hasDiscovery || !known.isEmpty else { return }
        var decision = SweepDecision(known: known, now: clock.now())
        let members = try await members(of: set)
        for policy in set.policies {
            guard let wanted = policy.discovery else { continue }
            decision.share(wanted.parts, of: policy.name, among: members[policy.name] ?? [])
        }
        decision.forgetOthers()
        guard !decision.changes.isEmpty else { return }
        // Somebody else decided meanwhile: the next look sees it.
        do { _ = try await store.commit(decision.changes) } catch StoreError.conflict { return }
        for agent in decision.touched.sorted() { await policies.changed(agent: agent) }
    }

    /// The agents of each policy with networks whose hosts let them be looked through.
    private func members(of set: PolicySet) async throws -> [String: [AgentRecord]] {
        var members: [String: [AgentRecord]] = [:]
        var after: String?
        repeat {
            let page = try await store.agents(after: after, limit: 1000)
            for agent in page where agent.revokedReason == nil && !agent.sweeps.isEmpty {
                guard let policy = set.discovery(for: try await policies.target(agent)) else { continue }
                members[policy.name, default: []].append(agent)
            }
            after = page.count == 1000 ? page.last?.id : nil
        } while after != nil
        return members
    }
}

/// What one look changes.
struct SweepDecision {
    private let known: [String: [IPNetwork: Lease]]
    private let now: Timestamp
    private var seen: [String: Set<IPNetwork>] = [:]
    /// What is to be committed.
    private(set) var changes = ChangeSet()
    /// Agents that have other networks now.
    private(set) var touched: Set<String> = []

    init(known leases: [SweepLease], now: Timestamp) {
        known = leases.reduce(into: [:]) { $0[$1.policy, default: [:]][$1.network] = $1.lease }
        self.now = now
    }

    /// Shares the parts of one policy's networks among its agents.
    mutating func share(_ parts: [IPNetwork], of policy: String, among agents: [AgentRecord]) {
        seen[policy] = Set(parts)
        let allowed = agents.map { (id: $0.id, networks: $0.sweeps.compactMap { IPNetwork($0) }) }
        let able = parts.map { part in
            allowed.filter { $0.networks.contains { $0.contains(part) } }.map(\.id)
        }
        let before = parts.map { known[policy]?[$0] ?? Lease() }
        let plan = LeasePlan(
            isHeard: Dictionary(agents.map { ($0.id, !$0.isSilent) }, uniquingKeysWith: { first, _ in first }), now: now
        )
        let after = plan.settled(before, able: able, balances: true)
        var gains: [String: [IPNetwork]] = [:]
        for (part, (before, after)) in zip(parts, zip(before, after)) {
            guard before != after || known[policy]?[part] == nil else { continue }
            changes.sweeps.append(
                .put(SweepLease(policy: policy, network: part, lease: after), after: before.fence))
            guard before.holder != after.holder else { continue }
            touched.formUnion([before.holder, after.holder].compactMap { $0 })
            gains[after.holder ?? "", default: []].append(part)
        }
        for (agent, networks) in gains.sorted(by: { $0.key < $1.key }) { audit(agent, networks, policy) }
    }

    /// Takes away what no policy has looked through any more.
    mutating func forgetOthers() {
        for (policy, leases) in known {
            for (network, lease) in leases where seen[policy]?.contains(network) != true {
                changes.sweeps.append(.remove(policy: policy, network: network))
                if let holder = lease.holder { touched.insert(holder) }
            }
        }
    }

    private mutating func audit(_ agent: String, _ networks: [IPNetwork], _ policy: String) {
        let list = IPNetwork.joined(networks).map(\.description).joined(separator: ", ")
        changes.agents.append(
            .audit(
                who: "collector", action: "sweep.move", target: "policy \(policy.shownOnOneLine(limit: 100))",
                detail: "\(agent.isEmpty ? "nobody" : "agent \(agent)"): \(list)".shownOnOneLine(limit: 500)))
    }
}
