/// An IEEE 802 MAC address of 48 bits, written in lower case with colons.
public struct MACAddress: Hashable, Sendable, CustomStringConvertible {
    /// The address in the low 48 bits.
    public let bits: UInt64

    /// The address in six octets; nil for any other count.
    public init?(octets: some Collection<UInt8>) {
        guard octets.count == 6 else { return nil }
        bits = octets.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Parses twelve hexadecimal digits with `:`, `-`, `.` or nothing between them; nil on anything else.
    public init?(_ text: String) {
        guard text.utf8.count <= 17 else { return nil }
        var value: UInt64 = 0
        var digits = 0
        for byte in text.utf8 {
            if byte == UInt8(ascii: ":") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") { continue }
            guard let digit = hexadecimalDigit(byte) else { return nil }
            value = value << 4 | UInt64(digit)
            digits += 1
        }
        guard digits == 12 else { return nil }
        bits = value
    }

    /// `00:11:22:aa:bb:cc`
    public var description: String {
        let digits = Array("0123456789abcdef".utf8)
        var bytes: [UInt8] = []
        for octet in 0..<6 {
            let value = Int(truncatingIfNeeded: bits >> UInt64(40 - 8 * octet)) & 0xff
            if octet > 0 { bytes.append(UInt8(ascii: ":")) }
            bytes.append(digits[value >> 4])
            bytes.append(digits[value & 15])
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Locally administered (IEEE 802 U/L bit): made up by software, no evidence of identity.
    public var isLocallyAdministered: Bool { bits >> 41 & 1 == 1 }

    /// Group address: not an interface's own.
    public var isMulticast: Bool { bits >> 40 & 1 == 1 }

    /// All zeros or all ones: a filler.
    public var isFiller: Bool { bits == 0 || bits == 0xffff_ffff_ffff }
}
