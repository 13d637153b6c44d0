import FoundationEssentials
import GRDB

/// The values of one report in one blob: per value the series' number in LEB128 and eight octets of IEEE 754.
enum PackedSamples {
    static func encode(_ values: [(Int64, Double)]) -> Data {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(values.count * 10)
        for (series, value) in values {
            var number = UInt64(bitPattern: series)
            while number >= 0x80 {
                bytes.append(UInt8(truncatingIfNeeded: number) | 0x80)
                number >>= 7
            }
            bytes.append(UInt8(truncatingIfNeeded: number))
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt64(shift)))
            }
        }
        return Data(bytes)
    }

    /// The pairs; a damaged tail is left out.
    static func decode(_ blob: [UInt8]) -> [(Int64, Double)] {
        var pairs: [(Int64, Double)] = []
        var position = 0
        while position < blob.count {
            var number: UInt64 = 0
            var shift: UInt64 = 0
            var isEnded = false
            while position < blob.count, !isEnded, shift < 64 {
                number |= UInt64(blob[position] & 0x7f) << shift
                isEnded = blob[position] & 0x80 == 0
                shift += 7
                position += 1
            }
            guard isEnded, blob.count - position >= 8 else { return pairs }
            let bits = blob[position..<(position + 8)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            position += 8
            pairs.append((Int64(bitPattern: number), Double(bitPattern: bits)))
        }
        return pairs
    }

    static func value(of series: Int64, in blob: Data) -> Double? {
        decode(Array(blob)).first { $0.0 == series }?.1
    }
}
