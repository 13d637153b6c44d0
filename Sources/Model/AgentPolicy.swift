/// What the collector wants of one agent: data that the agent takes within its host's bounds, never a command (threats M14).
///
/// In JSON with sorted names it is the body of `GET /v1/agent/policy`; the SHA-256 of these octets is its tag.
public struct AgentPolicy: Hashable, Sendable, Codable {
    /// The policies it is made of, by name, the nearest last; empty where none is for this agent.
    public var groups: [String]
    /// When the sources of the inventory are read.
    public var inventory: PolicySchedule
    /// When the host is measured.
    public var metrics: PolicySchedule
    /// What is looked at, as `[[check]]` of agent.toml; at most ``checkLimit``.
    public var checks: [PolicyItem]
    /// What is probed over SNMP, as `[[device]]` of agent.toml, without any secret; at most ``deviceLimit``.
    public var devices: [PolicyItem]
    /// The version that the agent is to have; nil where nothing is wanted.
    public var upgrade: PolicyUpgrade?
    /// The networks it is to look through and how, as `[discovery]` of agent.toml under the name of the policy that says so; nil where
    /// nothing is wanted.
    public var discovery: PolicyItem?

    /// Octets of a policy on the wire.
    public static let bytes = 512 << 10
    /// Checks in one policy.
    public static let checkLimit = 200
    /// Devices in one policy.
    public static let deviceLimit = 500

    /// A policy; without arguments one that asks for nothing.
    public init(
        groups: [String] = [], inventory: PolicySchedule = PolicySchedule(), metrics: PolicySchedule = PolicySchedule(),
        checks: [PolicyItem] = [], devices: [PolicyItem] = [], upgrade: PolicyUpgrade? = nil,
        discovery: PolicyItem? = nil
    ) {
        self.groups = groups
        self.inventory = inventory
        self.metrics = metrics
        self.checks = checks
        self.devices = devices
        self.upgrade = upgrade
        self.discovery = discovery
    }
}

/// When the sources of one catalogue are read.
public struct PolicySchedule: Hashable, Sendable, Codable {
    /// Seconds from one reading to the next of every source that has none of its own; nil for what the agent does by itself.
    public var intervalSeconds: Int64?
    /// Sources of which something is said, by name.
    public var sources: [String: PolicySource]

    /// A schedule; without arguments one that says nothing.
    public init(intervalSeconds: Int64? = nil, sources: [String: PolicySource] = [:]) {
        self.intervalSeconds = intervalSeconds
        self.sources = sources
    }
}

/// What is said of one source.
public struct PolicySource: Hashable, Sendable, Codable {
    /// Whether it is read; nil where nothing is said.
    public var isEnabled: Bool?
    /// Seconds from one reading to the next; nil where nothing is said.
    public var intervalSeconds: Int64?

    /// What is said of a source.
    public init(isEnabled: Bool? = nil, intervalSeconds: Int64? = nil) {
        self.isEnabled = isEnabled
        self.intervalSeconds = intervalSeconds
    }
}

/// The version that a ring of agents is to have.
public struct PolicyUpgrade: Hashable, Sendable, Codable {
    /// The ring's name.
    public var ring: String
    /// The version of the package, as the host's package manager writes it.
    public var version: String

    /// A wanted version.
    public init(ring: String, version: String) {
        self.ring = ring
        self.version = version
    }

    /// Whether an agent of that version is what is wanted: the version itself, or a package of it (`1.2.0-1` is one of `1.2.0`).
    public func isMet(by running: String) -> Bool {
        guard !running.isEmpty, version.utf8.starts(with: running.utf8) else { return false }
        guard let next = version.utf8.dropFirst(running.utf8.count).first else { return true }
        return Array("-+~".utf8).contains(next)
    }

    /// Whether a text can be a version of a package: letters, digits and `.+-~:`, a digit first, at most 64 octets
    /// (Debian policy §5.6.12); nothing that a shell or a package manager could take for something else.
    public static func isVersion(_ text: String) -> Bool {
        guard let first = text.utf8.first, (48...57).contains(first), text.utf8.count <= 64 else { return false }
        return text.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || Array(".+-~:".utf8).contains(byte)
        }
    }
}

/// One `[[check]]` or `[[device]]` as data: the keys and values that agent.toml would have.
public struct PolicyItem: Hashable, Sendable, Codable {
    /// Its name, unique among the checks or devices of an agent.
    public var name: String
    /// Every key but `name`, with its value.
    public var settings: [String: PolicyValue]

    /// An item.
    public init(name: String, settings: [String: PolicyValue]) {
        self.name = name
        self.settings = settings
    }

    /// A device that is probed over SNMP. `settings` has further keys of `[[device]]`: `version`, `community_file` and the like name
    /// credentials of the agent's service; a secret is never among them.
    public static func device(
        name: String, address: IPAddress, port: Int = 161, settings: [String: PolicyValue] = [:]
    ) -> PolicyItem {
        var settings = settings
        settings["address"] = .text(address.description)
        if port != 161 { settings["port"] = .integer(Int64(port)) }
        return PolicyItem(name: name, settings: settings)
    }
}

/// How a policy names a secret: a credential of the agent's service (systemd.exec(5), `LoadCredential=`), never a path and never the
/// secret itself.
public enum PolicyCredential {
    /// Keys of a device that name one.
    public static let keys = ["community_file", "auth_file", "priv_file"]

    /// Whether a text can be the name of a credential: letters, digits and `._-`, no dot first, at most 255 octets.
    public static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, first != UInt8(ascii: "."), text.utf8.count <= 255 else { return false }
        return text.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || Array("._-".utf8).contains(byte)
        }
    }
}

/// A value as a configuration has it.
public indirect enum PolicyValue: Hashable, Sendable {
    /// Text.
    case text(String)
    /// A whole number.
    case integer(Int64)
    /// A finite number with a fraction.
    case real(Double)
    /// Yes or no.
    case flag(Bool)
    /// Values in order.
    case list([PolicyValue])
    /// Values by name.
    case table([String: PolicyValue])

    /// The text, where the value is one.
    public var text: String? {
        if case .text(let text) = self { text } else { nil }
    }
}

extension PolicyValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    /// A text.
    public init(stringLiteral value: String) { self = .text(value) }
    /// A whole number.
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// A flag.
    public init(booleanLiteral value: Bool) { self = .flag(value) }
}

extension PolicyValue: Codable {
    /// Reads the value from its plain JSON form; what cannot be a setting (`null`) is refused.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? container.decode(Int64.self) {
            self = .integer(number)
        } else if let number = try? container.decode(Double.self), number.isFinite {
            self = .real(number)
        } else if let items = try? container.decode([PolicyValue].self) {
            self = .list(items)
        } else {
            self = .table(try container.decode([String: PolicyValue].self))
        }
    }

    /// Writes the value in its plain JSON form.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .integer(let number): try container.encode(number)
        case .real(let number): try container.encode(number)
        case .flag(let flag): try container.encode(flag)
        case .list(let items): try container.encode(items)
        case .table(let values): try container.encode(values)
        }
    }
}
