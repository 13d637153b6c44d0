import Foundation
import Model
import SNMP
import Testing

@testable import Devices

@Suite("A recorded walk")
struct RecordedWalkTests {
    private func walk(_ text: String) -> RecordedWalk { RecordedWalk(Array(text.utf8)) }

    @Test("in snmprec is read whatever its order; the first of two counts, masked names are left out")
    func snmprec() {
        let walk = walk(
            """
            # a comment
            1.3.6.1.2.1.1.5.0|4|name
            1.3.6.1.2.1.1.1.0|4x|4142
            1.3.6.1.2.1.1.5.0|4|other
            10.xx.xx.1|4|masked
            1.3.6.1.2.1.1.3.0|67|4294967296
            1.3.6.1.2.1.2.2.1.10.1|65|4294967295
            1.3.6.1.2.1.4.20.1.1.192.0.2.1|64|192.0.2.1
            1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.9
            1.3.6.1.2.1.1.4.0|4e|a\\x42\\n
            """)
        #expect(walk.rows.map(\.oid) == walk.rows.map(\.oid).sorted())
        #expect(walk.rows.count == 6)
        #expect(walk.skippedLines == 2)
        #expect(walk[[1, 3, 6, 1, 2, 1, 1, 5, 0]] == .octets(Array("name".utf8)))
        #expect(walk[[1, 3, 6, 1, 2, 1, 1, 1, 0]] == .octets(Array("AB".utf8)))
        #expect(walk[[1, 3, 6, 1, 2, 1, 1, 4, 0]] == .octets(Array("aB\n".utf8)))
        #expect(walk[[1, 3, 6, 1, 2, 1, 1, 2, 0]] == .oid([1, 3, 6, 1, 4, 1, 9]))
        #expect(walk[[1, 3, 6, 1, 2, 1, 2, 2, 1, 10, 1]] == .counter32(.max))
        #expect(walk[[1, 3, 6, 1, 2, 1, 1, 3, 0]] == nil)
    }

    @Test("of snmpwalk -On is read with all types and values of several lines")
    func snmpwalk() {
        let walk = walk(
            """
            .1.3.6.1.2.1.1.1.0 = STRING: "two
            lines"
            .1.3.6.1.2.1.1.2.0 = OID: .1.3.6.1.4.1.9.1.516
            .1.3.6.1.2.1.1.3.0 = Timeticks: (12345) 0:02:03.45
            .1.3.6.1.2.1.2.2.1.6.1 = Hex-STRING: 02 00 5E 10 00
            01
            .1.3.6.1.2.1.2.2.1.7.1 = INTEGER: up(1)
            .1.3.6.1.2.1.31.1.1.1.6.1 = Counter64: 18446744073709551615
            .1.3.6.1.2.1.4.20.1.1.192.0.2.1 = IpAddress: 192.0.2.1
            .1.3.6.1.2.1.2.2.1.5.1 = Gauge32: 1000000000
            .1.3.6.1.2.1.1.6.0 = ""
            .1.3.6.1.2.1.1.9.0 = No Such Object available on this agent at this OID
            """)
        #expect(walk[[1, 3, 6, 1, 2, 1, 1, 1, 0]] == .octets(Array("two\nlines".utf8)))
        #expect(walk[[1, 3, 6, 1, 2, 1, 1, 2, 0]] == .oid([1, 3, 6, 1, 4, 1, 9, 1, 516]))
        #expect(walk[[1, 3, 6, 1, 2, 1, 1, 3, 0]] == .timeticks(12345))
        #expect(walk[[1, 3, 6, 1, 2, 1, 2, 2, 1, 6, 1]] == .octets([2, 0, 0x5e, 0x10, 0, 1]))
        #expect(walk[[1, 3, 6, 1, 2, 1, 2, 2, 1, 7, 1]] == .integer(1))
        #expect(walk[[1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 6, 1]] == .counter64(.max))
        #expect(walk[[1, 3, 6, 1, 2, 1, 4, 20, 1, 1, 192, 0, 2, 1]] == IPAddress("192.0.2.1").map { .ipAddress($0) })
        #expect(walk[[1, 3, 6, 1, 2, 1, 1, 6, 0]] == .octets([]))
        #expect(walk[[1, 3, 6, 1, 2, 1, 1, 9, 0]] == nil)
        #expect(walk.rows(under: [1, 3, 6, 1, 2, 1, 2]).map(\.oid).count == 3)
    }

    @Test(
        "of nonsense is empty, and nothing traps",
        arguments: ["", "|||", "1|2", ".= STRING", "1 = ", "\u{0}|4|x", "1.3|4x|abc"])
    func nonsense(_ text: String) { #expect(walk(text).rows.count <= 1) }

    @Test("gives the same report as the device it was recorded from")
    func sameAsLive() async throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Recordings/example-switch.snmprec")
        let probe = DeviceProbe(profiles: exampleProfiles)
        var replayed = await probe.run(RecordedSession(RecordedWalk(Array(try Data(contentsOf: file)))))
        var live = try await withExampleSwitch { client, target in await probe.run(client: client, target: target) }
        replayed.receipt = DeviceReceipt()
        live.receipt = DeviceReceipt()
        #expect(replayed == live)
    }

    @Test("that is larger than the limit says so in the receipt")
    func limited() async throws {
        let rows = (1...50).map { "1.3.6.1.2.1.2.2.1.2.\($0)|4|port \($0)" }.joined(separator: "\n")
        let session = RecordedSession(walk("1.3.6.1.2.1.1.5.0|4|x\n" + rows), limit: 20)
        let report = await DeviceProbe(profiles: DeviceProfiles()).run(session)
        #expect(report.interfaces.count == 20)
        #expect(report.receipt.notAnswered[.interfaces]?.contains("limits") == true)
        #expect(!report.receipt.complete.contains(.interfaces))
    }

    @Test("is written without contact, location, community and, on wish, serial numbers; and reads as it was")
    func recorded() {
        let serial: OID = [1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1, 11, 1]
        let rows = [
            SNMPRow([1, 3, 6, 1, 2, 1, 1, 4, 0], .octets(Array("Jane".utf8))),
            SNMPRow([1, 3, 6, 1, 2, 1, 1, 6, 0], .octets(Array("Rack".utf8))),
            SNMPRow([1, 3, 6, 1, 2, 1, 1, 1, 0], .octets(Array("it says s3cret here".utf8))),
            SNMPRow(serial, .octets(Array("SN1234".utf8))),
            SNMPRow([1, 3, 6, 1, 4, 1, 9, 1, 0], .octets(Array("SN1234".utf8))),
            SNMPRow([1, 3, 6, 1, 2, 1, 1, 3, 0], .timeticks(5)),
            SNMPRow([1, 3, 6, 1, 2, 1, 2, 2, 1, 6, 1], .octets([0, 255, 10])),
            SNMPRow([1, 3, 6, 1, 2, 1, 1, 5, 0], .noSuchObject),
        ]
        let text = DeviceRecorder.snmprec(rows, secrets: ["s3cret"], hidesSerials: true)
        for hidden in ["Jane", "Rack", "s3cret", "SN1234"] { #expect(!text.contains(hidden)) }
        let again = walk(text)
        #expect(again.skippedLines == 0)
        #expect(again[[1, 3, 6, 1, 2, 1, 1, 3, 0]] == .timeticks(5))
        #expect(again[[1, 3, 6, 1, 2, 1, 2, 2, 1, 6, 1]] == .octets([0, 255, 10]))
        #expect(again[[1, 3, 6, 1, 2, 1, 1, 4, 0]] == .octets([]))
        #expect(again[serial] == .octets(Array("XXXXXX".utf8)))
        #expect(again[[1, 3, 6, 1, 4, 1, 9, 1, 0]] == .octets(Array("XXXXXX".utf8)))
        let open = DeviceRecorder.snmprec(rows, secrets: [], hidesSerials: false)
        #expect(open.contains("SN1234"))
    }
}
