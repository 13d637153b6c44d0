import Model
import SNMP
import Testing

@testable import Devices

@Suite("Spanning tree of a device")
struct SpanningTreeReaderTests {
    private static func row(_ column: UInt32, _ port: UInt32, _ octets: [UInt8]) -> SNMPRow {
        SNMPRow(OID([1, 3, 6, 1, 2, 1, 17, 2, 15, 1, column, port]), .octets(octets))
    }

    @Test("the bridge without its priority, the port without its own")
    func designated() {
        let found = SpanningTreeReader.designated([
            Self.row(8, 3, [0x80, 0x0a, 0, 0x1b, 0x21, 1, 2, 3]), Self.row(9, 3, [0x81, 0x02]),
            Self.row(8, 4, [0x80, 0, 0, 0x1b, 0x21, 1, 2, 4]), Self.row(9, 4, [0x80, 0x01]),
        ])
        #expect(found[3] == MACAddress("00:1b:21:01:02:03").map { DesignatedPort(bridge: $0, port: 0x102) })
        #expect(found[4]?.port == 1)
    }

    @Test("fillers, groups, short texts, port 0 and halves name nobody")
    func hostile() {
        let found = SpanningTreeReader.designated([
            Self.row(8, 1, Array(repeating: 0, count: 8)), Self.row(9, 1, [0x80, 1]),
            Self.row(8, 2, [0x80, 0, 0x01, 0x80, 0xc2, 0, 0, 0]), Self.row(9, 2, [0x80, 1]),
            Self.row(8, 3, [0, 0x1b, 0x21, 1, 2, 3]), Self.row(9, 3, [0x80, 1]),
            Self.row(8, 4, [0x80, 0, 0, 0x1b, 0x21, 1, 2, 4]), Self.row(9, 4, [0x80, 0]),
            Self.row(8, 5, [0x80, 0, 0, 0x1b, 0x21, 1, 2, 4]), Self.row(9, 6, [0x80, 1]),
            Self.row(8, 7, []), Self.row(9, 7, []),
            SNMPRow(OID([1, 3, 6, 1, 2, 1, 17, 2, 15, 1, 8]), .octets([1])),
        ])
        #expect(found.isEmpty)
    }
}
