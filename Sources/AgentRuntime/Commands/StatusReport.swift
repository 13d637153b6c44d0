import FoundationEssentials
import Model
import Wire

/// What `muster-agent status` says, read from files alone while the agent runs.
public struct StatusReport: Hashable, Sendable, Codable {
    /// The agent's identity.
    public var agentID: String
    /// `host:port` of the collector.
    public var collector: String
    /// How often the agent started.
    public var generation: UInt64
    /// The spool's epoch in 16 hexadecimal digits, as the collector shows it.
    public var epoch: String?
    /// Envelopes enqueued in this epoch.
    public var enqueued: UInt64
    /// Envelopes acknowledged in this epoch.
    public var acknowledged: UInt64
    /// Envelopes dropped and declared in gaps in this epoch.
    public var dropped: UInt64
    /// Envelopes that wait, of all epochs.
    public var waiting: UInt64
    /// Octets the spool takes.
    public var queueBytes: Int64
    /// Earlier epochs that still have records.
    public var earlierEpochs: [Earlier]
    /// When the certificate ends, RFC 3339.
    public var certificateNotAfter: String
    /// When it will be renewed, RFC 3339.
    public var renewAfter: String
    /// When the collector last acknowledged something, RFC 3339; nil for never.
    public var lastAnswerAt: String?
    /// When an attempt failed last, RFC 3339; nil for never.
    public var lastFailureAt: String?
    /// Why, in one line; empty without a failure.
    public var lastFailure: String

    /// The books of an earlier epoch.
    public struct Earlier: Hashable, Sendable, Codable {
        /// The epoch in 16 hexadecimal digits.
        public var epoch: String
        /// Envelopes enqueued.
        public var enqueued: UInt64
        /// Envelopes acknowledged.
        public var acknowledged: UInt64
        /// Envelopes dropped and declared.
        public var dropped: UInt64
    }

    private enum CodingKeys: String, CodingKey {
        case agentID = "agent_id"
        case collector, generation, epoch, enqueued, acknowledged, dropped, waiting
        case queueBytes = "queue_bytes"
        case earlierEpochs = "earlier_epochs"
        case certificateNotAfter = "certificate_not_after"
        case renewAfter = "renew_after"
        case lastAnswerAt = "last_answer_at"
        case lastFailureAt = "last_failure_at"
        case lastFailure = "last_failure"
    }

    /// Reads the standing of the agent in `state`.
    public init(_ state: StateDirectory) throws {
        let identity = try AgentIdentity.load(state)
        let standing = try SpoolStanding.read(state.spool)
        let last = LastAnswer.load(state.lastAnswer)
        agentID = identity.record.agentID
        collector = "\(identity.record.host):\(identity.record.port)"
        generation = identity.record.generation
        epoch = standing.map { epochText($0.current.epoch) }
        enqueued = standing?.current.enqueued ?? 0
        acknowledged = standing?.current.acknowledged ?? 0
        dropped = standing?.current.dropped ?? 0
        waiting = standing?.waiting ?? 0
        queueBytes = standing?.bytes ?? 0
        earlierEpochs = (standing?.earlier ?? []).map {
            Earlier(
                epoch: epochText($0.epoch), enqueued: $0.enqueued, acknowledged: $0.acknowledged, dropped: $0.dropped)
        }
        certificateNotAfter = identity.certificate.notAfter.rfc3339
        renewAfter = identity.record.renewAfter.rfc3339
        lastAnswerAt = last?.answeredAt?.rfc3339
        lastFailureAt = last?.failedAt?.rfc3339
        lastFailure = last?.failure ?? ""
    }

    /// Both are UTC in one form, so that their texts to the second compare like times.
    private var hasEnded: Bool { certificateNotAfter.prefix(19) <= Timestamp.now.rfc3339.prefix(19) }

    /// Two columns for people.
    public var table: String {
        let rows: [(String, String)] = [
            ("agent", agentID), ("collector", collector), ("generation", String(generation)),
            ("epoch", epoch ?? "none yet"), ("enqueued", String(enqueued)), ("acknowledged", String(acknowledged)),
            ("dropped, declared", String(dropped)), ("waiting", String(waiting)), ("queue bytes", String(queueBytes)),
            ("certificate ends", certificateNotAfter + (hasEnded ? " (ended: the agent asks for its next one)" : "")),
            ("renewed after", renewAfter),
            ("last answer", lastAnswerAt ?? "never"),
            ("last failure", lastFailureAt.map { "\($0) \(printed(lastFailure))" } ?? "none"),
        ]
        return rows.map { $0.0 + String(repeating: " ", count: max(1, 20 - $0.0.utf8.count)) + $0.1 + "\n" }.joined()
    }

    /// JSON with sorted names and a newline.
    public func json() throws -> String { try prettyJSON(self) }
}

/// 16 hexadecimal digits.
private func epochText(_ epoch: UInt64) -> String {
    let digits = String(epoch, radix: 16)
    return String(repeating: "0", count: max(0, 16 - digits.utf8.count)) + digits
}

/// JSON for people and programs: sorted names, indented, with a newline.
func prettyJSON(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
}
