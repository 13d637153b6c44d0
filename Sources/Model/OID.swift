/// An SNMP object identifier (RFC 2578): up to 128 sub-identifiers of 32 bits, without a leading dot in text.
public struct OID: Hashable, Comparable, Sendable {
    /// The sub-identifiers, first to last.
    public let parts: [UInt32]

    /// An identifier made of `parts`; the caller keeps to 128.
    public init(_ parts: [UInt32]) { self.parts = parts }

    /// Parses `1.3.6.1` or `.1.3.6.1`; nil on anything else, on a part over 32 bits, or on more than 128 parts.
    public init?(_ text: String) {
        var parts: [UInt32] = []
        var current: UInt32?
        var bytes = Substring(text).utf8
        if bytes.first == UInt8(ascii: ".") { bytes.removeFirst() }
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "."):
                guard let part = current, parts.count < 127 else { return nil }
                parts.append(part)
                current = nil
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                let (scaled, tooLong) = (current ?? 0).multipliedReportingOverflow(by: 10)
                let (sum, tooLarge) = scaled.addingReportingOverflow(UInt32(byte - UInt8(ascii: "0")))
                guard !tooLong, !tooLarge else { return nil }
                current = sum
            default: return nil
            }
        }
        guard let last = current else { return nil }
        self.parts = parts + [last]
    }

    /// Lexicographic order, as a walk must answer (RFC 3416 §4.2.2).
    public static func < (left: OID, right: OID) -> Bool { left.parts.lexicographicallyPrecedes(right.parts) }

    /// Whether `self` is `other` or an ancestor of it.
    public func isPrefix(of other: OID) -> Bool { other.parts.starts(with: parts) }

    /// The identifier with `more` behind it.
    public func appending(_ more: UInt32...) -> OID { OID(parts + more) }

    /// The sub-identifiers of `self` behind `prefix`; nil where `prefix` is not one.
    public func suffix(after prefix: OID) -> ArraySlice<UInt32>? {
        prefix.isPrefix(of: self) ? parts[prefix.parts.count...] : nil
    }
}

extension OID: CustomStringConvertible, ExpressibleByArrayLiteral, Codable {
    /// `1.3.6.1…`
    public var description: String { parts.map(String.init).joined(separator: ".") }

    /// An identifier from literal parts.
    public init(arrayLiteral elements: UInt32...) { self.init(elements) }

    /// Reads the dotted text.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let oid = OID(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an object identifier")
        }
        self = oid
    }

    /// Writes the dotted text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
