/// Builds packed bytes: LEB128 variable-length integers, little-endian fixed ones, length-prefixed text.
public struct ByteWriter: Sendable {
    /// What was written so far.
    public private(set) var bytes: [UInt8] = []

    /// An empty writer.
    public init() {}

    /// Appends one octet.
    public mutating func octet(_ value: UInt8) { bytes.append(value) }

    /// Appends `value` in unsigned LEB128.
    public mutating func variable(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Appends `value` with zigzag, so that small negative numbers stay small.
    public mutating func signed(_ value: Int64) {
        variable(UInt64(bitPattern: value << 1 ^ value >> 63))
    }

    /// Appends eight octets, least significant first.
    public mutating func fixed(_ value: UInt64) {
        for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift))) }
    }

    /// Appends octets as they are.
    public mutating func raw(_ octets: some Sequence<UInt8>) { bytes.append(contentsOf: octets) }

    /// Appends the UTF-8 length and the text.
    public mutating func text(_ value: String) {
        variable(UInt64(value.utf8.count))
        bytes.append(contentsOf: value.utf8)
    }
}
