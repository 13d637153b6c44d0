/// How a checked thing is.
public enum CheckState: String, Hashable, Sendable, Codable, CaseIterable {
    /// It answered as it should.
    case ok
    /// It answered, but not as well as it should.
    case warning
    /// It did not answer, or wrongly.
    case critical
    /// The check itself could not be made: says nothing about the thing.
    case unknown
}

/// Whom a check or a report speaks about, in the agent's own words; the collector finds the CI.
public enum Subject: Hashable, Sendable {
    /// The agent's own host.
    case host
    /// A program that listens on the agent's host: transport (`tcp`), address, port.
    case listener(transport: String, address: String, port: Int)
    /// A program on the agent's host by its service key (see ``SectionName/services``).
    case service(key: String)
    /// A device probed by the agent, by the name of its target in the configuration.
    case device(target: String)
    /// A declared CI (a business service or another host's item) by class and name.
    case named(className: String, name: String)
}

/// What one check found at one time.
public struct CheckResult: Hashable, Sendable, Codable {
    /// The check's name in the agent's configuration; unique in one agent.
    public var check: String
    /// The kind of check: `tcp`, `http`, `process`, `snmp`.
    public var kind: String
    /// The thing it speaks for.
    public var subject: Subject
    /// What it found.
    public var state: CheckState
    /// One line for people: what was seen, what was expected.
    public var message: String
    /// How many runs in a row had a state other than ok; 0 when ok.
    public var failuresInRow: Int
    /// How long the check took, in milliseconds.
    public var milliseconds: Int64
    /// True for the last word about a check that is not made any more: what it found counts no longer. Nil otherwise.
    public var isWithdrawn: Bool?

    /// A result.
    public init(
        check: String, kind: String, subject: Subject, state: CheckState, message: String, failuresInRow: Int,
        milliseconds: Int64, isWithdrawn: Bool? = nil
    ) {
        self.check = check
        self.kind = kind
        self.subject = subject
        self.state = state
        self.message = message
        self.failuresInRow = failuresInRow
        self.milliseconds = milliseconds
        self.isWithdrawn = isWithdrawn
    }
}

extension Subject: Codable {
    private enum Key: String, CodingKey { case kind, transport, address, port, key, target, className, name }

    /// Reads `{"kind": "listener", …}`; an unknown kind is refused.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        switch try container.decode(String.self, forKey: .kind) {
        case "host": self = .host
        case "listener":
            self = .listener(
                transport: try container.decode(String.self, forKey: .transport),
                address: try container.decode(String.self, forKey: .address),
                port: try container.decode(Int.self, forKey: .port))
        case "service": self = .service(key: try container.decode(String.self, forKey: .key))
        case "device": self = .device(target: try container.decode(String.self, forKey: .target))
        case "named":
            self = .named(
                className: try container.decode(String.self, forKey: .className),
                name: try container.decode(String.self, forKey: .name))
        default:
            throw DecodingError.dataCorruptedError(
                forKey: .kind, in: container,
                debugDescription: "kind must be host, listener, service, device or named")
        }
    }

    /// Writes `{"kind": …}` with the fields of that kind.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .host: try container.encode("host", forKey: .kind)
        case .listener(let transport, let address, let port):
            try container.encode("listener", forKey: .kind)
            try container.encode(transport, forKey: .transport)
            try container.encode(address, forKey: .address)
            try container.encode(port, forKey: .port)
        case .service(let key):
            try container.encode("service", forKey: .kind)
            try container.encode(key, forKey: .key)
        case .device(let target):
            try container.encode("device", forKey: .kind)
            try container.encode(target, forKey: .target)
        case .named(let className, let name):
            try container.encode("named", forKey: .kind)
            try container.encode(className, forKey: .className)
            try container.encode(name, forKey: .name)
        }
    }
}

extension CheckResult {
    /// The check whether a device answers SNMP.
    public static func answerCheck(of device: String) -> String { "snmp:\(device)" }

    /// The check whether a device is there at all.
    public static func presenceCheck(of device: String) -> String { "device:\(device)" }

    /// The checks that an agent makes of every device that it probes.
    public static func deviceChecks(of device: String) -> [String] {
        [presenceCheck(of: device), answerCheck(of: device)]
    }
}
