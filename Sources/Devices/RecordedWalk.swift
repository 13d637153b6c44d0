import Model
import SNMP

/// A recorded walk: snmprec (`OID|TAG|VALUE`) or what `snmpwalk -On` prints, line by line.
///
/// Recordings are edited by hand: lines may be out of order, an object may stand there twice (the first counts) or have
/// a masked name (`10.xx.xx.1`); such lines are counted and left out.
public struct RecordedWalk: Sendable {
    /// The objects in the order of RFC 3416, each once.
    public let rows: [SNMPRow]
    /// Lines that could not be used.
    public let skippedLines: Int

    /// Bytes a recording may have.
    public static let limit = 128 << 20

    /// Reads a recording.
    public init(_ bytes: [UInt8]) {
        var reader = RecordingReader()
        for line in bytes.split(whereSeparator: { $0 == 10 }) { reader.take(line.last == 13 ? line.dropLast() : line) }
        reader.end()
        self.init(rows: reader.rows, skippedLines: reader.skipped)
    }

    /// A recording of `rows`, in any order.
    init(rows: [SNMPRow], skippedLines: Int = 0) {
        self.skippedLines = skippedLines
        // Stable, so that of two rows the first in the file stays the first.
        let sorted = rows.enumerated().sorted {
            $0.element.oid == $1.element.oid ? $0.offset < $1.offset : $0.element.oid < $1.element.oid
        }
        var unique: [SNMPRow] = []
        unique.reserveCapacity(sorted.count)
        for (_, row) in sorted where unique.last?.oid != row.oid { unique.append(row) }
        self.rows = unique
    }

    /// The value of an instance.
    public subscript(oid: OID) -> SNMPValue? {
        let index = firstIndex(notBefore: oid)
        return index < rows.count && rows[index].oid == oid ? rows[index].value : nil
    }

    /// The rows below `root`.
    public func rows(under root: OID) -> ArraySlice<SNMPRow> {
        var start = firstIndex(notBefore: root)
        if start < rows.count, rows[start].oid == root { start += 1 }
        var end = start
        while end < rows.count, root.isPrefix(of: rows[end].oid) { end += 1 }
        return rows[start..<end]
    }

    private func firstIndex(notBefore oid: OID) -> Int {
        var low = 0
        var high = rows.count
        while low < high {
            let middle = low + (high - low) / 2
            if rows[middle].oid < oid { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
