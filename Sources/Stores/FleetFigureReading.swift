import Model

/// How much there is of everything.
public struct FleetCounts: Hashable, Sendable {
    /// Active CIs by class.
    public var activeCIs: [CIClass: Int]
    /// Alarms that fire, acknowledged or not, by severity.
    public var firing: [Severity: Int]
    /// Incidents by state.
    public var incidents: [IncidentState: Int]
    /// Agents that are not revoked.
    public var agents: Int
    /// Those of them that are silent.
    public var silentAgents: Int

    /// Counts.
    public init(
        activeCIs: [CIClass: Int] = [:], firing: [Severity: Int] = [:], incidents: [IncidentState: Int] = [:],
        agents: Int = 0, silentAgents: Int = 0
    ) {
        self.activeCIs = activeCIs
        self.firing = firing
        self.incidents = incidents
        self.agents = agents
        self.silentAgents = silentAgents
    }
}

/// Reads counts and the exceptions behind them.
public protocol FleetFigureReading: Sendable {
    /// How much there is of everything now.
    func fleetCounts() async throws -> FleetCounts
    /// Agents that are silent and not revoked, the longest silent first.
    func silentAgents(limit: Int) async throws -> [AgentRecord]
    /// The newest receipts that say failure or incomplete work, of agents that are not revoked.
    func failedReceipts(limit: Int) async throws -> [(agent: String, hostname: String, receipt: Receipt)]
    /// Active CIs of which a key pointed at another CI and was not followed, the newest first: they may be twins, or two
    /// machines that share what should be one's own. Of the newest entries of the audit log, that is, of the last weeks.
    func identityDoubts(limit: Int) async throws -> [IdentityDoubt]
}
