import CMDB
import Logging
import Model
import SQLiteStores
import Stores
import Testing
import Wire

@testable import CollectorServices

@Suite("What agents find in networks")
struct DiscoveryTests {
    private func fleet() async throws -> Fleet {
        let fleet = try Fleet()
        try await fleet.enrol("a1", "a2")
        return fleet
    }

    private static func switchFound(
        _ address: String = "192.0.2.7", mac: String = "00:1b:21:00:00:07"
    ) -> DiscoveryFinding {
        var finding = DiscoveryFinding(addresses: [address], ways: [.snmp])
        finding.name = "access-7"
        finding.objectID = "1.3.6.1.4.1.32473.1.48"
        finding.macs = [mac]
        finding.credential = "core"
        return finding
    }

    private func commands(_ fleet: Fleet) -> DiscoveryCommands {
        DiscoveryCommands(store: fleet.store, now: SQLiteStore.wallTime)
    }

    private func keeper(_ fleet: Fleet) -> DiscoveryKeeper {
        DiscoveryKeeper(
            store: fleet.store, machines: nil, clock: AlarmClock.steady(from: SQLiteStore.wallTime()),
            logger: Logger(label: "test"))
    }

    private func changes(_ fleet: Fleet) async throws -> [String] {
        try await fleet.store.entries(after: .start, limit: 1000).compactMap { entry in
            guard case .discoveryChanged(_, let name, let from, let to, _) = entry.event else { return nil }
            return "\(name) \(from?.rawValue ?? "-") \(to.rawValue)"
        }
    }

    @Test("wait once in the queue, whoever sees them and however often")
    func once() async throws {
        let fleet = try await fleet()
        var other = DiscoveryFinding(addresses: ["192.0.2.9"], ways: [.icmp])
        other.ports = [22]
        try await fleet.send("a1", .discoveries([Self.switchFound(), other]))
        try await fleet.send("a1", .discoveries([Self.switchFound(), other]))
        // Another agent reaches the same device under another address, and knows it by its MAC address.
        try await fleet.send("a2", .discoveries([Self.switchFound("198.51.100.7")]))
        let found = try await fleet.store.discoveries(DiscoveryQuery())
        #expect(found.map(\.label) == ["192.0.2.9", "access-7"])
        let access = try #require(found.last)
        #expect(access.finding.addresses == ["198.51.100.7", "192.0.2.7"])
        #expect(access.sights.map(\.agent) == ["a1", "a2"])
        #expect(access.version == 3)
        #expect(try await changes(fleet) == ["access-7 - waiting", "192.0.2.9 - waiting"])
    }

    @Test("of one name and maker with other MAC addresses are two")
    func twins() async throws {
        let fleet = try await fleet()
        try await fleet.send(
            "a1",
            .discoveries([
                Self.switchFound(), Self.switchFound("192.0.2.8", mac: "00:1b:21:00:00:08"),
            ]))
        try await fleet.send("a1", .discoveries([Self.switchFound()]))
        #expect(try await fleet.store.discoveries(DiscoveryQuery()).count == 2)
    }

    @Test("that refused a secret keep that word until they are asked again")
    func refusal() async throws {
        let fleet = try await fleet()
        var refusing = DiscoveryFinding(addresses: ["192.0.2.7"], ways: [.snmp])
        (refusing.refusal, refusing.refusalText) = (.wrongSecret, "wrong secret")
        try await fleet.send("a1", .discoveries([refusing]))
        try await fleet.send("a1", .discoveries([DiscoveryFinding(addresses: ["192.0.2.7"], ways: [.icmp])]))
        #expect(try await fleet.store.discoveries(DiscoveryQuery()).map(\.finding.refusal) == [.wrongSecret])
        var closed = DiscoveryFinding(addresses: ["192.0.2.7"], ways: [.icmp])
        closed.refusal = .closed
        try await fleet.send("a1", .discoveries([closed]))
        #expect(try await fleet.store.discoveries(DiscoveryQuery()).map(\.finding.refusal) == [.closed])
        try await fleet.send("a1", .discoveries([Self.switchFound()]))
        let found = try await fleet.store.discoveries(DiscoveryQuery())
        #expect(found.count == 1 && found.first?.finding.refusal == nil)
    }

    @Test("with an address that another thing has now are another one")
    func reusedAddress() async throws {
        let fleet = try await fleet()
        try await fleet.send("a1", .discoveries([Self.switchFound()]))
        var printer = Self.switchFound(mac: "00:1b:21:00:00:99")
        printer.name = "printer-1"
        try await fleet.send("a1", .discoveries([printer]))
        #expect(try await fleet.store.discoveries(DiscoveryQuery()).map(\.label) == ["printer-1", "access-7"])
    }

    @Test("that two agents see at one address with nothing else known stay two: networks use the same addresses")
    func sameAddress() async throws {
        let fleet = try await fleet()
        let silent = DiscoveryFinding(addresses: ["10.0.0.1"], ways: [.icmp])
        try await fleet.send("a1", .discoveries([silent]))
        try await fleet.send("a2", .discoveries([silent]))
        #expect(try await fleet.store.discoveries(DiscoveryQuery()).count == 2)
    }

    @Test("are linked by themselves where a CI has their MAC address, their address at that agent, or alone their name")
    func linked() async throws {
        let fleet = try await fleet()
        let device = Subject.device(target: "core-1")
        try await fleet.send(
            "a1",
            section(
                .system, [item("", ["name": "core-1", "object_id": "1.3.6.1.4.1.32473.1.1"])], of: device,
                address: "192.0.2.1"),
            section(.interfaces, [item("1", ["name": "eth1", "mac": "00:1b:21:00:01:01"])], of: device))
        let known = try #require(try await fleet.device("a1", "core-1"))
        let byAddress = DiscoveryFinding(addresses: ["192.0.2.1"], ways: [.icmp])
        var byMAC = DiscoveryFinding(addresses: ["192.0.2.200"], ways: [.arp])
        byMAC.macs = ["00:1b:21:00:01:01"]
        var byName = DiscoveryFinding(addresses: ["198.51.100.1"], ways: [.snmp])
        byName.name = "CORE-1"
        byName.objectID = "1.3.6.1.4.1.32473.1.1"
        var another = DiscoveryFinding(addresses: ["198.51.100.2"], ways: [.snmp])
        another.name = "core-1"
        another.objectID = "1.3.6.1.4.1.32473.9.9"
        try await fleet.send("a1", .discoveries([byAddress, byMAC]))
        try await fleet.send("a2", .discoveries([byAddress, byName, another]))
        let linked = try await fleet.store.discoveries(DiscoveryQuery(states: [.linked]))
        #expect(linked.count == 3 && linked.allSatisfy { $0.ci == known.id && $0.decidedBy == "collector" })
        let waiting = try await fleet.store.discoveries(DiscoveryQuery())
        #expect(
            Set(waiting.map { "\($0.finding.addresses.first ?? "") \($0.sights.map(\.agent))" })
                == ["192.0.2.1 [\"a2\"]", "198.51.100.2 [\"a2\"]"])
    }

    @Test("are linked when they have become a CI meanwhile")
    func linkedLater() async throws {
        let fleet = try await fleet()
        try await fleet.send("a1", .discoveries([DiscoveryFinding(addresses: ["192.0.2.1"], ways: [.icmp])]))
        try await keeper(fleet).look()
        #expect(try await fleet.store.discoveryCounts() == [.waiting: 1])
        try await fleet.send(
            "a1",
            section(
                .system, [item("", ["name": "core-1"])], of: .device(target: "core-1"), address: "192.0.2.1"))
        try await keeper(fleet).look()
        #expect(try await fleet.store.discoveryCounts() == [.linked: 1])
    }

    @Test("that are ignored stay so when they are seen again")
    func ignored() async throws {
        let fleet = try await fleet()
        try await fleet.send("a1", .discoveries([Self.switchFound()]))
        let id = try #require(try await fleet.store.discoveries(DiscoveryQuery()).first?.id)
        _ = try await commands(fleet).ignore(id, note: "lab", by: "ann")
        try await fleet.send("a2", .discoveries([Self.switchFound()]))
        let after = try await commands(fleet).show(id)
        #expect(after.state == .ignored && after.note == "lab" && after.sights.count == 2)
        #expect(try await fleet.store.discoveryCounts() == [.ignored: 1])
        let audit = try await fleet.store.auditEntries(before: nil, limit: 10)
        #expect(audit.first.map { "\($0.who) \($0.action) \($0.detail)" } == "ann discovery.ignore lab")
    }

    @Test("that are accepted are a device of the agent that they answer, with the credential by name")
    func accepted() async throws {
        let fleet = try await fleet()
        var unanswered = Self.switchFound()
        unanswered.credential = nil
        try await fleet.send("a2", .discoveries([unanswered]))
        try await fleet.send("a1", .discoveries([Self.switchFound()]))
        let id = try #require(try await fleet.store.discoveries(DiscoveryQuery()).first?.id)
        let record = try await commands(fleet).accept(id, by: "ann")
        #expect(record.state == .accepted && record.holder == "a1" && record.device == "access-7" && record.fence == 1)
        let device = try #require(try await fleet.store.acceptedDevices(of: "a1").first)
        #expect(device.name == "access-7")
        #expect(device.settings == ["address": "192.0.2.7", "credentials": .list(["core"])])
        #expect(try await fleet.store.acceptedDevices(of: "a2").isEmpty)
        // What the agent then says of it makes the CI that the record points to.
        try await fleet.send(
            "a1",
            section(
                .system, [item("", ["name": "access-7"])], of: .device(target: "access-7"), address: "192.0.2.7"))
        try await keeper(fleet).look()
        let ci = try #require(try await fleet.device("a1", "access-7"))
        #expect(try await commands(fleet).show(id).ci == ci.id)
    }

    @Test("are not accepted under a name that a device of the agent has, nor for an agent that does not see them")
    func refusedNames() async throws {
        let fleet = try await fleet()
        try await fleet.send(
            "a1",
            section(.system, [item("", ["name": "other"])], of: .device(target: "access-7"), address: "192.0.2.99"))
        var found = Self.switchFound()
        found.objectID = nil
        found.name = "access-9"
        try await fleet.send("a1", .discoveries([found]))
        let id = try #require(try await fleet.store.discoveries(DiscoveryQuery()).first?.id)
        await #expect(throws: ServiceRefusal.self) { try await commands(fleet).accept(id, name: "access-7", by: "ann") }
        await #expect(throws: ServiceRefusal.self) { try await commands(fleet).accept(id, agent: "a2", by: "ann") }
        await #expect(throws: ServiceRefusal.self) { try await commands(fleet).accept(id, name: "a\nb", by: "ann") }
        await #expect(throws: ServiceRefusal.notFound("discovery 99999 does not exist")) {
            try await commands(fleet).accept(99_999, by: "ann")
        }
        #expect(try await fleet.store.discoveryCounts() == [.waiting: 1])
    }

    @Test("go to another agent that sees them when the one that probes them is silent")
    func moved() async throws {
        let fleet = try await fleet()
        try await fleet.send("a1", .discoveries([Self.switchFound()]))
        try await fleet.send("a2", .discoveries([Self.switchFound()]))
        let id = try #require(try await fleet.store.discoveries(DiscoveryQuery()).first?.id)
        _ = try await commands(fleet).accept(id, by: "ann")
        try await keeper(fleet).look()
        #expect(try await commands(fleet).show(id).holder == "a1")
        var set = ChangeSet()
        set.agents = [.setSilent(agent: "a1", silent: true)]
        _ = try await fleet.store.commit(set)
        try await keeper(fleet).look()
        let moved = try await commands(fleet).show(id)
        #expect(moved.holder == "a2" && moved.fence == 2)
        #expect(try await fleet.store.acceptedDevices(of: "a1").isEmpty)
        #expect(try await fleet.store.acceptedDevices(of: "a2").count == 1)
    }

    @Test("with wicked values are refused alone, or shown on one line")
    func wicked() async throws {
        let fleet = try await fleet()
        let nowhere = DiscoveryFinding(addresses: ["not an address"], ways: [.icmp])
        let answer = try await fleet.send("a1", .discoveries([nowhere]), .discoveries([Self.switchFound()]))
        #expect(answer.refused.count == 1 && answer.stored == 1)
    }
}
