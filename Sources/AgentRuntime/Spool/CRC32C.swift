/// CRC-32C (Castagnoli, RFC 3720 appendix B.4): finds torn and flipped octets; no defence against intent.
struct CRC32C {
    private var register: UInt32 = 0xffff_ffff

    /// The sum of everything that was added.
    var value: UInt32 { register ^ 0xffff_ffff }

    /// The sum of `bytes`.
    static func sum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        var crc = CRC32C()
        crc.add(bytes)
        return crc.value
    }

    /// Takes `bytes` into the sum.
    mutating func add(_ bytes: some Sequence<UInt8>) {
        var state = register
        for byte in bytes {
            state = CRC32C.table[Int((state ^ UInt32(byte)) & 0xff)] ^ state >> 8
        }
        register = state
    }

    private static let table: [UInt32] = (0..<256).map { (start: UInt32) in
        (0..<8).reduce(start) { value, _ in value & 1 == 1 ? value >> 1 ^ 0x82f6_3b78 : value >> 1 }
    }
}
