import Model
import SNMP
import SNMPTestSupport
import Testing

@testable import Devices

@Suite("Routes of a device")
struct RouteReaderTests {
    private static let inet = MIB.inetCidrRouteEntry
    private static let defaultRoute: [UInt32] = [1, 4, 0, 0, 0, 0, 0, 2, 0, 0, 1, 4, 192, 0, 2, 1]

    private static func network(_ number: UInt32) -> [UInt32] {
        [1, 4, 10, number >> 8 & 255, number & 255, 0, 24, 2, 0, 0, 1, 4, 192, 0, 2, 9]
    }

    private func probe(_ rows: [SNMPRow]) async -> DeviceReport {
        let name = SNMPRow(MIB.sysName, .octets(Array("r1".utf8)))
        return await DeviceProbe(profiles: DeviceProfiles()).run(
            RecordedSession(RecordedWalk(rows: rows + [name])), parts: [.system, .routes])
    }

    @Test("are counted by protocol, and the default route is told with its next router")
    func counted() async throws {
        var rows = [SNMPRow(MIB.inetCidrRouteNumber, .gauge32(3))]
        for (index, proto) in [(Self.defaultRoute, 13), (Self.network(1), 2), (Self.network(2), 13)] {
            rows.append(SNMPRow(OID(Self.inet.appending(9).parts + index), .integer(Int64(proto))))
            rows.append(SNMPRow(OID(Self.inet.appending(7).parts + index), .integer(12)))
        }
        let report = await probe(rows)
        #expect(report.routes.count == 3)
        #expect(report.routes.byProtocol == ["ospf": 2, "local": 1])
        #expect(!report.routes.isCut)
        let route = DeviceRoute(
            destination: "0.0.0.0/0", nextHop: IPAddress("192.0.2.1"), interface: 12, proto: "ospf")
        #expect(report.routes.defaults == [route])
        let section = try #require(report.sections().first { $0.name == .routes })
        #expect(section.items.map(\.key) == ["0.0.0.0/0 192.0.2.1 12"])
        #expect(section.isComplete)
        #expect(report.table().contains("Routes: 3 (ospf 2, local 1)"))
        #expect(try report.json().contains("\"by_protocol\""))
    }

    @Test("of a router in the Internet are not walked: its count, and the default routes alone")
    func large() async {
        var rows = [SNMPRow(MIB.inetCidrRouteNumber, .gauge32(950_000))]
        let six: [UInt32] =
            [2, 16] + [UInt32](repeating: 0, count: 17) + [2, 0, 0, 2, 16, 0x20, 1]
            + [UInt32](repeating: 0, count: 13) + [1]
        for index in [Self.defaultRoute, six] + (1...2000).map({ Self.network($0) }) {
            rows.append(SNMPRow(OID(Self.inet.appending(9).parts + index), .integer(14)))
            rows.append(SNMPRow(OID(Self.inet.appending(7).parts + index), .integer(1)))
        }
        let report = await probe(rows)
        #expect(report.routes.count == 950_000)
        #expect(report.routes.isCut)
        #expect(report.routes.byProtocol.isEmpty)
        #expect(report.routes.defaults.map(\.destination) == ["0.0.0.0/0", "::/0"])
        #expect(report.routes.defaults.map { $0.nextHop?.description } == ["192.0.2.1", "2001::1"])
        #expect(report.receipt.rows < 20)
        #expect(report.receipt.complete.contains(.routes))
    }

    @Test("that nobody counts are walked up to the limit, and it is said that there are more")
    func uncounted() async {
        let entry = MIB.ipRouteEntry
        var rows: [SNMPRow] = []
        for number in 0..<UInt32(1500) {
            let index: [UInt32] = number == 0 ? [0, 0, 0, 0] : [10, number >> 8, number & 255, 0]
            rows.append(SNMPRow(OID(entry.appending(9).parts + index), .integer(3)))
            rows.append(SNMPRow(OID(entry.appending(2).parts + index), .integer(4)))
            rows.append(
                SNMPRow(OID(entry.appending(7).parts + index), .ipAddress(IPAddress("192.0.2.254") ?? localhost)))
        }
        let report = await probe(rows)
        #expect(report.routes.isCut)
        #expect(report.routes.count == nil)
        #expect(report.routes.defaults.map { $0.nextHop?.description } == ["192.0.2.254"])
        #expect(report.receipt.rows <= 2 * RouteReader.limit + 20)
        #expect(report.receipt.notAnswered[.routes] == nil)
    }

    @Test("of the older table are read where the newer one is not there; odd indexes are nobody's route")
    func older() async {
        let entry = MIB.ipCidrRouteEntry
        var rows = [SNMPRow(MIB.inetCidrRouteNumber, .gauge32(0)), SNMPRow(MIB.ipCidrRouteNumber, .gauge32(4))]
        for index in [
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 192, 0, 2, 1], [0, 0, 0, 0, 0, 0, 0, 0, 0, 300, 0, 2, 1],
            [0, 0, 0, 0, 0, 0, 0, 0], [10, 0, 0, 0, 255, 0, 0, 0, 0, 192, 0, 2, 2],
        ] as [[UInt32]] {
            rows.append(SNMPRow(OID(entry.appending(7).parts + index), .integer(3)))
        }
        let report = await probe(rows)
        #expect(report.routes.count == 4)
        #expect(report.routes.byProtocol == ["static": 4])
        #expect(report.routes.defaults.compactMap { $0.nextHop?.description } == ["192.0.2.1"])
    }
}
