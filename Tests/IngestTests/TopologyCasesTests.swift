import CMDB
import CollectorServices
import Logging
import Model
import Stores
import Testing
import Wire

@Suite("Cables from what devices and agents say")
struct TopologyCasesTests {
    /// Two switches probed by agent `a`, whose own host is at the first; a printer that only answers SNMP is at the second.
    private struct Site {
        let fleet: Fleet
        let service: GraphRelationService

        init() async throws {
            fleet = try Fleet()
            try await fleet.enrol("a")
            service = GraphRelationService(
                store: fleet.store, declared: DeclaredServices([]), logger: Logger(label: "test"))
        }

        func device(_ name: String, ports: Int, down: Set<Int> = []) async throws {
            let items = (1...ports).map { port in
                item(
                    String(port),
                    [
                        "name": .text("p\(port)"), "mac": .text(Site.mac(name, port)), "type": "ethernetCsmacd",
                        "oper": down.contains(port) ? "down" : "up",
                    ])
            }
            try await fleet.send(
                "a", section(.system, [item("", ["name": .text(name)])], of: .device(target: name)),
                section(.interfaces, items, of: .device(target: name)))
        }

        func table(_ name: String, _ entries: [(String, Int)]) async throws {
            let items = entries.map { mac, port in
                item(
                    "10|\(mac)",
                    [
                        "mac": .text(mac), "interface_index": .integer(Int64(port)), "vlan": .integer(10),
                        "status": "learned",
                    ])
            }
            try await fleet.send("a", section(.forwarding, items, of: .device(target: name)))
        }

        func host(kind: String = "physical") async throws {
            try await fleet.send(
                "a", section(.system, system("box", ["kind": .text(kind)])),
                section(.interfaces, [item("eth0", ["mac": "00:1b:21:00:09:01", "type": "ethernet", "state": "up"])]))
        }

        func whole() async throws {
            try await host()
            try await device("sw1", ports: 2)
            try await device("sw2", ports: 2)
            try await device("printer", ports: 1)
            try await table("sw1", [(Site.mac("sw2", 1), 1), (Site.mac("printer", 1), 1), ("00:1b:21:00:09:01", 2)])
            try await table("sw2", [(Site.mac("sw1", 1), 1), ("00:1b:21:00:09:01", 1), (Site.mac("printer", 1), 2)])
            try await service.catchUp()
        }

        func port(_ device: String, _ name: String) async throws -> CIRecord? {
            try await fleet.child(name, of: fleet.device("a", device)?.id)
        }

        /// `SWITCH:PORT` or `HOST:PORT` at the other end of each cable at a port.
        func cables(at port: CIRecord?) async throws -> [RelationRecord] {
            guard let port else { return [] }
            return try await fleet.store.relations(of: port.id, asOf: nil).filter { $0.edge.kind == .connectedTo }
        }

        static func mac(_ device: String, _ port: Int) -> String {
            let number = ["sw1": "01", "sw2": "02", "printer": "03"][device] ?? "0f"
            return "00:1b:21:00:\(number):0\(port)"
        }
    }

    @Test("an agent's interface, a silent device and a second switch are joined to ports by their MAC addresses")
    func placed() async throws {
        let site = try await Site()
        try await site.service.catchUp()
        try await site.whole()
        let host = try await site.cables(at: site.fleet.child("eth0", of: site.fleet.host("a")?.id))
        let expected = try #require(await site.port("sw1", "p2")).id
        #expect(host.count == 1)
        #expect(host.allSatisfy { [$0.edge.source, $0.edge.target].contains(expected) })
        #expect(host.map(\.edge.evidence) == [.forwarding])
        #expect(host.map(\.edge.confidence) == [80])
        #expect(host.map(\.source) == ["derived:topology"])
        let uplink = try await site.cables(at: site.port("sw1", "p1"))
        let far = try #require(await site.port("sw2", "p1")).id
        #expect(uplink.map { $0.edge.source == far || $0.edge.target == far } == [true])
        let printer = try await site.cables(at: site.port("printer", "p1"))
        #expect(printer.count == 1)
        // The same again changes nothing, also for a collector that starts anew.
        let feed = try await site.fleet.store.newestCursor()
        let second = GraphRelationService(
            store: site.fleet.store, declared: DeclaredServices([]), logger: Logger(label: "test"))
        try await second.catchUp()
        #expect(try await site.fleet.store.newestCursor() == feed)
    }

    @Test("a port that goes down ends the cable at both ends, and the history keeps it")
    func pulled() async throws {
        let site = try await Site()
        try await site.whole()
        let printer = try #require(await site.port("printer", "p1"))
        let port = try #require(await site.port("sw2", "p2"))
        try await site.device("sw2", ports: 2, down: [2])
        try await site.service.catchUp()
        #expect(try await site.cables(at: printer).isEmpty)
        for end in [printer, port] {
            let history = try await site.fleet.store.history(of: end.id, before: nil, asOf: nil, limit: 10)
            let ended = history.contains { entry in
                if case .relationEnded(let edge) = entry.event { edge.evidence == .forwarding } else { false }
            }
            #expect(ended)
        }
        // Up again, and the table still has it.
        try await site.device("sw2", ports: 2)
        try await site.service.catchUp()
        #expect(try await site.cables(at: printer).count == 1)
    }

    @Test("a machine that a table has forgotten stays where it was, and moves when it is seen elsewhere")
    func quietAndMoved() async throws {
        let site = try await Site()
        try await site.whole()
        let mac = "00:1b:21:00:09:01"
        try await site.table("sw1", [(Site.mac("sw2", 1), 1), (Site.mac("printer", 1), 1)])
        try await site.table("sw2", [(Site.mac("sw1", 1), 1), (Site.mac("printer", 1), 2)])
        try await site.service.catchUp()
        let host = try #require(await site.fleet.child("eth0", of: site.fleet.host("a")?.id))
        let before = try #require(await site.port("sw1", "p2")).id
        #expect(try await site.cables(at: host).map(\.edge.subjects) == [[before, host.id].sorted()])
        try await site.table("sw1", [(Site.mac("sw2", 1), 1), (Site.mac("printer", 1), 1), (mac, 1)])
        try await site.device("sw2", ports: 3)
        try await site.table("sw2", [(Site.mac("sw1", 1), 1), (Site.mac("printer", 1), 2), (mac, 3)])
        try await site.service.catchUp()
        let after = try #require(await site.port("sw2", "p3")).id
        #expect(try await site.cables(at: host).map(\.edge.subjects) == [[after, host.id].sorted()])
    }

    @Test("LLDP wins: its cable is told once, with its evidence, and ends with the port")
    func heard() async throws {
        let site = try await Site()
        try await site.whole()
        let neighbour = item(
            "p1|\(Site.mac("sw2", 1))|p1",
            [
                "local_port": "p1", "local_ifindex": 1, "chassis_id": .text(Site.mac("sw2", 1)), "port_id": "p1",
                "protocol": "lldp",
            ])
        try await site.fleet.send("a", section(.neighbours, [neighbour], of: .device(target: "sw1")))
        try await site.service.catchUp()
        let uplink = try await site.port("sw1", "p1")
        #expect(try await site.cables(at: uplink).map(\.edge.evidence) == [.lldp])
        try await site.device("sw2", ports: 2, down: [1])
        try await site.service.catchUp()
        #expect(try await site.cables(at: uplink).isEmpty)
        try await site.device("sw2", ports: 2)
        try await site.service.catchUp()
        #expect(try await site.cables(at: uplink).map(\.edge.evidence) == [.lldp])
    }

    @Test("a virtual machine hangs on the host that lists it, whichever is known first")
    func guest() async throws {
        let site = try await Site()
        try await site.fleet.enrol("v")
        let uuid = "11223344-5566-7788-99aa-bbccddeeff00"
        try await site.host()
        try await site.fleet.send(
            "a", section(.guests, [item("libvirt:\(uuid)", ["type": "libvirt", "name": "vm", "uuid": .text(uuid)])]))
        try await site.service.catchUp()
        try await site.fleet.send("v", section(.system, system("vm", ["kind": "vm", "uuid": .text(uuid)])))
        try await site.service.catchUp()
        let (guest, host) = (
            try #require(await site.fleet.host("v")).id, try #require(await site.fleet.host("a")).id
        )
        let edges = try await site.fleet.store.relations(of: guest, asOf: nil).map(\.edge)
        #expect(edges.map(\.kind) == [.hostedOn])
        #expect(edges.map(\.target) == [host])
        #expect(edges.map(\.evidence) == [.guestList])
        try await site.fleet.send("a", section(.guests, []))
        try await site.service.catchUp()
        #expect(try await site.fleet.store.relations(of: guest, asOf: nil).isEmpty)
    }

    @Test("a virtual machine hangs on the hypervisor whose probe lists it, in either byte order, and moves with it")
    func probedGuest() async throws {
        let site = try await Site()
        try await site.fleet.enrol("v")
        let (uuid, swapped) = ("42010203-0405-0607-0809-0a0b0c0d0e0f", "03020142-0504-0706-0809-0a0b0c0d0e0f")
        let listed = section(
            .guests, [item("vmware:\(uuid)", ["type": "vmware", "name": "vm", "uuid": .text(uuid)])],
            of: .device(target: "esxi-1"))
        try await site.fleet.send(
            "a", section(.system, [item("", ["name": "esxi-1"])], of: .device(target: "esxi-1")), listed)
        try await site.fleet.send("v", section(.system, system("vm", ["kind": "vm", "uuid": .text(swapped)])))
        try await site.service.catchUp()
        let guest = try #require(await site.fleet.host("v")).id
        let first = try #require(await site.fleet.device("a", "esxi-1")).id
        var edges = try await site.fleet.store.relations(of: guest, asOf: nil).map(\.edge)
        #expect(edges.map(\.kind) == [.hostedOn])
        #expect(edges.map(\.target) == [first])
        try await site.fleet.send("a", section(.guests, [], of: .device(target: "esxi-1")))
        try await site.service.catchUp()
        edges = try await site.fleet.store.relations(of: guest, asOf: nil).map(\.edge)
        #expect(edges.isEmpty)
    }

    @Test("a path names every port with the VLAN and what each cable rests on, and says why there is none")
    func path() async throws {
        let site = try await Site()
        try await site.whole()
        let store = site.fleet.store
        let graph = GraphService(store: store, logger: Logger(label: "test"))
        let paths = PathService(store: store, graph: graph, queries: QueryService(store: store))
        let host = try #require(await site.fleet.host("a")).id
        let printer = try #require(await site.fleet.device("a", "printer")).id
        let path = try await paths.path(from: host, to: printer, asOf: nil)
        #expect(path.hops.map(\.place.ci.name) == ["box", "sw1", "sw2", "printer"])
        #expect(path.hops.map(\.place.into?.name) == [nil, "p2", "p1", "p1"])
        #expect(path.hops.map(\.place.out?.name) == ["eth0", "p1", "p2", nil])
        #expect(path.hops.map(\.vlan) == [nil, 10, 10, nil])
        #expect(path.hops.map { $0.link?.evidence } == [[.forwarding], [.forwarding], [.forwarding], nil])
        let then = try #require(await store.entries(after: .start, limit: 10_000).last).time
        try await site.device("sw2", ports: 2, down: [2])
        try await site.service.catchUp()
        await #expect(throws: ServiceRefusal.self) { try await paths.path(from: host, to: printer, asOf: nil) }
        let past = try await paths.path(from: host, to: printer, asOf: then)
        #expect(past.hops.count == 4)
    }

    @Test("a port that spanning tree blocks is gone around")
    func blocked() async throws {
        let site = try await Site()
        try await site.whole()
        let store = site.fleet.store
        let graph = GraphService(store: store, logger: Logger(label: "test"))
        let paths = PathService(store: store, graph: graph, queries: QueryService(store: store))
        try await site.fleet.send(
            "a",
            section(
                .interfaces,
                [
                    item(
                        "1",
                        ["name": "p1", "mac": .text(Site.mac("sw2", 1)), "oper": "up", "spanning_tree": "blocking"]),
                    item("2", ["name": "p2", "mac": .text(Site.mac("sw2", 2)), "oper": "up"]),
                ], of: .device(target: "sw2")))
        try await site.service.catchUp()
        let host = try #require(await site.fleet.host("a")).id
        let printer = try #require(await site.fleet.device("a", "printer")).id
        await #expect {
            try await paths.path(from: host, to: printer, asOf: nil)
        } throws: { error in
            (error as? ServiceRefusal)?.description.contains("down or blocked") == true
        }
    }
}

extension RelationEdge {
    fileprivate var subjects: [CIID] { [source, target].sorted() }
}
