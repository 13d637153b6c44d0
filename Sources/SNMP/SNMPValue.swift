import Model

/// A value as a device gave it (RFC 3416 §3): bytes of a stranger, read by type and never more than that.
public enum SNMPValue: Hashable, Sendable {
    /// INTEGER, 32 bits signed in every MIB; wider answers are kept as sent.
    case integer(Int64)
    /// A counter that wraps at 2^32.
    case counter32(UInt32)
    /// Gauge32 or Unsigned32.
    case gauge32(UInt32)
    /// Hundredths of a second; wraps after 497 days.
    case timeticks(UInt32)
    /// A counter of 64 bits.
    case counter64(UInt64)
    /// OCTET STRING: text, an address or any bytes, as the object's MIB says.
    case octets([UInt8])
    /// An object identifier.
    case oid(OID)
    /// IpAddress: always IPv4.
    case ipAddress(IPAddress)
    /// No value.
    case null
    /// The agent has no such object.
    case noSuchObject
    /// The agent has the object and no such instance of it.
    case noSuchInstance
    /// Nothing follows in the agent's view.
    case endOfMib
    /// Opaque: bytes wrapped in another encoding.
    case opaque([UInt8])

    /// Whether this is one of the three answers that carry no value.
    public var isException: Bool { self == .noSuchObject || self == .noSuchInstance || self == .endOfMib }

    /// The number of any of the integer types; nil where it is another type or over 63 bits.
    public var number: Int64? {
        switch self {
        case .integer(let value): value
        case .counter32(let value), .gauge32(let value), .timeticks(let value): Int64(value)
        case .counter64(let value): Int64(exactly: value)
        default: nil
        }
    }

    /// The bytes of an octet string.
    public var octets: [UInt8]? {
        if case .octets(let bytes) = self { bytes } else { nil }
    }

    /// The object identifier.
    public var objectID: OID? {
        if case .oid(let oid) = self { oid } else { nil }
    }

    /// Bytes this value holds, for the limits of a walk.
    var byteCount: Int {
        switch self {
        case .octets(let bytes), .opaque(let bytes): bytes.count
        case .oid(let oid): oid.parts.count * 4
        case .counter64: 8
        default: 4
        }
    }
}

/// One variable binding: an object's instance and its value.
public struct SNMPRow: Hashable, Sendable {
    /// The instance.
    public var oid: OID
    /// Its value.
    public var value: SNMPValue

    /// How long it is in a message (BER), near enough to tell how many fit one.
    var encodedOctets: Int {
        6 + oid.parts.reduce(0) { $0 + ($1 < 1 << 7 ? 1 : $1 < 1 << 14 ? 2 : $1 < 1 << 21 ? 3 : $1 < 1 << 28 ? 4 : 5) }
            + (value.number.map(Self.octets) ?? value.byteCount)
    }

    private static func octets(_ number: Int64) -> Int {
        switch number.magnitude {
        case ..<0x80: 1
        case ..<0x8000: 2
        case ..<0x8000_0000: 4
        default: 8
        }
    }

    /// A binding of `value` to `oid`.
    public init(_ oid: OID, _ value: SNMPValue) {
        self.oid = oid
        self.value = value
    }
}
