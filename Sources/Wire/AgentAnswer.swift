import Model

/// The collector's answer (200) to a batch: sent only after everything it acknowledges is committed and flushed.
public struct AgentAnswer: Hashable, Sendable, Codable {
    /// Epoch of the batch.
    public var epoch: UInt64
    /// Every sequence up to this one is stored, refused or was known before: the agent may forget it.
    public var acknowledged: UInt64
    /// Frames stored now.
    public var stored: Int
    /// Frames known from before.
    public var duplicates: Int
    /// Frames that were refused, recorded as refused, and need not be sent again.
    public var refused: [Refusal]
    /// What the collector lacks to read this epoch (``Want/dictionary``); everything else comes over the long poll.
    public var wants: [Want]

    /// An answer.
    public init(
        epoch: UInt64, acknowledged: UInt64, stored: Int, duplicates: Int, refused: [Refusal], wants: [Want]
    ) {
        self.epoch = epoch
        self.acknowledged = acknowledged
        self.stored = stored
        self.duplicates = duplicates
        self.refused = refused
        self.wants = wants
    }
}

/// Why one frame was not taken.
public struct Refusal: Hashable, Sendable, Codable {
    /// Its sequence number.
    public var sequence: UInt64
    /// One line: what, where, what to do.
    public var reason: String

    /// A refusal.
    public init(sequence: UInt64, reason: String) {
        self.sequence = sequence
        self.reason = reason
    }
}

/// Something the collector would like to have: data, never a command (threats M14).
public enum Want: Hashable, Sendable {
    /// The whole of a section, because its base is not known.
    case section(subject: Subject, section: SectionName)
    /// The dictionary of series of this epoch, because an index is not known.
    case dictionary
    /// A fresh look at a check or probe target, once, before an alarm pages.
    case confirm(check: String)
    /// The agent's policy is another one now: ask for it. Told only to agents that asked for one, because older ones know no such want.
    case policy
}

extension Want: Codable {
    private enum Key: String, CodingKey { case kind, subject, section, check }

    /// Reads `{"kind": "section" | "dictionary" | "confirm" | "policy", …}`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        switch try container.decode(String.self, forKey: .kind) {
        case "section":
            self = .section(
                subject: try container.decode(Subject.self, forKey: .subject),
                section: try container.decode(SectionName.self, forKey: .section))
        case "dictionary": self = .dictionary
        case "confirm": self = .confirm(check: try container.decode(String.self, forKey: .check))
        case "policy": self = .policy
        default:
            throw DecodingError.dataCorruptedError(
                forKey: .kind, in: container, debugDescription: "kind must be section, dictionary, confirm or policy")
        }
    }

    /// Writes `{"kind": …}` with the fields of that kind.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .section(let subject, let section):
            try container.encode("section", forKey: .kind)
            try container.encode(subject, forKey: .subject)
            try container.encode(section, forKey: .section)
        case .dictionary: try container.encode("dictionary", forKey: .kind)
        case .confirm(let check):
            try container.encode("confirm", forKey: .kind)
            try container.encode(check, forKey: .check)
        case .policy: try container.encode("policy", forKey: .kind)
        }
    }
}

/// The answer to `GET /v1/agent/wants?after=CURSOR`, held open until there is something or the time is up.
public struct WantsAnswer: Hashable, Sendable, Codable {
    /// Pass this as `after` next time.
    public var cursor: String
    /// What is wanted; empty when the time ran out.
    public var wants: [Want]

    /// An answer.
    public init(cursor: String, wants: [Want]) {
        self.cursor = cursor
        self.wants = wants
    }
}
