import Model

/// A trap or an inform that a known device sent and that proved itself as that device's credential asks.
///
/// An SNMPv1 trap is told in the form of the later versions (RFC 3584 §3.1).
public struct SNMPTrap: Hashable, Sendable {
    /// The device, by the name of its ``SNMPTrapSource``.
    public var source: String
    /// The address it came from.
    public var address: IPAddress
    /// What happened: the value of snmpTrapOID.0 (SNMPv2-MIB, RFC 3418).
    public var kind: OID
    /// The sender's sysUpTime in hundredths of a second; nil where it does not tell.
    public var uptime: UInt32?
    /// What it says of it, without snmpTrapOID.0 and sysUpTime.0; at most ``rows`` rows, texts of at most ``octets`` octets.
    public var rows: [SNMPRow]
    /// Whether the sender was told that it arrived.
    public var isInform: Bool

    /// Rows of one trap that are kept.
    public static let rows = 64
    /// Octets of one value that are kept.
    public static let octets = 1024

    /// A trap.
    public init(
        source: String, address: IPAddress, kind: OID, uptime: UInt32?, rows: [SNMPRow], isInform: Bool = false
    ) {
        self.source = source
        self.address = address
        self.kind = kind
        self.uptime = uptime
        self.rows = rows
        self.isInform = isInform
    }

    /// The value of the first row at `column` or under it.
    public func value(of column: OID) -> SNMPRow? { rows.first { column.isPrefix(of: $0.oid) } }
}

/// A device whose traps are taken.
public struct SNMPTrapSource: Hashable, Sendable {
    /// Its name, unique among the sources of a receiver.
    public var name: String
    /// The addresses its traps come from.
    public var addresses: [IPAddress]
    /// What a trap has to show: the community of v1 or v2c, or a user of v3 at the level that the user has.
    public var credential: SNMPCredential

    /// A source.
    public init(name: String, addresses: [IPAddress], credential: SNMPCredential) {
        self.name = name
        self.addresses = addresses
        self.credential = credential
    }
}

/// Why a datagram on the trap port was not taken.
public enum SNMPTrapRefusal: String, Hashable, Sendable, CaseIterable {
    /// No SNMP message, or one that ends early or contradicts itself.
    case broken
    /// An SNMP message that is neither a trap nor an inform.
    case notATrap = "not-a-trap"
    /// Another version, community or user than the device's, or a weaker security level.
    case credential
    /// SNMPv3: an engine id that is not known of the device; it is learnt when the device is asked.
    case unknownEngine = "unknown-engine"
    /// SNMPv3: no such user.
    case unknownUser = "unknown-user"
    /// SNMPv3: the signature is wrong.
    case wrongDigest = "wrong-digest"
    /// SNMPv3: made at another time, so it may be a replay.
    case notInTime = "not-in-time"
    /// SNMPv3: it cannot be decrypted.
    case notDecrypted = "not-decrypted"
    /// The same octets came a moment ago.
    case repeated
    /// More than a device may send.
    case flood
    /// More than could be worked on.
    case queueFull = "queue-full"
}
