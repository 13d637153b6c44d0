import CMDB
import Model
import Testing

@Suite("Cables from spanning tree")
struct SpanningTreeTopologyTests {
    /// Bridges with numbered ports, of which some name the port that speaks for their segment.
    private struct Trees {
        var input = TopologyInput()

        mutating func bridge(_ number: Int64, ports: Int64) {
            input.bridges[CIID(number)] = Self.address(number)
            for port in 1...ports {
                input.ports.append(
                    TopologyPort(ci: Self.port(number, port), owner: CIID(number), isUp: true, bridgePort: port))
            }
        }

        /// `port` of `bridge` names `other` of `designated`.
        mutating func name(_ bridge: Int64, _ port: Int64, _ designated: Int64, _ other: Int64) {
            change(bridge, port) {
                $0.designated = Self.address(designated).map { DesignatedEnd(bridge: $0, port: other) }
            }
        }

        mutating func change(_ bridge: Int64, _ port: Int64, _ change: (inout TopologyPort) -> Void) {
            for place in input.ports.indices where input.ports[place].ci == Self.port(bridge, port) {
                change(&input.ports[place])
            }
        }

        mutating func table(_ bridge: Int64, _ entries: [(String, Int64)]) {
            let items = entries.map { mac, port in
                SectionItem(
                    key: "|\(mac)",
                    attributes: ["mac": .text(mac), "interface_index": .integer(port), "status": "learned"])
            }
            let interfaces = Dictionary((1...9).map { (Int64($0), Self.port(bridge, Int64($0))) }) { first, _ in first }
            input.tables[CIID(bridge)] = [ForwardingTable(items, interfaces: interfaces)]
        }

        static func port(_ bridge: Int64, _ port: Int64) -> CIID { CIID(bridge * 100 + port) }
        static func address(_ bridge: Int64) -> MACAddress? { MACAddress("00:1b:21:0a:00:0\(bridge)") }

        var links: [Topology.Link] { TopologyDerivation.derive(input).links }
        var ends: Set<Set<CIID>> { Set(links.map { [$0.port, $0.other] }) }
    }

    /// A ring of three: 1 is the root, the cable between 2 and 3 is blocked at 3.
    private static func ring() -> Trees {
        var trees = Trees()
        for number in Int64(1)...3 { trees.bridge(number, ports: 2) }
        trees.name(2, 1, 1, 1)
        trees.name(3, 1, 1, 2)
        trees.name(3, 2, 2, 2)
        return trees
    }

    @Test("a ring without LLDP is whole, the blocked cable with it, which no table can tell")
    func ringed() {
        let links = Self.ring().links
        #expect(
            Set(links.map { [$0.port, $0.other] as Set<CIID> }) == [
                [Trees.port(1, 1), Trees.port(2, 1)], [Trees.port(1, 2), Trees.port(3, 1)],
                [Trees.port(2, 2), Trees.port(3, 2)],
            ])
        #expect(links.allSatisfy { $0.evidence == .spanningTree && $0.confidence == 90 })
    }

    @Test("bridges on one hub name one port together: no cable is made up between any two of them")
    func shared() {
        var trees = Trees()
        for number in Int64(1)...3 { trees.bridge(number, ports: 2) }
        trees.name(2, 1, 1, 1)
        trees.name(3, 1, 1, 1)
        #expect(trees.links.isEmpty)
    }

    @Test("what LLDP has heard at either port is not contradicted")
    func heard() {
        for port in [Trees.port(3, 2), Trees.port(2, 2)] {
            var trees = Self.ring()
            trees.input.heard = [HeardNeighbour(port: port, remote: nil)]
            #expect(trees.links.count == 2)
            #expect(!trees.links.contains { [$0.port, $0.other].contains(port) })
        }
    }

    @Test("a switch that passes spanning tree on and is seen from both sides stands between")
    func between() {
        var trees = Trees()
        for number in Int64(1)...3 { trees.bridge(number, ports: 2) }
        for number in Int64(1)...3 { trees.change(number, 1) { $0.mac = MACAddress("00:1b:21:0b:00:0\(number)") } }
        trees.name(2, 1, 1, 1)
        trees.table(1, [("00:1b:21:0b:00:03", 1), ("00:1b:21:0b:00:02", 1)])
        trees.table(2, [("00:1b:21:0b:00:03", 1), ("00:1b:21:0b:00:01", 1)])
        trees.table(3, [("00:1b:21:0b:00:01", 1), ("00:1b:21:0b:00:02", 2)])
        #expect(trees.ends == [[Trees.port(1, 1), Trees.port(3, 1)], [Trees.port(3, 2), Trees.port(2, 1)]])
        #expect(trees.links.allSatisfy { $0.evidence == .forwarding })
    }

    @Test("machines seen from both ends stand on the segment, too: something unmanaged is between")
    func unmanaged() {
        var trees = Trees()
        trees.bridge(1, ports: 2)
        trees.bridge(2, ports: 2)
        trees.name(2, 1, 1, 1)
        trees.table(1, [("00:1b:21:0c:00:01", 1)])
        trees.table(2, [("00:1b:21:0c:00:01", 1)])
        #expect(trees.links.map(\.evidence) == [.forwardingShared])
        #expect(trees.links.map(\.confidence) == [40])
    }

    @Test("a machine is not placed on a port behind which spanning tree has a bridge")
    func uplink() {
        var trees = Trees()
        trees.bridge(1, ports: 2)
        trees.bridge(2, ports: 2)
        trees.name(2, 1, 1, 1)
        let mac = MACAddress("00:1b:21:0c:00:01")
        trees.input.ports.append(TopologyPort(ci: CIID(901), owner: CIID(900), mac: mac, isUp: true))
        // Only the far switch has its address now.
        trees.table(1, [("00:1b:21:0c:00:01", 1)])
        trees.table(2, [])
        #expect(trees.ends == [[Trees.port(1, 1), Trees.port(2, 1)]])
    }

    @Test("a port that is down, an unknown bridge, an address of two and an unknown port number name nobody")
    func nothing() {
        var down = Self.ring()
        down.change(3, 2) { $0.isUp = false }
        down.change(1, 1) { $0.isUp = false }
        #expect(down.ends == [[Trees.port(1, 2), Trees.port(3, 1)]])
        var twin = Self.ring()
        twin.input.bridges[CIID(9)] = Trees.address(1)
        #expect(twin.ends == [[Trees.port(2, 2), Trees.port(3, 2)]])
        var odd = Self.ring()
        odd.name(2, 1, 1, 77)
        odd.name(3, 1, 8, 1)
        odd.name(3, 2, 3, 1)
        #expect(odd.links.isEmpty)
    }

    @Test("members of an aggregate are one port, and parallel cables are two links")
    func parallel() {
        var trees = Trees()
        trees.bridge(1, ports: 4)
        trees.bridge(2, ports: 4)
        trees.name(2, 1, 1, 1)
        trees.name(2, 2, 1, 2)
        #expect(trees.links.count == 2)
        for bridge in Int64(1)...2 {
            for port in Int64(1)...2 { trees.change(bridge, port) { $0.aggregate = Trees.port(bridge, 4) } }
        }
        #expect(trees.ends == [[Trees.port(1, 4), Trees.port(2, 4)]])
    }

    @Test("what spanning tree does not say any more is not kept as what is merely quiet")
    func gone() {
        var trees = Self.ring()
        trees.input.previous = TopologyDerivation.derive(trees.input)
        #expect(trees.links == trees.input.previous.links)
        for bridge in Int64(1)...3 { trees.table(bridge, []) }
        trees.change(3, 2) { $0.designated = nil }
        #expect(trees.ends.count == 2)
    }
}
