import Model

/// Which incidents a reader asks for; all given conditions must hold.
public struct IncidentQuery: Hashable, Sendable {
    /// Only in these states.
    public var states: Set<IncidentState>
    /// Only those that this person has; nil for all.
    public var assignee: String?
    /// Behind the incident with this number; nil from the newest.
    public var after: Int64?
    /// How many at most.
    public var limit: Int

    /// A query.
    public init(
        states: Set<IncidentState> = Set(IncidentState.allCases), assignee: String? = nil, after: Int64? = nil,
        limit: Int = 100
    ) {
        self.states = states
        self.assignee = assignee
        self.after = after
        self.limit = limit
    }
}

extension IncidentReading {
    /// Incidents in any of `states`, newest first, behind the one numbered `after`.
    public func incidents(in states: Set<IncidentState>, after: Int64?, limit: Int) async throws -> [IncidentRecord] {
        try await incidents(IncidentQuery(states: states, after: after, limit: limit))
    }
}
