import Model
import Stores

/// The figures of the first page: how much there is, what is wrong, and whether the watching is in order.
public struct FleetOverview: Sendable {
    /// What the figures are read from.
    public typealias Store = FleetFigureReading & AgentReading

    /// A failed piece of an agent's work.
    public struct Failure: Sendable {
        /// The agent.
        public var agent: String
        /// Its host's name.
        public var hostname: String
        /// How the work ended.
        public var receipt: Receipt
    }

    /// The figures.
    public struct Figures: Sendable {
        /// CIs that are active.
        public var cis: Int
        /// Active business services among them.
        public var businessServices: Int
        /// Alarms that fire, acknowledged or not, by severity.
        public var firing: [Severity: Int]
        /// Incidents that are not resolved.
        public var openIncidents: Int
        /// Those of them that nobody has.
        public var newIncidents: Int
        /// Agents that are not revoked.
        public var agents: Int
        /// Those of them that are silent.
        public var silentCount: Int
        /// The first silent ones.
        public var silent: [AgentRecord]
        /// The newest failures.
        public var failures: [Failure]
        /// CIs that may be others, the newest doubts first.
        public var doubts: [IdentityDoubt]
    }

    private let store: any Store

    /// Figures over a store.
    public init(store: any Store) { self.store = store }

    /// The figures as of now, with at most `listed` silent agents, failures and doubts.
    public func figures(listed: Int = 8) async throws -> Figures {
        let counts = try await store.fleetCounts()
        let silent = try await store.silentAgents(limit: listed)
        let failures = try await store.failedReceipts(limit: listed).map {
            Failure(agent: $0.agent, hostname: $0.hostname, receipt: $0.receipt)
        }
        return Figures(
            cis: counts.activeCIs.values.reduce(0, +), businessServices: counts.activeCIs[.businessService] ?? 0,
            firing: counts.firing,
            openIncidents: counts.incidents.filter { ![.resolved, .closed].contains($0.key) }.values.reduce(0, +),
            newIncidents: counts.incidents[.new] ?? 0, agents: counts.agents, silentCount: counts.silentAgents,
            silent: silent, failures: failures, doubts: try await store.identityDoubts(limit: listed))
    }
}
