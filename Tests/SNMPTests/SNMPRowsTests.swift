import Model
import SNMP
import SNMPTestSupport
import Testing

@Suite("Rows in little memory")
struct SNMPRowsTests {
    private static let column: OID = [1, 3, 6, 1, 2, 1, 2, 2, 1, 2]

    private static let values: [SNMPValue] = [
        .integer(.min), .integer(-1), .counter32(.max), .gauge32(.max), .timeticks(0), .counter64(.max), .octets([]),
        .octets([0, 255, 10]), .oid([]), .oid([0, 0]), .oid([1, 3, .max]), .null, .noSuchObject, .noSuchInstance,
        .endOfMib, .opaque([159, 120, 4]), .ipAddress(localhost),
    ]

    @Test("are what was added, whatever the subtrees were", arguments: [[], [column], [[1, 3], column], [[2, 1]]])
    func roundTrip(_ roots: [OID]) {
        var kept = SNMPRows(under: roots)
        var rows = Self.values.enumerated().map { SNMPRow(Self.column.appending(UInt32($0)), $1) }
        rows += [SNMPRow([], .null), SNMPRow(Self.column, .integer(1)), SNMPRow([1, 3, 6, 1, 4], .octets([7]))]
        kept.append(contentsOf: rows)
        #expect(Array(kept) == rows)
        #expect(kept == SNMPRows(rows))
        #expect(kept.hashValue == SNMPRows(rows).hashValue)
        #expect(kept != SNMPRows(rows.dropLast()))
        #expect(kept.count == rows.count && kept.first == rows.first && kept.last == rows.last)
    }

    @Test("of columns that come in turn keep their order")
    func columns() {
        let roots = (1...41).map { Self.column.appending(UInt32($0)) }
        var (kept, rows) = (SNMPRows(under: roots), [SNMPRow]())
        for group in [Array(0..<10), Array(10..<20), [40, 3]] {
            for instance in 1...52 {
                rows += group.map { SNMPRow(roots[$0].appending(UInt32(instance)), .counter64(UInt64(instance * $0))) }
            }
        }
        kept.append(contentsOf: rows)
        #expect(Array(kept) == rows)
    }

    @Test(
        "under an object are told by what stands behind it",
        arguments: [[], [[1, 3, 6]], [[1, 3, 6, 1, 5]], [[1, 3, 6, 1, 5, 2]]])
    func under(_ roots: [OID]) {
        var rows = SNMPRows(under: roots)
        rows.append(SNMPRow([1, 3, 6, 1, 5, 2, 7], .integer(1)))
        rows.append(SNMPRow([1, 3, 6, 1, 5, 2], .integer(2)))
        rows.append(SNMPRow([1, 3, 6, 1, 5, 20, 7], .integer(3)))
        rows.append(SNMPRow([1, 3, 6, 1, 5, 2, 7, 9], .integer(4)))
        func numbers(_ entry: OID) -> [[Int64]] {
            rows.under(entry).map { $0.index.map(Int64.init) + [$0.value.number ?? 0] }
        }
        #expect(numbers([1, 3, 6, 1, 5, 2]) == [[7, 1], [7, 9, 4]])
        #expect(numbers([1, 3, 6, 1, 5]) == [[2, 7, 1], [2, 2], [20, 7, 3], [2, 7, 9, 4]])
        #expect(numbers([1, 3, 6, 1, 5, 2, 7]) == [[9, 4]])
        #expect(numbers([1, 3, 6, 1, 5, 2, 7, 9]) == [])
        #expect(rows.hasRows(under: [1, 3, 6, 1, 5, 2]) && !rows.hasRows(under: [1, 3, 6, 1, 5, 20, 7]))
        #expect(rows.hasRows(under: []) && !rows.hasRows(under: [1, 3, 6, 1, 5, 3]))
    }

    @Test("of identifiers longer than any device's do not trap")
    func tooLong() {
        var rows = SNMPRows(under: [[1]])
        rows.append(SNMPRow(OID(Array(repeating: 1, count: 1000)), .oid(OID(Array(repeating: 2, count: 1000)))))
        #expect(rows.first?.value.objectID?.parts.count == 1000)
        #expect(rows.under([1]).count == 1)
    }
}
