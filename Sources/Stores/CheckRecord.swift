import Model

/// The newest result of a check.
public struct CheckRecord: Hashable, Sendable {
    /// What it speaks for.
    public var ci: CIID
    /// The agent that makes it.
    public var agent: String
    /// What it found.
    public var result: CheckResult
    /// Wall time of the commit that took it.
    public var takenAt: Timestamp

    /// A result.
    public init(ci: CIID, agent: String, result: CheckResult, takenAt: Timestamp) {
        self.ci = ci
        self.agent = agent
        self.result = result
        self.takenAt = takenAt
    }
}
