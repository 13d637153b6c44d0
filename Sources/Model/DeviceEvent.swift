/// What kind of thing happened to a device, in words that do not depend on its vendor: `link-down`, `ups-on-battery`.
///
/// Kinds are data: the catalogue of traps may bring more than the ones below.
public struct DeviceEventKind: RawRepresentable, Hashable, Sendable, Codable, ExpressibleByStringLiteral {
    /// Lower-case words with hyphens between them.
    public let rawValue: String

    /// The kind called `rawValue`.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The kind called `value`.
    public init(stringLiteral value: String) { rawValue = value }

    /// Whether it is a word as kinds are: letters a to z, digits, single hyphens between them, at most 64 octets.
    public var isWellFormed: Bool {
        let parts = rawValue.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return rawValue.utf8.count <= 64
            && parts.allSatisfy { part in
                !part.isEmpty && part.allSatisfy { (97...122).contains($0) || (48...57).contains($0) }
            }
    }

    /// An interface lost its link.
    public static let linkDown: DeviceEventKind = "link-down"
    /// An interface has its link.
    public static let linkUp: DeviceEventKind = "link-up"
    /// An interface was switched off by its administrator.
    public static let linkDisabled: DeviceEventKind = "link-disabled"
    /// The device started anew, perhaps with another configuration.
    public static let coldStart: DeviceEventKind = "cold-start"
    /// The device's SNMP agent started anew with the same configuration.
    public static let warmStart: DeviceEventKind = "warm-start"
    /// A trap that the catalogue does not know.
    public static let other: DeviceEventKind = "trap"
}

/// Something that a device told by itself, or that was seen when it was asked.
public struct DeviceEvent: Hashable, Sendable, Codable {
    /// How it became known.
    public enum Origin: String, Hashable, Sendable, Codable {
        /// The device sent a trap or an inform.
        case trap
        /// It was seen when the device was asked.
        case poll
    }

    /// What happened.
    public var kind: DeviceEventKind
    /// The device: ``Subject/device(target:)``.
    public var subject: Subject
    /// ifIndex of the interface that it happened to; nil for the device.
    public var interface: UInt32?
    /// The name of what it happened to (an interface, a sensor, a peer); empty for the device as a whole.
    public var object: String
    /// The device at the other end of the interface, as far as it is known; nil for none.
    public var neighbour: String?
    /// How it became known.
    public var origin: Origin
    /// The trap's name in its MIB, else its snmpTrapOID; empty for what was seen by asking.
    public var trap: String
    /// What the trap says further, each as `object = value`.
    public var details: [String]

    /// An event.
    public init(
        kind: DeviceEventKind, subject: Subject, interface: UInt32? = nil, object: String = "",
        neighbour: String? = nil, origin: Origin, trap: String = "", details: [String] = []
    ) {
        self.kind = kind
        self.subject = subject
        self.interface = interface
        self.object = object
        self.neighbour = neighbour
        self.origin = origin
        self.trap = trap
        self.details = details
    }

    /// The device's name in its agent's configuration.
    public var device: String {
        if case .device(let target) = subject { target } else { "" }
    }

    /// What is known of it in one line: the trap's name and what it says. Empty for what was seen by asking.
    public var summary: String {
        details.isEmpty ? trap : trap + ": " + details.joined(separator: ", ")
    }
}
