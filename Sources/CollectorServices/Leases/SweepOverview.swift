import Model
import Stores

/// Networks that one agent looks through for a policy.
public struct SweepShare: Hashable, Sendable {
    /// The policy, by name.
    public var policy: String
    /// The networks: parts that stand side by side as one.
    public var networks: [IPNetwork]
    /// The agent; nil where none may or can.
    public var agent: AgentRecord?
    /// Since when it has the newest of them; nil for nobody.
    public var since: Timestamp?
    /// The highest number under which one of them is held.
    public var fence: Int64

    /// A name among all.
    public var key: String { "\(policy)/\(agent?.id ?? "")" }
}

/// Tells who looks through which networks.
public struct SweepOverview: Sendable {
    private let store: any SweepReading & AgentReading

    /// An overview over a store.
    public init(store: any SweepReading & AgentReading) { self.store = store }

    /// One entry for each agent of each policy, by policy; what nobody looks through comes first.
    public func shares() async throws -> [SweepShare] {
        let groups = Dictionary(grouping: try await store.sweepLeases()) { "\($0.policy)/\($0.lease.holder ?? "")" }
        var shares: [SweepShare] = []
        for group in groups.values {
            guard let first = group.first else { continue }
            var agent: AgentRecord?
            if let holder = first.lease.holder { agent = try await store.agent(holder) }
            shares.append(
                SweepShare(
                    policy: first.policy, networks: IPNetwork.joined(group.map(\.network)), agent: agent,
                    since: group.compactMap(\.lease.since).max(), fence: group.map(\.lease.fence).max() ?? 0))
        }
        return shares.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }
}
