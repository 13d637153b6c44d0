import Model

/// A line of the audit log.
public struct AuditRecord: Hashable, Sendable, Codable {
    /// Its number, ascending.
    public var id: Int64
    /// When, by the collector's clock.
    public var time: Timestamp
    /// Who: an account, an API token's name, an agent's id.
    public var who: String
    /// What: `token.create`, `agent.enrol`, `agent.revoke` …
    public var action: String
    /// To whom or what.
    public var target: String
    /// In words, without a secret.
    public var detail: String

    /// A line.
    public init(id: Int64, time: Timestamp, who: String, action: String, target: String, detail: String) {
        self.id = id
        self.time = time
        self.who = who
        self.action = action
        self.target = target
        self.detail = detail
    }
}

/// A span of envelopes that an agent declared lost.
public struct GapRecord: Hashable, Sendable, Codable {
    /// The epoch it belongs to.
    public var epoch: UInt64
    /// First sequence lost.
    public var first: UInt64
    /// Last sequence lost.
    public var last: UInt64
    /// How many envelopes.
    public var count: UInt64
    /// Why: `bytes`, `age`, `epoch`, `corrupt`.
    public var cause: String
    /// When the collector was told.
    public var time: Timestamp

    /// A gap.
    public init(epoch: UInt64, first: UInt64, last: UInt64, count: UInt64, cause: String, time: Timestamp) {
        self.epoch = epoch
        self.first = first
        self.last = last
        self.count = count
        self.cause = cause
        self.time = time
    }
}

/// A frame that was refused.
public struct RefusalRecord: Hashable, Sendable, Codable {
    /// The epoch it belongs to.
    public var epoch: UInt64
    /// Its sequence.
    public var sequence: UInt64
    /// Why.
    public var reason: String
    /// When.
    public var time: Timestamp

    /// A refusal.
    public init(epoch: UInt64, sequence: UInt64, reason: String, time: Timestamp) {
        self.epoch = epoch
        self.sequence = sequence
        self.reason = reason
        self.time = time
    }
}

/// Reads the accounts of who did what and what was lost or refused.
public protocol AuditReading: Sendable {
    /// Entries of the audit log, newest first, behind the one numbered `before`.
    func auditEntries(before: Int64?, limit: Int) async throws -> [AuditRecord]
    /// Spans that an agent declared lost, newest first.
    func gaps(of agent: String, limit: Int) async throws -> [GapRecord]
    /// Frames of an agent that were refused, newest first.
    func refusals(of agent: String, limit: Int) async throws -> [RefusalRecord]
}
