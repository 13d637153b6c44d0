/// What a look through the octets of a segment found.
package struct SpoolSegmentScan {
    /// The good records in order; sequences ascend.
    private(set) var entries: [SpoolRecord.Entry] = []
    /// Offset behind the last good record.
    private(set) var end = SpoolSegmentHeader.bytes
    /// How many records at the end could not be read; a torn write counts as one.
    private(set) var damagedAtEnd = 0

    /// Looks for records of `epoch` in the octets of a file, behind its head.
    package init(_ bytes: [UInt8], epoch: UInt64) {
        var position = SpoolSegmentHeader.bytes
        while position < bytes.count {
            if let found = SpoolRecord.decode(bytes, at: position, epoch: epoch) {
                take(found.frame.sequence, kind: found.frame.kind, at: position, length: found.length)
                position += found.length
            } else if let next = SpoolSegmentScan.nextRecord(bytes, after: position, epoch: epoch) {
                // What lies between shows as a hole in the sequences.
                position = next
            } else {
                damagedAtEnd = max(1, SpoolSegmentScan.markers(bytes, from: position))
                return
            }
        }
    }

    private mutating func take(_ sequence: UInt64, kind: UInt8, at offset: Int, length: Int) {
        end = offset + length
        guard sequence > entries.last?.sequence ?? 0 else { return }
        entries.append(SpoolRecord.Entry(sequence: sequence, kind: kind, offset: offset, length: length))
    }

    private static func nextRecord(_ bytes: [UInt8], after position: Int, epoch: UInt64) -> Int? {
        var candidate = position + 1
        while candidate + SpoolRecord.headBytes <= bytes.count {
            if bytes[candidate] == SpoolRecord.marker[0],
                SpoolRecord.decode(bytes, at: candidate, epoch: epoch) != nil
            {
                return candidate
            }
            candidate += 1
        }
        return nil
    }

    private static func markers(_ bytes: [UInt8], from position: Int) -> Int {
        var count = 0
        var candidate = position
        while candidate + 4 <= bytes.count {
            if bytes[candidate..<candidate + 4].elementsEqual(SpoolRecord.marker) { count += 1 }
            candidate += 1
        }
        return count
    }
}
