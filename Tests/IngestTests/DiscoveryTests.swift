import CMDB
import Logging
import Model
import SQLiteStores
import Stores
import Synchronization
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
            return "\(name) \(from?.rawValue ?? "-") \(to?.rawValue ?? "-")"
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

    private func silence(_ agent: String, _ isSilent: Bool, _ fleet: Fleet) async throws {
        var set = ChangeSet()
        set.agents = [.setSilent(agent: agent, silent: isSilent)]
        _ = try await fleet.store.commit(set)
    }

    private func receipt(_ source: String, of agent: String, _ fleet: Fleet) async throws -> Receipt? {
        try await fleet.store.receipts(of: agent).first { $0.source == source }
    }

    @Test("that went to another agent are that one's word alone: what the first says when it is back is not taken")
    func fenced() async throws {
        let fleet = try await fleet()
        try await fleet.send("a1", .discoveries([Self.switchFound()]))
        try await fleet.send("a2", .discoveries([Self.switchFound()]))
        let id = try #require(try await fleet.store.discoveries(DiscoveryQuery()).first?.id)
        _ = try await commands(fleet).accept(id, agent: "a1", by: "ann")
        let device = Subject.device(target: "access-7")
        func said(_ name: String) -> Report {
            section(.system, [item("", ["name": .text(name)])], of: device, address: "192.0.2.7")
        }
        func answered(_ state: CheckState) -> Report {
            .checks([
                CheckResult(
                    check: CheckResult.answerCheck(of: "access-7"), kind: "snmp", subject: device, state: state,
                    message: "",
                    failuresInRow: state == .ok ? 0 : 3, milliseconds: 1)
            ])
        }
        try await fleet.send("a1", said("access-7"), answered(.critical))
        let ci = try #require(try await fleet.device("a1", "access-7"))
        try await silence("a1", true, fleet)
        try await keeper(fleet).look()
        #expect(try await commands(fleet).show(id).holder == "a2")
        // Its last word ended with its turn.
        #expect(try await fleet.store.newestResult(agent: "a1", check: "snmp:access-7") == nil)
        try await fleet.send("a2", said("access-7"), answered(.ok))
        try await silence("a1", false, fleet)
        let sample = Report.samples(
            SampleReport(
                subject: device, introduced: [IndexedSeries(index: 1, series: SeriesName("up"))],
                values: [IndexedValue(index: 1, value: 0)]))
        let before = fleet.sink.values.withLock { $0.count }
        let answer = try await fleet.send("a1", said("liar"), answered(.critical), sample)
        #expect(answer.refused.isEmpty && answer.stored == 3)
        #expect(try await fleet.store.ci(ci.id, asOf: nil)?.name == "access-7")
        #expect(try await fleet.store.newestResult(agent: "a1", check: "snmp:access-7") == nil)
        #expect(try await fleet.store.newestResult(agent: "a2", check: "snmp:access-7")?.result.state == .ok)
        #expect(fleet.sink.values.withLock { $0.count } == before)
        #expect(
            try await receipt("lease/access-7", of: "a1", fleet)?.message
                == "not taken: agent a2 has this device now, number 2")
        // Other devices and the host are still its own.
        try await fleet.send("a1", section(.system, [item("", ["name": "own"])], of: .device(target: "own")))
        #expect(try await fleet.device("a1", "own")?.name == "own")
        // When it has the device again, its word counts again.
        try await silence("a2", true, fleet)
        try await keeper(fleet).look()
        #expect(try await commands(fleet).show(id).fence == 3)
        try await fleet.send("a1", answered(.critical))
        #expect(try await fleet.store.newestResult(agent: "a1", check: "snmp:access-7")?.result.state == .critical)
    }

    @Test("and accepted go to the agent with the fewest of them")
    func fewest() async throws {
        let fleet = try await fleet()
        for number in 1...4 {
            var found = Self.switchFound("192.0.2.\(number)", mac: "00:1b:21:00:00:0\(number)")
            found.name = "access-\(number)"
            try await fleet.send("a1", .discoveries([found]))
            try await fleet.send("a2", .discoveries([found]))
        }
        for record in try await fleet.store.discoveries(DiscoveryQuery()) {
            _ = try await commands(fleet).accept(record.id, by: "ann")
        }
        #expect(try await fleet.store.acceptedDevices(of: "a1").count == 2)
        #expect(try await fleet.store.acceptedDevices(of: "a2").count == 2)
    }

    @Test("in a network that is another agent's now are not taken; of a site's agents one address is one thing")
    func site() async throws {
        let fleet = try await fleet()
        let network = try #require(IPNetwork("192.0.2.0/24"))
        func lease(_ agent: String, after fence: Int64, _ lease: Lease) async throws -> Lease {
            var lease = lease
            lease.pass(to: agent, at: SQLiteStore.wallTime())
            var set = ChangeSet()
            set.sweeps = [.put(SweepLease(policy: "site", network: network, lease: lease), after: fence)]
            _ = try await fleet.store.commit(set)
            return lease
        }
        let silent = DiscoveryFinding(addresses: ["192.0.2.1"], ways: [.icmp])
        let elsewhere = DiscoveryFinding(addresses: ["198.51.100.1"], ways: [.icmp])
        let first = try await lease("a1", after: 0, Lease())
        try await fleet.send("a1", .discoveries([silent, elsewhere]))
        _ = try await lease("a2", after: 1, first)
        try await fleet.send("a2", .discoveries([silent, elsewhere]))
        let found = try await fleet.store.discoveries(DiscoveryQuery())
        #expect(
            Set(found.map { "\($0.label) \($0.sights.map(\.agent))" }) == [
                #"192.0.2.1 ["a1", "a2"]"#, #"198.51.100.1 ["a1"]"#, #"198.51.100.1 ["a2"]"#,
            ])
        let before = try #require(found.first { $0.label == "192.0.2.1" })
        var other = silent
        other.ports = [23]
        try await fleet.send("a1", .discoveries([other, elsewhere]))
        #expect(try await commands(fleet).show(before.id) == before)
        let receipt = try await receipt("lease/networks", of: "a1", fleet)
        #expect(receipt?.message == "not taken: another agent looks through 192.0.2.0/24 now" && receipt?.found == 1)
        // Somebody else's number was counted up meanwhile.
        await #expect(throws: StoreError.self) { _ = try await lease("a1", after: 1, first) }
    }

    @Test("and were not seen for long are forgotten while they wait, but not in the first day of the collector")
    func forgotten() async throws {
        let fleet = try await fleet()
        try await fleet.send("a1", .discoveries([Self.switchFound()]))
        try await fleet.send("a1", .discoveries([DiscoveryFinding(addresses: ["192.0.2.9"], ways: [.icmp])]))
        let ignored = try #require(try await fleet.store.discoveries(DiscoveryQuery()).last?.id)
        _ = try await commands(fleet).ignore(ignored, by: "ann")
        let start = SQLiteStore.wallTime()
        let time = Mutex(start)
        let clock = AlarmClock(now: { time.withLock { $0 } }, sleep: { _ in })
        func keeper(_ days: Int64) -> DiscoveryKeeper {
            DiscoveryKeeper(
                store: fleet.store, machines: nil, clock: clock, forgetSeconds: days * 86_400,
                logger: Logger(label: "test"))
        }
        let (never, soon) = (keeper(0), keeper(30))
        time.withLock { $0 = start.adding(seconds: 29 * 86_400) }
        try await soon.look()
        time.withLock { $0 = start.adding(seconds: 31 * 86_400) }
        try await never.look()
        // One that has just begun, maybe with a clock that is wrong.
        try await keeper(30).look()
        #expect(try await fleet.store.discoveryCounts() == [.waiting: 1, .ignored: 1])
        try await soon.look()
        #expect(try await fleet.store.discoveryCounts() == [.ignored: 1])
        #expect(try await changes(fleet).last == "192.0.2.9 waiting -")
        let audit = try await fleet.store.auditEntries(before: nil, limit: 1)
        #expect(audit.first?.action == "discovery.forget")
        // Seen again, it waits again.
        try await fleet.send("a1", .discoveries([DiscoveryFinding(addresses: ["192.0.2.9"], ways: [.icmp])]))
        #expect(try await fleet.store.discoveryCounts() == [.waiting: 1, .ignored: 1])
    }

    @Test("with wicked values are refused alone, or shown on one line")
    func wicked() async throws {
        let fleet = try await fleet()
        let nowhere = DiscoveryFinding(addresses: ["not an address"], ways: [.icmp])
        let answer = try await fleet.send("a1", .discoveries([nowhere]), .discoveries([Self.switchFound()]))
        #expect(answer.refused.count == 1 && answer.stored == 1)
    }
}
