import Devices
import Foundation
import Model
import SNMP
import TOML
import Testing

@Suite("Events of traps")
struct TrapReaderTests {
    private static let directory =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path + "/agent-config/traps"
    private static let linkDown: OID = [1, 3, 6, 1, 6, 3, 1, 1, 5, 3]
    private static let ifEntry: OID = [1, 3, 6, 1, 2, 1, 2, 2, 1]

    private static func event(_ kind: OID, _ rows: [SNMPRow] = []) throws -> DeviceEvent {
        let reader = TrapReader(catalogue: try TrapCatalogue(directory: directory))
        let address = try #require(IPAddress("192.0.2.7"))
        return reader.event(SNMPTrap(source: "sw-1", address: address, kind: kind, uptime: 1, rows: rows))
    }

    private static func text(_ oid: OID, _ text: String) -> SNMPRow { SNMPRow(oid, .octets(Array(text.utf8))) }

    @Test("the shipped catalogue can be read, and every kind in it is a word")
    func shipped() throws {
        #expect(try TrapCatalogue(directory: Self.directory).count > 120)
    }

    @Test("what Huawei, Comware, Ruijie and ZTE tell of their parts has an end that names the same part")
    func pairs() throws {
        let (name, index): (OID, OID) = (
            [1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1, 7, 9], [1, 3, 6, 1, 4, 1, 25506, 2, 6, 1, 1, 1, 1, 1, 9]
        )
        let fan: OID = [1, 3, 6, 1, 4, 1, 25506, 8, 35, 9, 1, 1, 1, 1, 2]
        let huawei = [Self.text(name, "FAN 1")]
        let cases: [(raised: OID, over: OID, rows: [SNMPRow], kinds: [DeviceEventKind], object: String)] = [
            (
                [1, 3, 6, 1, 4, 1, 2011, 5, 25, 219, 2, 6, 3], [1, 3, 6, 1, 4, 1, 2011, 5, 25, 219, 2, 6, 4], huawei,
                ["fan-failed", "fan-good"], "FAN 1"
            ),
            (
                [1, 3, 6, 1, 4, 1, 25506, 2, 6, 2, 0, 8], [1, 3, 6, 1, 4, 1, 25506, 2, 6, 2, 0, 22],
                [SNMPRow(index, .integer(9))], ["temperature-high", "temperature-good"], "9"
            ),
            (
                [1, 3, 6, 1, 4, 1, 25506, 8, 35, 12, 1, 6], [1, 3, 6, 1, 4, 1, 25506, 8, 35, 12, 1, 7],
                [SNMPRow(fan, .integer(2))], ["fan-failed", "fan-good"], "2"
            ),
            (
                [1, 3, 6, 1, 4, 1, 4881, 1, 1, 10, 2, 1, 2, 44], [1, 3, 6, 1, 4, 1, 4881, 1, 1, 10, 2, 1, 2, 45], [],
                ["temperature-high", "temperature-good"], ""
            ),
            (
                [1, 3, 6, 1, 4, 1, 3902, 1082, 10, 10, 3, 3, 1], [1, 3, 6, 1, 4, 1, 3902, 1082, 10, 10, 3, 3, 2], [],
                ["power-supply-failed", "power-supply-good"], ""
            ),
        ]
        for (raised, over, rows, kinds, object) in cases {
            let events = try [Self.event(raised, rows), Self.event(over, rows)]
            #expect(events.map(\.kind) == kinds)
            #expect(events.map(\.object) == [object, object])
        }
    }

    @Test("linkDown names the interface by its index, wherever that stands, and by its name")
    func links() throws {
        let index = SNMPRow(Self.ifEntry.appending(1, 7), .integer(7))
        let name = Self.text(Self.ifEntry.appending(2, 7), "GigabitEthernet0/7")
        let event = try Self.event(Self.linkDown, [index, name, SNMPRow(Self.ifEntry.appending(7, 7), .integer(1))])
        #expect(event.kind == .linkDown && event.interface == 7 && event.object == "GigabitEthernet0/7")
        #expect(event.subject == .device(target: "sw-1") && event.origin == .trap)
        #expect(event.trap == "linkDown" && event.details == ["ifAdminStatus = 1"])
        #expect(try Self.event(Self.linkDown, [name]).interface == 7)
        #expect(try Self.event(Self.linkDown).interface == nil)
    }

    @Test("an interface that was switched off is told apart")
    func disabled() throws {
        let rows = [
            SNMPRow(Self.ifEntry.appending(1, 7), .integer(7)), SNMPRow(Self.ifEntry.appending(7, 7), .integer(2)),
        ]
        #expect(try Self.event(Self.linkDown, rows).kind == .linkDisabled)
    }

    @Test("a trap of an SNMPv1 MIB is known in both forms (RFC 3584)")
    func bothForms() throws {
        #expect(try Self.event([1, 3, 6, 1, 2, 1, 33, 2, 1]).kind == "ups-on-battery")
        #expect(try Self.event([1, 3, 6, 1, 2, 1, 33, 2, 0, 1]).kind == "ups-on-battery")
        #expect(try Self.event([1, 3, 6, 1, 4, 1, 318, 0, 9]).kind == "ups-on-mains")
    }

    @Test("a value may decide what a trap means, and name what it is about")
    func states() throws {
        let fans: OID = [1, 3, 6, 1, 4, 1, 9, 9, 13, 1, 4, 1]
        let kind: OID = [1, 3, 6, 1, 4, 1, 9, 9, 13, 3, 0, 8]
        let name = Self.text(fans.appending(2, 3), "Fan 3")
        let failed = try Self.event(kind, [name, SNMPRow(fans.appending(3, 3), .integer(3))])
        #expect(failed.kind == "fan-failed" && failed.object == "Fan 3")
        #expect(try Self.event(kind, [name, SNMPRow(fans.appending(3, 3), .integer(1))]).kind == "fan-good")
    }

    @Test("of a trap that nobody knows its number and values are told")
    func unknown() throws {
        let event = try Self.event(
            [1, 3, 6, 1, 4, 1, 99999, 0, 1], [Self.text([1, 3, 6, 1, 4, 1, 99999, 1, 0], "boo")])
        #expect(event.kind == .other && event.trap == "1.3.6.1.4.1.99999.0.1")
        #expect(event.details == ["1.3.6.1.4.1.99999.1.0 = boo"])
    }

    @Test("hostile values are told as bounded text on one line")
    func hostile() throws {
        let rows = (0..<64).map { number in
            SNMPRow(
                [1, 3, 6, 1, 4, 1, 99999, 1, UInt32(number)],
                .octets([0x1b, 0x5b, 0x0a] + [UInt8](repeating: 0x61, count: 1000)))
        }
        let event = try Self.event([1, 3, 6, 1, 4, 1, 99999, 0, 1], rows)
        #expect(event.details.count <= 16)
        #expect(event.details.allSatisfy { $0.utf8.count < 300 && $0.utf8.allSatisfy { $0 >= 0x20 } })
        let odd = try Self.event(Self.linkDown, [SNMPRow(Self.ifEntry.appending(1, 7), .integer(-5))])
        #expect(odd.interface == nil)
    }

    @Test(
        "a catalogue that is wrong is refused with what is accepted",
        arguments: [
            "oid = \"1.3\"\nname = \"a\"\nkind = \"b\"", "oid = \"1.3.6.1\"\nname = \"a\"\nkind = \"Not A Word\"",
            "oid = \"1.3.6.1\"\nkind = \"b\"", "oid = \"1.3.6.1\"\nname = \"a\"\nkind = \"b\"\nstates = { x = \"b\" }",
            "oid = \"1.3.6.1\"\nname = \"a\"\nkind = \"b\"\nvalues = { x = \"y\" }",
            "oid = \"1.3.6.1\"\nname = \"a\"\nkind = \"b\"\nsurprise = 1",
        ])
    func refused(text: String) throws {
        let document = try TOMLDocument.parse("[[trap]]\n" + text, file: "test.toml")
        #expect(throws: TOMLError.self) { try TrapCatalogue(document) }
    }
}
