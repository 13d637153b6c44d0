import Model
import Wire

/// The form of one frame in a segment: `MREC`, length and CRC-32C (four octets each, little-endian), then sequence,
/// claimed time, kind and payload.
///
/// The sum covers the epoch, too, so that a record of another epoch is never taken for one of this.
enum SpoolRecord {
    /// What stands in front of each record; a reader that lost its place looks for it.
    static let marker = Array("MREC".utf8)
    /// Octets in front of the body.
    static let headBytes = 12
    /// The largest payload taken.
    static let maximumPayload = 1 << 20
    private static let maximumBody = maximumPayload + 32

    /// Where a record stands, and what is needed of it without its payload.
    struct Entry: Hashable, Sendable {
        var sequence: UInt64
        var kind: UInt8
        var offset: Int
        var length: Int
    }

    /// The octets of `frame`.
    static func encode(_ frame: Frame, epoch: UInt64) -> [UInt8] {
        var body = ByteWriter()
        body.variable(frame.sequence)
        body.signed(frame.claimedTime.milliseconds)
        body.octet(frame.kind)
        body.raw(frame.payload)
        let length = littleEndian(UInt32(clamping: body.bytes.count))
        return marker + length + littleEndian(sum(epoch, length, body.bytes[...])) + body.bytes
    }

    /// The frame that begins at `offset` and its whole length; nil when there is no good record.
    static func decode(_ bytes: [UInt8], at offset: Int, epoch: UInt64) -> (frame: Frame, length: Int)? {
        guard offset >= 0, bytes.count - offset >= headBytes, bytes[offset..<offset + 4].elementsEqual(marker) else {
            return nil
        }
        let length = Int(number(bytes[offset + 4..<offset + 8]))
        guard length <= maximumBody, bytes.count - offset - headBytes >= length else { return nil }
        let body = bytes[offset + headBytes..<offset + headBytes + length]
        guard
            UInt32(truncatingIfNeeded: number(bytes[offset + 8..<offset + 12]))
                == sum(epoch, Array(bytes[offset + 4..<offset + 8]), body)
        else {
            return nil
        }
        return frame(in: body).map { ($0, headBytes + length) }
    }

    private static func frame(in body: ArraySlice<UInt8>) -> Frame? {
        var reader = ByteReader(body)
        guard let sequence = try? reader.variable(), sequence > 0, let time = try? reader.signed(),
            let kind = try? reader.octet(), let payload = try? reader.raw(reader.remaining)
        else { return nil }
        return Frame(
            sequence: sequence, claimedTime: Timestamp(milliseconds: time), kind: kind, payload: Array(payload))
    }

    private static func sum(_ epoch: UInt64, _ length: [UInt8], _ body: ArraySlice<UInt8>) -> UInt32 {
        var crc = CRC32C()
        crc.add(littleEndian(epoch))
        crc.add(length)
        crc.add(body)
        return crc.value
    }
}

/// The octets of `value`, least significant first.
func littleEndian(_ value: some FixedWidthInteger & UnsignedInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
}

/// The number that up to eight octets spell, least significant first.
func number(_ octets: some BidirectionalCollection<UInt8>) -> UInt64 {
    octets.reversed().reduce(0) { $0 << 8 | UInt64($1) }
}
