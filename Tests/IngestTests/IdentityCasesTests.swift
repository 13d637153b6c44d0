import Model
import Stores
import Testing
import Wire

@Suite("Identity: situations with their expected outcome")
struct IdentityCasesTests {
    private let uuid = "4c4c4544-0042-3510-8051-b4c04f4a3332"
    private let swapped = "44454c4c-4200-1035-8051-b4c04f4a3332"

    @Test("a host that is renamed stays the same CI")
    func renamed() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a")
        try await fleet.send("a", section(.system, system("old")))
        let before = try await fleet.host("a")
        try await fleet.send("a", section(.system, system("new")))
        let after = try await fleet.host("a")
        #expect(before?.id == after?.id)
        #expect(after?.name == "new")
        #expect(try await fleet.all(.host).count == 1)
    }

    @Test("two agents with one machine-id are two hosts, and the conflict is told")
    func clonedMachineID() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a", "b")
        let id: AttributeValue = "0123456789abcdef0123456789abcde0"
        try await fleet.send("a", section(.system, system("one", ["machine_id": id])))
        try await fleet.send("b", section(.system, system("two", ["machine_id": id])))
        #expect(try await fleet.host("a")?.id != fleet.host("b")?.id)
        let owner = try await fleet.store.ci(withKey: "machine-id", value: "0123456789abcdef0123456789abcde0")
        #expect(try await owner == fleet.host("a")?.id)
    }

    @Test(
        "placeholder serials and UUIDs join nothing", arguments: ["To Be Filled By O.E.M.", "0123456789", "........"])
    func junkSerial(serial: String) async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a")
        let facts: [String: AttributeValue] = [
            "serial": .text(serial), "vendor": "Maker", "uuid": "03000200-0400-0500-0006-000700080009",
        ]
        try await fleet.send("a", section(.system, system("one", facts)))
        try await fleet.send(
            "a", section(.system, [item("", facts)], of: .device(target: "sw"), address: "192.0.2.1"))
        #expect(try await fleet.host("a")?.id != fleet.device("a", "sw")?.id)
    }

    @Test("a UUID in the other byte order is the same machine")
    func byteOrder() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a")
        try await fleet.send("a", section(.system, system("bmc-host", ["uuid": .text(uuid)])))
        try await fleet.send(
            "a", section(.system, [item("", ["uuid": .text(swapped)])], of: .device(target: "bmc")))
        #expect(try await fleet.host("a")?.id == fleet.device("a", "bmc")?.id)
        #expect(try await fleet.host("a")?.name == "bmc-host")
    }

    @Test("a container that shows its host's serial stays apart")
    func container() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a", "b")
        let serial: AttributeValue = "CZC1234XYZ"
        try await fleet.send("a", section(.system, system("metal", ["serial": serial, "vendor": "HP"])))
        try await fleet.send(
            "b", section(.system, system("inside", ["serial": serial, "vendor": "HP", "kind": "container"])))
        #expect(try await fleet.host("a")?.id != fleet.host("b")?.id)
        #expect(try await fleet.store.ci(withKey: "serial", value: "hp|CZC1234XYZ") == fleet.host("a")?.id)
    }

    @Test("M20: a reinstalled host with a new agent is not taken over by itself")
    func reinstalled() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("old", "new")
        let facts: [String: AttributeValue] = ["serial": "CZC1234XYZ", "vendor": "HP"]
        try await fleet.send("old", section(.system, system("pc1", facts)))
        try await fleet.send("new", section(.system, system("pc1", facts)))
        #expect(try await fleet.host("old")?.id != fleet.host("new")?.id)
    }

    @Test("a device seen by two agents is one CI when its serial says so")
    func twoAgents() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a", "b")
        let facts = [item("", ["name": "sw1", "serial": "FOC1234A1BC", "vendor": "Cisco"])]
        try await fleet.send("a", section(.system, facts, of: .device(target: "core"), address: "10.0.0.1"))
        try await fleet.send("b", section(.system, facts, of: .device(target: "sw"), address: "10.9.0.1"))
        #expect(try await fleet.device("a", "core")?.id == fleet.device("b", "sw")?.id)
        #expect(try await fleet.all(.device).map(\.name) == ["sw1"])
    }

    @Test("two devices at one private address of two agents stay two")
    func samePrivateAddress() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a", "b")
        for agent in ["a", "b"] {
            let facts = [item("", ["name": .text("sw-\(agent)"), "serial": .text("SERIAL-\(agent)1")])]
            try await fleet.send(agent, section(.system, facts, of: .device(target: "sw"), address: "192.168.1.1"))
        }
        #expect(try await fleet.all(.device).count == 2)
    }

    @Test("same serial, other UUID: held, not merged")
    func contradiction() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a")
        let one: [String: AttributeValue] = ["serial": "ABC123", "vendor": "Dell", "uuid": .text(uuid)]
        let other: [String: AttributeValue] = [
            "serial": "ABC123", "vendor": "Dell Inc.", "uuid": "11111111-2222-3333-4444-555555555555",
        ]
        try await fleet.send("a", section(.system, system("server", one)))
        try await fleet.send("a", section(.system, [item("", other)], of: .device(target: "idrac")))
        #expect(try await fleet.host("a")?.id != fleet.device("a", "idrac")?.id)
    }

    @Test("a network card that moves takes nobody along, and its key follows once the old host drops it")
    func movedNIC() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a", "b")
        let card = item("eth1", ["mac": "00:1b:21:aa:bb:cc"])
        let own = item("eth0", ["mac": "00:1b:21:00:00:01"])
        try await fleet.send("a", section(.system, system("one")), section(.interfaces, [own, card]))
        try await fleet.send("b", section(.system, system("two")))
        try await fleet.send("a", section(.interfaces, [own]))
        try await fleet.send("b", section(.interfaces, [card]))
        #expect(try await fleet.host("a")?.id != fleet.host("b")?.id)
        #expect(try await fleet.store.ci(withKey: "mac", value: "00:1b:21:aa:bb:cc") == fleet.host("b")?.id)
        #expect(try await fleet.child("eth1", of: fleet.host("a")?.id)?.state == .vanished)
    }

    @Test("locally administered and shared addresses are no evidence")
    func softMAC() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a", "b")
        let cards = [item("docker0", ["mac": "02:42:ac:11:00:02"]), item("vrrp", ["mac": "00:00:5e:00:01:07"])]
        try await fleet.send("a", section(.interfaces, cards))
        try await fleet.send("b", section(.interfaces, cards))
        #expect(try await fleet.store.ci(withKey: "mac", value: "00:00:5e:00:01:07") == nil)
        #expect(try await fleet.all(.host).count == 2)
    }

    @Test("a stand-in that only a check made becomes the device its serial names")
    func standIn() async throws {
        let fleet = try Fleet()
        try await fleet.enrol("a", "b")
        let facts = [item("", ["name": "sw1", "serial": "FOC1234A1BC", "vendor": "Cisco"])]
        try await fleet.send("a", section(.system, facts, of: .device(target: "core"), address: "10.0.0.1"))
        let down = CheckResult(
            check: "sw", kind: "snmp", subject: .device(target: "sw"), state: .critical, message: "no answer",
            failuresInRow: 1, milliseconds: 1)
        try await fleet.send("b", .checks([down]))
        let standIn = try #require(await fleet.device("b", "sw"))
        try await fleet.send("b", section(.system, facts, of: .device(target: "sw"), address: "10.9.0.1"))
        #expect(try await fleet.device("a", "core")?.id == fleet.device("b", "sw")?.id)
        #expect(try await fleet.store.ci(standIn.id, asOf: nil)?.state == .retired)
    }
}
