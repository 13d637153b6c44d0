import Foundation
import Model
import SNMP
import SNMPTestSupport
import Testing

@testable import Devices

/// P1: what a device tells can have any type, any index and any size; nothing of it may end the process.
@Suite("A device that lies")
struct HostileDeviceTests {
    /// Every column any reader or shipped profile asks for.
    private static let columns: Result<[OID], any Error> = Result {
        let profiles = try DeviceProfiles(directory: profileDirectory)
        let known = profiles.profiles + [profiles.standard]
        let facts = known.flatMap { $0.profile(on: $0.objectIDs.first?.appending(1)).places }.map(\.oid)
        let sensors = SensorReader.columns(known.flatMap(\.sensors)) + SensorReader.ciscoColumns
        let standard =
            InterfaceReader.columns + PortReader.columns + AddressReader.columns + EntityReader.columns
            + NeighbourReader.columns + CDPReader.columns + BridgeReader.portColumns + BridgeReader.vlanColumns
            + BridgeReader.forwardingColumns
            + ARPReader.columns + SupplyReader.columns + VolumeReader.columns + PeerReader.columns + RouteReader.columns
        let vlans = known.compactMap(\.vlans).flatMap(\.columns)
        let points = known.flatMap(\.accessPoints).flatMap(\.columns)
        let guests = known.flatMap(\.guests).flatMap(\.columns)
        let volumes = known.flatMap(\.volumes).flatMap(\.columns)
        return Array(Set(facts + sensors + standard + vlans + volumes + points + guests)).sorted()
    }

    private static let values: [SNMPValue] = [
        .integer(.min), .integer(.max), .integer(-1), .integer(0), .integer(3), .counter32(.max), .gauge32(.max),
        .timeticks(.max), .counter64(.max), .octets([]), .octets([0]), .octets([0xff, 0xfe, 0xfd]),
        .octets([UInt8](repeating: 0xff, count: 6)), .octets([UInt8](repeating: 0xff, count: 9000)),
        .octets(Array("1e999".utf8)), .octets(Array("-.".utf8)), .octets(Array("99999999999999999999".utf8)),
        .octets(Array("0:0:5e:0:1:1".utf8)), .oid([]), .oid(OID([UInt32](repeating: .max, count: 128))), .null,
        .opaque([0x9f, 0x78, 4, 0x7f, 0xc0, 0, 0]), .opaque([0x9f, 0x78, 4, 0xff]), .noSuchInstance,
        .ipAddress(localhost),
    ]
    private static let indexes: [[UInt32]] = [
        [], [0], [1], [.max], [1, 1], [0, 4094], [1, .max], [1, 1, 1], [1, 1, 4, 192, 0, 2, 1],
        [1, 4, 192, 0, 2, 1], [192, 0, 2, 1], [256, 0, 2, 1], [1, 2, 16] + [UInt32](repeating: 300, count: 16),
        [1, 0, 1, 2, 3, 4, 255], [1, 6, 0, 1, 2, 3, 4, 256], [7] + [UInt32](repeating: .max, count: 17),
        [UInt32](repeating: 9, count: 60),
    ]

    @Test("in every column at once is read without harm, and its report can be printed and sent", arguments: 0..<25)
    func everywhere(_ seed: Int) async throws {
        let columns = try Self.columns.get()
        #expect(columns.count > 800)
        var rows: [SNMPRow] = []
        for (place, column) in columns.enumerated() {
            for (number, index) in Self.indexes.enumerated() where number % 3 == (place + seed) % 3 {
                rows.append(
                    SNMPRow(OID(column.parts + index), Self.values[(place + number + seed) % Self.values.count]))
            }
        }
        let profiles = try DeviceProfiles(directory: profileDirectory)
        let families: [OID] = profiles.profiles.compactMap(\.objectIDs.first)
        rows.append(SNMPRow(MIB.sysObjectID, .oid(families[(seed * 13) % families.count].appending(1))))
        rows.append(SNMPRow(MIB.sysName, .octets(Array("liar".utf8))))
        let walk = RecordedWalk(rows: rows)
        let session = RecordedSession(walk, vlans: [1: walk, 4094: walk])
        let report = await DeviceProbe(profiles: profiles).run(session)
        #expect(report.name == "liar")
        #expect(try report.json().contains("liar"))
        #expect(report.table().unicodeScalars.allSatisfy { $0.value >= 32 || $0 == "\n" })
        for section in report.sections() {
            #expect(section.items.allSatisfy { $0.key.utf8.count <= Limits.valueBytes })
        }
    }
}
