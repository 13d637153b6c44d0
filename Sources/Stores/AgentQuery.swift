/// Which agents a reader asks for; all given conditions must hold.
public struct AgentQuery: Hashable, Sendable {
    /// How an agent stands.
    public enum Standing: String, Hashable, Sendable, CaseIterable {
        /// Heard and not revoked.
        case heard
        /// Silent and not revoked.
        case silent
        /// Refused for good.
        case revoked
    }

    /// Only those that stand so; nil for all.
    public var standing: Standing?
    /// In the host's name or the id (ASCII case does not count); `""` for all.
    public var text: String
    /// Behind the agent with this id; nil from the first.
    public var after: String?
    /// How many at most.
    public var limit: Int

    /// A query.
    public init(standing: Standing? = nil, text: String = "", after: String? = nil, limit: Int = 100) {
        self.standing = standing
        self.text = text
        self.after = after
        self.limit = limit
    }
}

extension AgentReading {
    /// Agents in order of id behind `after`.
    public func agents(after: String?, limit: Int) async throws -> [AgentRecord] {
        try await agents(AgentQuery(after: after, limit: limit))
    }
}
