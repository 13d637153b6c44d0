import CMDB
import Model
import Stores
import Testing

@Suite("Maps of the network")
struct NetworkMapTests {
    /// Devices with a kind and a location, and cables between them; interfaces are numbered from the device's number.
    struct Made {
        var devices: [CIFacts] = []
        var cables: [GraphCable] = []
        private var ports: [Int64: Int64] = [:]

        mutating func device(_ id: Int64, _ kind: String? = "network", at location: String? = nil, named: String? = nil)
        {
            var facts = CIFacts(record: NetworkMapTests.record(id, .device, named ?? "d\(id)"), values: [:])
            facts.values["system.kind"] = kind.map { .text($0) }
            facts.values["system.location"] = location.map { .text($0) }
            devices.append(facts)
        }

        mutating func cable(
            _ first: Int64, _ second: Int64, _ firstClass: CIClass = .device, _ secondClass: CIClass = .device
        ) {
            cables.append(GraphCable(first: end(first, firstClass), second: end(second, secondClass)))
        }

        private mutating func end(_ id: Int64, _ className: CIClass) -> GraphCable.End {
            ports[id, default: 0] += 1
            let number = ports[id] ?? 0
            let machine = GraphNode(ci: CIID(id), className: className, name: "d\(id)", state: .active, parent: nil)
            return GraphCable.End(
                port: GraphNode(
                    ci: CIID(id * 1000 + number), className: .interface, name: "p\(number)", state: .active,
                    parent: machine.ci),
                machine: machine)
        }

        func map(_ confidence: [Set<CIID>: Int] = [:]) -> NetworkMap {
            NetworkMap(cables, devices: devices, confidence: confidence)
        }
    }

    private static func record(_ id: Int64, _ className: CIClass, _ name: String) -> CIRecord {
        CIRecord(
            id: CIID(id), className: className, name: name, state: .active, parent: nil,
            created: CommitNumber(rawValue: 1), version: 1)
    }

    /// Two cores, two distribution switches, four access switches with two uplinks each, at one place.
    private static func campus() -> Made {
        var made = Made()
        for id in Int64(1)...8 { made.device(id, at: "HQ, room \(id)") }
        made.cable(1, 2)
        for core in Int64(1)...2 { for middle in Int64(3)...4 { made.cable(core, middle) } }
        for edge in Int64(5)...8 { for middle in Int64(3)...4 { made.cable(middle, edge) } }
        return made
    }

    @Test("Core, distribution and access follow from the cables, twins beside each other")
    func tiers() {
        var made = Self.campus()
        for host in Int64(100)..<130 { made.cable(5 + host % 4, host, .device, .host) }
        // More hangs on the distribution than on the cores, and a router stands alone.
        for edge in Int64(11)...14 {
            made.device(edge, at: "hq")
            made.cable(1, edge)
            made.cable(2, edge)
        }
        made.device(20, at: "HQ")
        let map = made.map()
        #expect(map.places.map(\.name) == ["HQ"])
        func tier(_ id: Int64) -> NetworkMap.Tier? { map.nodes.first { $0.machine.ci == CIID(id) }?.tier }
        #expect([1, 2].map { tier($0) } == [.core, .core])
        #expect([3, 4].map { tier($0) } == [.distribution, .distribution])
        #expect([5, 6, 7, 8, 11, 14].map { tier($0) } == Array(repeating: .access, count: 6))
        #expect(tier(20) == .loose)
        #expect(map.nodes.map(\.ends.count).reduce(0, +) == 30)
        #expect(map.nodes.map(\.tier) == map.nodes.map(\.tier).sorted())
    }

    @Test("Parallel cables are one link with every port of both ends; it leads away from the middle")
    func parallel() throws {
        var made = Made()
        // The middle has the highest number.
        for id in Int64(1)...4 { made.device(id) }
        made.cable(1, 4)
        made.cable(1, 4)
        made.cable(2, 4)
        made.cable(3, 4)
        let map = made.map([[CIID(2001), CIID(4003)]: 40])
        #expect(map.links.count == 3)
        let middle = map.nodes.firstIndex { $0.machine.ci == CIID(4) }
        #expect(map.links.allSatisfy { $0.from == middle })
        let double = try #require(map.links.first { $0.cables.count == 2 })
        #expect(double.cables.map { $0.fromPort + "-" + $0.toPort } == ["p1-p1", "p2-p2"])
        #expect(map.links.flatMap(\.cables).map(\.confidence).sorted() == [40, 100, 100, 100])
    }

    @Test(
        "Every cable is in the map: one between two hosts draws both, servers with two uplinks are at the edge of both")
    func everything() {
        var made = Made()
        made.device(1)
        made.device(2)
        made.device(3, "storage")
        made.device(4, nil)
        made.cable(1, 2)
        made.cable(1, 3)
        made.cable(2, 3)
        made.cable(1, 4)
        made.cable(4, 2)
        made.cable(50, 51, .host, .host)
        let map = made.map()
        // What tells no kind and joins two carriers is one; storage is not.
        #expect(Set(map.nodes.map(\.machine.ci.rawValue)) == [1, 2, 4, 50, 51])
        let held = map.nodes.filter { $0.ends == [CIID(3)] }.map(\.machine.ci.rawValue)
        #expect(held.sorted() == [1, 2])
        #expect(map.links.count == 4)
    }

    @Test(
        "A place is the first part of a location; what nobody wrote is none",
        arguments: [
            ("Building 1, floor 2, rack 4", "Building 1"), ("  DC1/R4/U12 ", "DC1"), ("北京；3层", "北京"),
            ("Berlin", "Berlin"),
            (",Berlin", "Berlin"), ("Unknown (edit /etc/snmp/snmpd.conf)", nil), ("", nil), ("  ", nil),
            ("UNKNOWN", nil),
            ("Sitting on the Dock of the Bay", nil), (",;/", nil), (nil, nil), ("e\u{301}\u{301}", "e\u{301}\u{301}"),
        ] as [(String?, String?)])
    func place(location: String?, expected: String?) {
        var made = Made()
        made.device(1, at: location)
        #expect(made.map().places.map(\.name) == [expected])
    }

    @Test("Places are one however they are written, and rank by their way to the middle one")
    func places() {
        var made = Made()
        made.device(1, at: "HQ")
        made.device(2, at: "hq, room 2")
        made.device(3, at: "North")
        made.device(4, at: "South")
        made.device(5, at: "Far")
        made.device(6)
        made.device(7, at: "north 10")
        made.device(8, at: "North 9")
        for (first, second) in [(1, 2), (1, 3), (1, 4), (4, 5), (2, 6)] as [(Int64, Int64)] {
            made.cable(first, second)
        }
        let map = made.map()
        #expect(map.places.map(\.name) == ["Far", "HQ", "North", "North 9", "north 10", "South", nil])
        #expect(map.places.map(\.level) == [2, 0, 1, 0, 0, 1, 1])
    }

    @Test("The order of what is told changes nothing")
    func order() {
        var made = Self.campus()
        let map = made.map()
        made.devices.reverse()
        made.cables.reverse()
        let other = made.map()
        #expect(other.nodes == map.nodes)
        #expect(Set(other.links.map { [$0.from, $0.to] }) == Set(map.links.map { [$0.from, $0.to] }))
    }

    @Test("An empty network and a ring have a map")
    func odd() {
        #expect(Made().map().nodes.isEmpty)
        var ring = Made()
        for id in Int64(1)...6 { ring.device(id) }
        for id in Int64(1)...6 { ring.cable(id, id % 6 + 1) }
        #expect(ring.map().nodes.count == 6)
        #expect(ring.map().nodes.contains { $0.tier == .core })
    }

    @Test("The graph gives each cable once, of what is there, with the machine around a port")
    func graph() {
        var builder = CIGraphBuilder()
        for (id, className, parent) in [
            (1, .device, nil), (2, .device, nil), (11, .interface, 1), (12, .interface, 1), (21, .interface, 2),
            (22, .interface, 2), (13, .interface, 1), (30, .interface, 11),
        ] as [(Int64, CIClass, Int64?)] {
            builder.addNode(
                id: CIID(id), className: className, name: "n\(id)", state: id == 12 ? .vanished : .active,
                parent: parent.map { CIID($0) })
        }
        // Stated twice, the other way, on one machine, on a port that vanished.
        for (source, target) in [(11, 21), (11, 21), (21, 11), (11, 13), (12, 22)] as [(Int64, Int64)] {
            builder.addEdge(source: CIID(source), kind: .connectedTo, target: CIID(target))
        }
        var graph = builder.graph()
        #expect(graph.cables().map { [$0.first.port.ci, $0.second.port.ci] } == [[CIID(11), CIID(21)]])
        #expect(graph.cables().first?.second.machine.ci == CIID(2))
        #expect(graph.machine(of: CIID(30)) == CIID(1))
        #expect(graph.machine(of: CIID(99)) == nil)
        let edge = RelationEdge(
            source: CIID(13), kind: .connectedTo, target: CIID(22), object: 1, confidence: 80, evidence: .forwarding)
        graph.apply(.relationAdded(edge), parent: nil)
        #expect(graph.cables().count == 2)
        graph.apply(.relationEnded(edge), parent: nil)
        #expect(graph.cables().count == 1)
    }
}
