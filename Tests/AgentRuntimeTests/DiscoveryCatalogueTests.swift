import Model
import SNMP
import TOML
import Testing

@testable import AgentRuntime
@testable import Devices

@Suite("A round of discovery")
struct DiscoveryCatalogueTests {
    private func settings(_ text: String) throws -> DiscoverySettings {
        try DiscoverySettings(try TOMLDocument.parse(text, file: "d.toml"))
    }

    private func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

    private func answered(_ address: String, _ name: String) throws -> SweepReport.Device {
        SweepReport.Device(
            address: try self.address(address), credentials: [1], name: name, description: "Example Switch",
            objectID: [1, 3, 6, 1, 4, 1, 32473, 1], seconds: 0)
    }

    @Test("never asks outside the allowed networks, nor what is excluded, nor the host itself")
    func fence() throws {
        let settings = try settings(
            """
            networks = ["192.0.2.0/24"]
            crawl_networks = ["198.51.100.0/24", "2001:db8::/32"]
            exclude_addresses = ["192.0.2.128/25"]
            exclude_names = ["Lab-*"]
            exclude_platforms = ["*phone*"]
            """)
        let fence = DiscoveryFence(settings, own: [try address("192.0.2.5")])
        for (text, isAllowed) in [
            ("192.0.2.1", true), ("192.0.2.127", true), ("192.0.2.128", false), ("192.0.2.5", false),
            ("192.0.3.1", false), ("198.51.100.9", true), ("2001:db8::9", true), ("2001:db9::9", false),
            ("224.0.0.1", false), ("0.0.0.0", false),
        ] { #expect(try fence.allows(address(text)) == isAllowed, "\(text)") }
        #expect(try fence.isSwept(address("192.0.2.1")) && !fence.isSwept(address("198.51.100.9")))
        #expect(fence.excludes(name: "lab-7", platform: []) && !fence.excludes(name: "a-lab-7", platform: []))
        #expect(fence.excludes(name: nil, platform: [nil, "Cisco IP Phone 8845"]))
        #expect(!fence.excludes(name: nil, platform: [nil]))
    }

    @Test("finds each thing once, under all of its addresses, with who told of it")
    func once() throws {
        let credentials = [
            NamedCredential(name: "a", credential: .v2c(community: "x")),
            NamedCredential(name: "b", credential: .v2c(community: "y")),
        ]
        let fence = DiscoveryFence(try settings("networks = [\"192.0.2.0/24\"]\nexclude_names = [\"lab-*\"]"), own: [])
        var outcome = AddressSweep.Outcome(report: SweepReport())
        outcome.report.devices = [
            try answered("192.0.2.1", "core-1"), try answered("192.0.2.2", "core-1"),
            try answered("192.0.2.3", "lab-1"),
        ]
        outcome.report.withoutAnswer = [
            SweepReport.Refusal(address: try address("192.0.2.4"), reason: "wrong secret", kind: .wrongSecret),
            SweepReport.Refusal(address: try address("192.0.2.5"), reason: "closed", kind: .closed),
        ]
        outcome.report.present = [
            SweepReport.Present(address: try address("192.0.2.4"), ways: [.icmp]),
            SweepReport.Present(address: try address("192.0.2.6"), ways: [.tcp], ports: [22]),
        ]
        outcome.macs = [try address("192.0.2.6"): try #require(MACAddress("00:1b:21:00:00:06"))]
        var catalogue = DiscoveryCatalogue(snmpPort: 1161)
        catalogue.take(outcome, credentials, depth: 0, fence)
        for text in ["192.0.2.1", "192.0.2.2"] {
            var report = DeviceReport()
            (report.name, report.engineID, report.serial) = ("core-1", "80001f8880", "S1")
            report.addresses = [DeviceAddress(address: try address("192.0.2.1"), prefixLength: 24, interface: 1)]
            catalogue.take(report, at: try address(text))
        }
        catalogue.told(
            DiscoveryHint(
                address: try address("192.0.2.2"), name: "core-1.example", platform: nil, mac: nil,
                teller: "core-2 eth1 (lldp)"), depth: 1)
        // What is excluded by name stays out, whoever tells of it.
        catalogue.told(
            DiscoveryHint(
                address: try address("192.0.2.3"), name: nil, platform: nil, mac: nil, teller: "core-2 (arp)"),
            depth: 1)
        catalogue.told(
            DiscoveryHint(
                address: try address("192.0.2.7"), name: "phone", platform: nil, mac: nil, teller: "core-2 (arp)"),
            depth: 1)
        catalogue.leaveAlone(try address("192.0.2.7"))
        let all = catalogue.all
        #expect(all.map { $0.addresses.first } == ["192.0.2.1", "192.0.2.4", "192.0.2.5", "192.0.2.6"])
        let core = try #require(all.first)
        #expect(core.addresses == ["192.0.2.1", "192.0.2.2"] && core.ways == [.snmp, .neighbour])
        #expect(core.name == "core-1" && core.credential == "b" && core.snmpPort == 1161 && core.serial == "S1")
        #expect(core.toldBy == ["core-2 eth1 (lldp)"])
        #expect(all[1].refusal == .wrongSecret && all[1].ways == [.snmp, .icmp])
        #expect(all[2].refusal == .closed && all[2].ways == [.icmp])
        #expect(all[3].ways == [.tcp, .arp] && all[3].ports == [22] && all[3].macs == ["00:1b:21:00:00:06"])
        #expect(catalogue.excluded == 2 && catalogue.count == 4)
    }

    @Test("begins when the last one is an interval ago, also over a restart, and at once in other networks")
    func schedule() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/discovery.json"
        let now = Timestamp(seconds: 1_800_000_000)
        let first = try #require(IPNetwork("192.0.2.0/24"))
        var schedule = DiscoverySchedule(path: path, settings: try settings("networks = [\"192.0.2.0/24\"]"))
        #expect(schedule.pause(at: now) == .zero)
        schedule.ended(schedule.due(at: now), at: now, .init(label: "test"))
        #expect(schedule.pause(at: now.adding(seconds: 3600)) == .seconds(23 * 3600))
        #expect(schedule.due(at: now.adding(seconds: 3600)).isEmpty)
        #expect(schedule.pause(at: now.adding(seconds: 90_000)) == .zero)
        // The clock was set back.
        #expect(schedule.pause(at: now.adding(seconds: -10)) == .zero)
        // Another agent's network comes to this one: it alone is looked through.
        let more = "networks = [\"192.0.2.0/24\", \"198.51.100.0/24\"]"
        let other = DiscoverySchedule(path: path, settings: try settings(more))
        let due = other.due(at: now.adding(seconds: 3600))
        #expect(due.map(\.key) == ["198.51.100.0/24"] && other.pause(at: now.adding(seconds: 3600)) == .zero)
        #expect(other.due(at: now.adding(seconds: 90_000)).compactMap(\.network).contains(first))
    }
}
