import Model

/// What a person changes in an incident; nil leaves a field alone.
public struct IncidentUpdate: Hashable, Sendable, Codable {
    /// The state.
    public var state: IncidentState?
    /// The title, one line.
    public var title: String?
    /// The impact.
    public var impact: Grade?
    /// The urgency.
    public var urgency: Grade?
    /// The priority, instead of the one from the matrix.
    public var priority: Priority?
    /// The team; empty takes it away.
    public var team: String?
    /// The person; empty takes it away.
    public var assignee: String?
    /// A line for the timeline.
    public var note: String?

    /// An update.
    public init(
        state: IncidentState? = nil, title: String? = nil, impact: Grade? = nil, urgency: Grade? = nil,
        priority: Priority? = nil, team: String? = nil, assignee: String? = nil, note: String? = nil
    ) {
        self.state = state
        self.title = title
        self.impact = impact
        self.urgency = urgency
        self.priority = priority
        self.team = team
        self.assignee = assignee
        self.note = note
    }
}
