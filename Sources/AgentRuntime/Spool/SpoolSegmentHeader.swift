/// The head of a segment file: `MSPL`, version, epoch, first sequence, age mark, CRC-32C.
package struct SpoolSegmentHeader: Hashable {
    /// The epoch of every record in the file.
    package var epoch: UInt64
    /// The sequence of the first record.
    var first: UInt64
    /// How long the agent had run in its life when the file was made, in seconds; the measure of age.
    var bornAt: UInt64

    /// Octets of the head.
    static let bytes = 33
    private static let magic = Array("MSPL".utf8)
    private static let version: UInt8 = 1

    /// What the first octets of a file say.
    package enum Reading: Hashable {
        case good(SpoolSegmentHeader)
        /// Made by another version, which must not be guessed at.
        case foreign(version: UInt8)
        /// Not a head.
        case damaged
    }

    /// The octets of the head.
    func encoded() -> [UInt8] {
        let plain =
            SpoolSegmentHeader.magic + [SpoolSegmentHeader.version] + littleEndian(epoch) + littleEndian(first)
            + littleEndian(bornAt)
        return plain + littleEndian(CRC32C.sum(plain))
    }

    /// Reads the head of a file.
    package static func read(_ bytes: [UInt8]) -> Reading {
        guard bytes.count >= 5, bytes.starts(with: magic) else { return .damaged }
        guard bytes.count >= SpoolSegmentHeader.bytes else { return .damaged }
        let sumIsRight = UInt64(CRC32C.sum(bytes[..<29])) == number(bytes[29..<33])
        guard sumIsRight else { return bytes[4] == version ? .damaged : .foreign(version: bytes[4]) }
        guard bytes[4] == version else { return .foreign(version: bytes[4]) }
        return .good(
            SpoolSegmentHeader(
                epoch: number(bytes[5..<13]), first: number(bytes[13..<21]), bornAt: number(bytes[21..<29])))
    }
}
