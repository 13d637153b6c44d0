import Model

/// Which alarms a reader asks for; all given conditions must hold.
public struct AlarmQuery: Hashable, Sendable {
    /// Only in these states.
    public var states: Set<AlarmState>
    /// Only of these severities.
    public var severities: Set<Severity>
    /// Only on these CIs; nil for all.
    public var cis: Set<CIID>?
    /// Only of this rule; nil for all.
    public var rule: String?
    /// In the summary, the rule, the instance or the CI's name (ASCII case does not count); `""` for all.
    public var text: String
    /// Behind the alarm with this number; nil from the newest.
    public var after: Int64?
    /// How many at most.
    public var limit: Int

    /// A query.
    public init(
        states: Set<AlarmState> = Set(AlarmState.allCases), severities: Set<Severity> = Set(Severity.allCases),
        cis: Set<CIID>? = nil, rule: String? = nil, text: String = "", after: Int64? = nil, limit: Int = 100
    ) {
        self.states = states
        self.severities = severities
        self.cis = cis
        self.rule = rule
        self.text = text
        self.after = after
        self.limit = limit
    }
}

extension AlarmReading {
    /// Alarms in any of `states`, newest first, behind the alarm numbered `after`.
    public func alarms(in states: Set<AlarmState>, after: Int64?, limit: Int) async throws -> [AlarmRecord] {
        try await alarms(AlarmQuery(states: states, after: after, limit: limit))
    }
}
