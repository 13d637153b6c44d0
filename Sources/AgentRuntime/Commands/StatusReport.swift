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
    /// What the agent may take of the host, as it is configured.
    public var budget: Budget
    /// Octets that the state directory takes.
    public var diskBytes: Int64
    /// Sources that overran the budget and are not read for a while, by name.
    public var cooling: [Cooling]
    /// The collector's policy, as far as it is in force.
    public var policy: Policy

    /// The collector's policy on this host.
    public struct Policy: Hashable, Sendable, Codable {
        /// False where policy.toml allows none.
        public var isAllowed: Bool
        /// The tag of the one in force, as the collector shows it; nil for none.
        public var tag: String?
        /// The collector's policies it is made of, the nearest last.
        public var groups: [String]
        /// Since when it is in force here, RFC 3339; nil for none.
        public var takenAt: String?
        /// What of it is not in force, or not as it was wanted.
        public var refused: [Refused]
        /// Why the newest is not in force at all; nil when it is.
        public var failure: String?

        private enum CodingKeys: String, CodingKey {
            case isAllowed = "allowed"
            case tag, groups
            case takenAt = "taken_at"
            case refused, failure
        }
    }

    /// A part of the policy that is not in force, or not as it was wanted.
    public struct Refused: Hashable, Sendable, Codable {
        /// `check web`, `device core`, `inventory usb`, `upgrade`.
        public var part: String
        /// Why.
        public var reason: String
    }

    /// `[budget]`.
    public struct Budget: Hashable, Sendable, Codable {
        /// Percent of one processor.
        public var processorPercent: Int
        /// Octets of memory.
        public var memoryBytes: Int
        /// Octets on disk.
        public var diskBytes: Int
        /// Open files of one process.
        public var openFiles: Int
        /// Processes and threads.
        public var tasks: Int
        /// Seconds that one source may take.
        public var sourceSeconds: Int64

        private enum CodingKeys: String, CodingKey {
            case processorPercent = "processor_percent"
            case memoryBytes = "memory_bytes"
            case diskBytes = "disk_bytes"
            case openFiles = "open_files"
            case tasks
            case sourceSeconds = "source_seconds"
        }
    }

    /// A source that cools down.
    public struct Cooling: Hashable, Sendable, Codable {
        /// Its name.
        public var source: String
        /// How often in a row it overran.
        public var overruns: Int
        /// When it is read again, RFC 3339.
        public var until: String
        /// Why, in one line.
        public var reason: String
    }

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
        case budget
        case diskBytes = "disk_bytes"
        case cooling, policy
    }

    /// Reads the standing of the agent that is configured so, at the time `now`.
    public init(_ configuration: AgentConfiguration, at now: Timestamp? = nil) throws {
        let state = configuration.state
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
        let policy = PolicyState.load(state.policyState) ?? PolicyState()
        self.policy = Policy(
            isAllowed: configuration.bounds.isAllowed, tag: policy.tag, groups: policy.groups,
            takenAt: policy.takenAt?.rfc3339,
            refused: policy.refused.map { Refused(part: $0.part, reason: $0.reason) }, failure: policy.failure)
        let budget = configuration.budget
        self.budget = Budget(
            processorPercent: budget.processorPercent, memoryBytes: budget.memoryBytes, diskBytes: budget.diskBytes,
            openFiles: budget.openFiles, tasks: budget.tasks, sourceSeconds: budget.sourceTime.components.seconds)
        diskBytes = state.bytes
        let list = SourceCooling.load(state.cooling) ?? SourceCooling()
        cooling = list.entries.sorted { $0.key < $1.key }.compactMap { source, entry in
            guard list.remaining(source, at: now ?? .now) != nil else { return nil }
            return Cooling(
                source: source, overruns: entry.overruns, until: entry.until.rfc3339, reason: entry.reason)
        }
    }

    /// Both are UTC in one form, so that their texts to the second compare like times.
    private var hasEnded: Bool { certificateNotAfter.prefix(19) <= Timestamp.now.rfc3339.prefix(19) }

    private var policyLine: String {
        guard policy.isAllowed else { return "not allowed here (policy.toml)" }
        guard let tag = policy.tag else { return "none" }
        let groups = policy.groups.isEmpty ? "nothing for this host" : printed(policy.groups.joined(separator: ", "))
        return "\(tag) (\(groups)) since \(policy.takenAt ?? "")"
    }

    /// Two columns for people.
    public var table: String {
        var rows: [(String, String)] = [
            ("agent", agentID), ("collector", collector), ("generation", String(generation)),
            ("epoch", epoch ?? "none yet"), ("enqueued", String(enqueued)), ("acknowledged", String(acknowledged)),
            ("dropped, declared", String(dropped)), ("waiting", String(waiting)), ("queue bytes", String(queueBytes)),
            ("certificate ends", certificateNotAfter + (hasEnded ? " (ended: the agent asks for its next one)" : "")),
            ("renewed after", renewAfter),
            ("last answer", lastAnswerAt ?? "never"),
            ("last failure", lastFailureAt.map { "\($0) \(printed(lastFailure))" } ?? "none"),
            (
                "budget",
                "\(budget.processorPercent) % of a processor, \(budget.memoryBytes >> 20) MiB of memory, "
                    + "\(budget.openFiles) files, \(budget.tasks) tasks, \(budget.sourceSeconds) s for a source"
            ),
            ("disk", "\(diskBytes) of \(budget.diskBytes) bytes"),
        ]
        rows.append(("policy", policyLine))
        if let failure = policy.failure { rows.append(("policy refused", printed(failure))) }
        rows += policy.refused.map { ("policy refused", printed("\($0.part): \($0.reason)")) }
        rows += cooling.map { ("not read", "\(printed($0.source)) before \($0.until): \(printed($0.reason))") }
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
