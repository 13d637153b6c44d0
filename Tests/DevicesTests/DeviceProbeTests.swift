import FoundationEssentials
import Model
import SNMP
import SNMPTestSupport
import Testing

@testable import Devices

@Suite("A probe of the made-up switch")
struct DeviceProbeTests {
    private func report(dropping unanswered: String? = nil) async throws -> DeviceReport {
        try await withExampleSwitch(dropping: unanswered) { client, target in
            await DeviceProbe(profiles: exampleProfiles).run(client: client, target: target)
        }
    }

    @Test("reads what it is: standard MIBs first, then the family's profile, texts made safe")
    func identity() async throws {
        let report = try await report()
        #expect(report.vendor == "Example")
        #expect(report.os == "exos")
        #expect(report.kind == "network")
        #expect(report.model == "EX-48")
        #expect(report.serial == "SN12345678")
        #expect(report.version == "6.1.4-p1")
        #expect(report.name == "access-7")
        #expect(report.description == "Example Switch 6.1.4 build 42[31m")
        #expect(report.location == "Rack 7\u{FFFD}")
        #expect(report.uptimeSeconds == 123_456)
        #expect(report.engineID == "80:00:7e:d9:05:01:02")
        #expect(report.lldpChassisID == "02:00:5e:10:00:01")
        #expect(report.receipt.notAnswered.isEmpty)
        #expect(report.receipt.complete == Set(DevicePart.allCases).subtracting([.accessPoints, .guests]))
    }

    @Test("reads interfaces from both tables, and leaves out what is filler or nonsense")
    func interfaces() async throws {
        let report = try await report()
        #expect(report.interfaces.map(\.name) == ["ge-0/0/1", "ge-0/0/2", "TenGigabit 3"])
        #expect(report.interfaces.map(\.speedBitsPerSecond) == [1_000_000_000, 1_000_000_000, 10_000_000_000])
        #expect(report.interfaces.map { $0.mac?.description } == ["02:00:5e:10:01:01", nil, "02:00:5e:10:01:03"])
        #expect(report.interfaces.map(\.mtu) == [1500, 9216, nil])
        #expect(report.interfaces.map(\.type) == ["ethernetCsmacd", "ethernetCsmacd", "9999"])
        #expect(report.interfaces.map(\.admin) == ["up", "down", "up"])
        #expect(report.interfaces.map(\.oper) == ["up", "down", "77"])
        #expect(report.interfaces.map(\.alias) == ["uplink", "]0;pwned", nil])
    }

    @Test("reads addresses in both forms, each once")
    func addresses() async throws {
        let report = try await report()
        #expect(report.addresses.map(\.text) == ["192.0.2.7/26", "198.51.100.1", "2001:db8::7/64"].sortedByOctets)
        #expect(Set(report.addresses.compactMap(\.interface)) == [501, 502, 503])
    }

    @Test("reads neighbours, with the local interface by name, number or MAC")
    func neighbours() async throws {
        let report = try await report()
        #expect(report.neighbours.map(\.localPort) == ["ge-0/0/1", "ge-0/0/2", "TenGigabit 3"])
        #expect(report.neighbours.map(\.localInterface) == [501, 502, 503])
        #expect(report.neighbours.map(\.chassisID) == ["02:00:5e:20:00:01", "192.0.2.5", "rack-7-pdu"])
        #expect(report.neighbours.map(\.chassisIDType) == ["mac", "ip", "local"])
        #expect(report.neighbours.map(\.portID) == ["Ethernet7", "02:00:5e:20:01:02", "00:ff:10"])
        #expect(report.neighbours.map(\.chassisName) == ["core-1", nil, "pdu"])
    }

    @Test("tells counters with 64 bits where there are any")
    func counters() async throws {
        let interfaces = try await withExampleSwitch { client, target in
            await DeviceProbe(profiles: exampleProfiles).counters(client: client, target: target).interfaces
        }
        let samples = DeviceInterface.samples(interfaces)
        let received = samples.filter { $0.series.attributes["network.io.direction"] == "receive" }
        let octets = received.filter { $0.series.metric == "hw.network.io" }
        #expect(octets.map { $0.series.attributes["network.interface.name"] } == ["ge-0/0/1", "ge-0/0/2"])
        #expect(octets.map(\.value) == [9_007_199_254_740_992, 4_294_967_295])
        #expect(received.filter { $0.series.metric == "hw.errors" }.map(\.value) == [7])
    }

    @Test("becomes sections without a value that changes by itself")
    func sections() async throws {
        let sections = try await report().sections()
        #expect(sections.map(\.name).prefix(4) == [.system, .interfaces, .entities, .neighbours])
        #expect(
            Set(sections.dropFirst(4).map(\.name)) == [
                .vlans, .forwarding, .arp, .sensors, .supplies, .storage, .peers, .routes,
            ])
        #expect(sections.allSatisfy { $0.isComplete })
        let system = try #require(sections.first?.items.first)
        #expect(system.key.isEmpty)
        #expect(system.attributes["lldp_chassis_id"] == "02:00:5e:10:00:01")
        #expect(system.attributes["uptime_seconds"] == nil)
        let interfaces = sections[1].items
        #expect(interfaces.map(\.key) == ["501", "502", "503"])
        #expect(interfaces[0].attributes["addresses"] == .list(["192.0.2.7/26"]))
        #expect(interfaces[2].attributes["speed_bps"] == 10_000_000_000)
        #expect(!interfaces.contains { $0.attributes.keys.contains("in_octets") })
        #expect(sections[2].items.map(\.key) == ["1", "2"])
        #expect(sections[3].items.contains { $0.key == "ge-0/0/1|02:00:5e:20:00:01|Ethernet7" })
    }

    @Test("that is only half answered says so, and its section is not complete")
    func halfAnswered() async throws {
        let report = try await report(dropping: "1.3.6.1.2.1.47")
        #expect(report.receipt.notAnswered.keys.map(\.rawValue) == ["entities"])
        #expect(report.vendor == "Example")
        let sections = report.sections()
        #expect(sections.first { $0.name == .entities }?.isComplete == false)
        #expect(sections.first { $0.name == .interfaces }?.isComplete == true)
    }

    @Test("of a Cisco switch asks each VLAN's context, and stops at the first that is silent")
    func contexts() async throws {
        func walk(_ text: String) -> RecordedWalk { RecordedWalk(Array(text.utf8)) }
        let whole = walk(
            """
            1.3.6.1.2.1.1.5.0|4|cat
            1.3.6.1.4.1.9.9.46.1.3.1.1.2.1.10|2|1
            1.3.6.1.4.1.9.9.46.1.3.1.1.4.1.10|4|users
            1.3.6.1.4.1.9.9.46.1.3.1.1.2.1.20|2|1
            1.3.6.1.4.1.9.9.46.1.3.1.1.4.1.20|4|voice
            1.3.6.1.4.1.9.9.46.1.3.1.1.2.1.1002|2|1
            """)
        let ten = walk(
            """
            1.3.6.1.2.1.17.1.4.1.2.5|2|10105
            1.3.6.1.2.1.17.4.3.1.2.2.0.94.16.1.1|2|5
            1.3.6.1.2.1.17.4.3.1.3.2.0.94.16.1.1|2|3
            """)
        let twenty = walk(
            """
            1.3.6.1.2.1.17.1.4.1.2.6|2|10106
            1.3.6.1.2.1.17.4.3.1.2.2.0.94.16.1.1|2|6
            """)
        let probe = DeviceProbe(profiles: DeviceProfiles())
        let report = await probe.run(RecordedSession(whole, vlans: [10: ten, 20: twenty]))
        #expect(report.vlans.map(\.id) == [10, 20])
        #expect(report.vlans.map(\.name) == ["users", "voice"])
        #expect(report.forwarding.map(\.vlan) == [10, 20])
        #expect(report.forwarding.map(\.interface) == [10105, 10106])
        #expect(report.forwarding.map(\.status) == ["learned", "learned"])
        #expect(report.receipt.complete.contains(.forwarding))
        let silent = await probe.run(SilentContexts(device: RecordedSession(whole), answering: [10: ten]))
        #expect(silent.forwarding.map(\.vlan) == [10])
        #expect(silent.receipt.notAnswered[.forwarding]?.hasPrefix("in the context of VLAN 20") == true)
    }

    @Test("reads VLANs of IEEE8021-Q-BRIDGE-MIB: name, members and untagged ports")
    func ieeeVLANs() async {
        let walk = RecordedWalk(
            Array(
                """
                1.3.6.1.2.1.1.5.0|4|ieee-7
                1.3.6.1.2.1.17.1.4.1.2.1|2|501
                1.3.6.1.2.1.17.1.4.1.2.2|2|502
                1.3.111.2.802.1.1.4.1.4.3.1.3.1.10|4|users
                1.3.111.2.802.1.1.4.1.4.3.1.4.1.10|4x|c0
                1.3.111.2.802.1.1.4.1.4.3.1.6.1.10|4x|40
                """.utf8))
        let report = await DeviceProbe(profiles: DeviceProfiles()).run(RecordedSession(walk))
        #expect(report.vlans.map(\.id) == [10])
        #expect(report.vlans.map(\.name) == ["users"])
        #expect(report.vlans.map(\.interfaces) == [[501, 502]])
        #expect(report.vlans.map(\.untagged) == [[502]])
    }

    @Test("without any answer has a failure and no section")
    func dead() async throws {
        let report = try await report(dropping: "1")
        #expect(report.receipt.failure?.contains("no answer") == true)
        #expect(report.sections().isEmpty)
    }

    @Test("prints JSON with every key of the contract")
    func json() async throws {
        struct Printed: Decodable {
            struct Receipt: Decodable {
                var requests: Int
                var retries: Int
                var rows: Int
                var seconds: Double
                var not_answered: [String]
            }
            struct Item: Decodable {}
            var vendor, os, model, version, serial, kind, name, description, object_id, location, contact: String
            var uptime_seconds: Int64
            var interfaces, addresses, neighbours, sensors, entities, vlans, forwarding, arp, supplies, volumes: [Item]
            var receipt: Receipt
        }
        let text = try await report().json()
        let printed = try JSONDecoder().decode(Printed.self, from: Data(text.utf8))
        #expect(printed.object_id == "1.3.6.1.4.1.32473.1.2.3")
        #expect(printed.interfaces.count == 3)
        #expect(printed.receipt.not_answered.isEmpty)
        let empty = try DeviceReport().json()
        #expect(empty.contains("\"vendor\" : null"))
    }

    @Test("prints a table that no device can use to steer a terminal")
    func table() async throws {
        let text = try await report().table()
        #expect(text.contains("ge-0/0/1"))
        #expect(text.contains("core-1"))
        #expect(!text.unicodeScalars.contains { $0.value < 32 && $0 != "\n" })
    }
}

/// A device that is silent in the contexts of all VLANs but a few.
private struct SilentContexts: DeviceSession {
    let device: RecordedSession
    let answering: [UInt32: RecordedWalk]

    func read(_ oids: [OID]) async -> SNMPResult { await device.read(oids) }
    func rows(under roots: [OID]) async -> SNMPResult { await device.rows(under: roots) }
    func rows(under roots: [OID], limit: Int) async -> SNMPResult { await device.rows(under: roots, limit: limit) }
    func vlan(_ number: UInt32) -> (any DeviceSession)? { answering[number].map { RecordedSession($0) } ?? Silence() }

    struct Silence: DeviceSession {
        func read(_ oids: [OID]) async -> SNMPResult { await rows(under: oids) }
        func rows(under roots: [OID]) async -> SNMPResult {
            var receipt = SNMPReceipt()
            receipt.end = .failed(.noAnswer(address: localhost, port: 161, tries: 1, portClosed: false))
            return SNMPResult(rows: [], receipt: receipt)
        }
        func rows(under roots: [OID], limit: Int) async -> SNMPResult { await rows(under: roots) }
        func vlan(_ number: UInt32) -> (any DeviceSession)? { nil }
    }
}

extension [String] {
    /// In the order of the report: IPv6 begins with 0x20, IPv4 with 0xc0.
    fileprivate var sortedByOctets: [String] { filter { $0.contains(":") } + filter { !$0.contains(":") } }
}
