import CMDB
import Model
import Testing

@Suite("Topology")
struct TopologyTests {
    private typealias Link = Topology.Link

    /// switch – switch with two machines at each.
    private struct Pair {
        var network: MadeNetwork
        let left: Int
        let right: Int
        let ends: [Int]

        init() {
            var made = MadeNetwork()
            left = made.add(.managed)
            right = made.add(.managed)
            made.connect(left, right)
            ends = (0..<4).map { _ in made.add(.end) }
            for (place, end) in ends.enumerated() { made.connect(place < 2 ? left : right, end) }
            network = made
        }

        func owner(_ node: Int) -> CIID { network.nodes[node].owner }
    }

    @Test("tables alone give the cable between two switches and the port of each machine")
    func pair() {
        let pair = Pair()
        let network = pair.network
        let found = TopologyDerivation.derive(network.input)
        var expected = [
            Link(
                device: pair.owner(pair.left), port: network.interface(pair.left, towards: pair.right),
                other: network.interface(pair.right, towards: pair.left), evidence: .forwarding)
        ]
        for (place, end) in pair.ends.enumerated() {
            let node = place < 2 ? pair.left : pair.right
            expected.append(
                Link(
                    device: pair.owner(node), port: network.interface(node, towards: end),
                    other: network.interface(end),
                    evidence: .forwarding))
        }
        #expect(Set(found.links) == Set(expected))
        #expect(found.links.count == expected.count)
        #expect(found.guests.isEmpty)
    }

    @Test("what LLDP names is not derived again, and a port with a stranger places nobody for sure")
    func heard() {
        let pair = Pair()
        let network = pair.network
        var input = network.input
        input.heard = [network.heard(pair.left, pair.right)[0], network.heard(pair.left, pair.ends[0])[1]]
        input.heard.append(HeardNeighbour(port: network.interface(pair.right, towards: pair.ends[2]), remote: nil))
        let found = TopologyDerivation.derive(input).links
        let others = Dictionary(found.map { ($0.other, $0.evidence) }) { first, _ in first }
        #expect(
            others == [
                network.interface(pair.ends[1]): .forwarding, network.interface(pair.ends[2]): .forwardingShared,
                network.interface(pair.ends[3]): .forwarding,
            ])
    }

    @Test("several machines behind a port are placed there, and no hub is made up")
    func unmanaged() {
        var pair = Pair()
        let hub = pair.network.add(.unmanaged)
        pair.network.connect(pair.left, hub)
        let behind = (0..<3).map { _ in pair.network.add(.end) }
        for end in behind { pair.network.connect(hub, end) }
        let found = TopologyDerivation.derive(pair.network.input).links
        let port = pair.network.interface(pair.left, towards: hub)
        let shared = found.filter { $0.port == port }
        #expect(Set(shared.map(\.other)) == Set(behind.map { pair.network.interface($0) }))
        #expect(shared.allSatisfy { $0.evidence == .forwardingShared && $0.confidence == 40 })
        #expect(found.count == 8)
    }

    @Test("a cable between switches is left open while a third may stand between")
    func notProvable() {
        var network = MadeNetwork()
        let switches = (0..<3).map { _ in network.add(.managed) }
        network.connect(switches[0], switches[1])
        network.connect(switches[1], switches[2])
        // The one in the middle is seen by neither of the others.
        network.forgotten = [[switches[0], switches[1]], [switches[2], switches[1]]]
        #expect(TopologyDerivation.derive(network.input).links.isEmpty)
        network.forgotten = []
        let found = TopologyDerivation.derive(network.input).links.map { Set([$0.port, $0.other]) }
        #expect(
            Set(found) == [
                [
                    network.interface(switches[0], towards: switches[1]),
                    network.interface(switches[1], towards: switches[0]),
                ],
                [
                    network.interface(switches[1], towards: switches[2]),
                    network.interface(switches[2], towards: switches[1]),
                ],
            ])
    }

    @Test("an address that a far switch still has and the near one has lost is not put on the uplink")
    func silentUplink() {
        var pair = Pair()
        // Nobody has heard the switches themselves.
        pair.network.silence(pair.left)
        pair.network.silence(pair.right)
        pair.network.forgotten = [[pair.right, pair.ends[2]]]
        let found = TopologyDerivation.derive(pair.network.input).links
        #expect(!found.contains { $0.other == pair.network.interface(pair.ends[2]) })
        let last = found.first { $0.other == pair.network.interface(pair.ends[3]) }
        #expect(last?.port == pair.network.interface(pair.right, towards: pair.ends[3]))
        #expect(last?.confidence == 60)
    }

    @Test("guests hang on the one real machine behind the port, not on the port")
    func guests() {
        var pair = Pair()
        let bridge = pair.network.add(.unmanaged)
        pair.network.connect(pair.left, bridge)
        let (host, guest, listed) = (pair.network.add(.end), pair.network.add(.end), pair.network.add(.end))
        for machine in [host, guest, listed] { pair.network.connect(bridge, machine) }
        var input = pair.network.input
        input.virtual = [pair.owner(guest), pair.owner(listed)]
        input.listed = [pair.owner(listed): pair.owner(host)]
        let found = TopologyDerivation.derive(input)
        let port = pair.network.interface(pair.left, towards: bridge)
        #expect(
            found.links.filter { $0.port == port } == [
                Link(
                    device: pair.owner(pair.left), port: port, other: pair.network.interface(host),
                    evidence: .forwarding)
            ])
        #expect(
            found.guests == [
                Topology.Guest(device: pair.owner(pair.left), guest: pair.owner(guest), host: pair.owner(host))
            ])
    }

    @Test("a machine that is quiet stays on its port until the port is down or somebody else is there")
    func quiet() {
        var pair = Pair()
        var input = pair.network.input
        let before = TopologyDerivation.derive(input)
        pair.network.silence(pair.ends[0])
        input.tables = pair.network.tables
        #expect(TopologyDerivation.derive(input).links.count == before.links.count - 1)
        input.previous = before
        #expect(TopologyDerivation.derive(input) == before)
        let port = pair.network.interface(pair.left, towards: pair.ends[0])
        input.ports = pair.network.ports.map { original in
            var changed = original
            if changed.ci == port { changed.isUp = false }
            return changed
        }
        #expect(TopologyDerivation.derive(input).links == before.links.filter { $0.port != port })
        input.ports = pair.network.ports
        // Another machine on the port.
        let number = Int64(pair.network.nodes[pair.left].cables.firstIndex { $0.node == pair.ends[0] } ?? 0)
        let owner = pair.owner(pair.left)
        let stranger = MACAddress(octets: [0, 0x1b, 0x21, 9, 9, 9])
        input.ports.append(TopologyPort(ci: CIID(1), owner: CIID(2), mac: stranger))
        input.tables[owner]?.append(
            ForwardingTable(
                [pair.network.entry(stranger ?? pair.network.nodes[0].mac, port: Int(number))],
                interfaces: pair.network.indexes(pair.left)))
        #expect(TopologyDerivation.derive(input).links.filter { $0.port == port }.map(\.other) == [CIID(1)])
    }

    @Test("members of an aggregate are one port")
    func aggregate() {
        let pair = Pair()
        var input = pair.network.input
        let (member, other) = (
            pair.network.interface(pair.left, towards: pair.right),
            pair.network.interface(pair.right, towards: pair.left)
        )
        let bond = TopologyPort(ci: CIID(5), owner: pair.owner(pair.left), isUp: true, distance: 2)
        input.ports = pair.network.ports.map { original in
            var changed = original
            if changed.ci == member { changed.aggregate = bond.ci }
            return changed
        }
        input.ports.append(bond)
        #expect(
            TopologyDerivation.derive(input).links.filter { $0.other == other }.map(\.port) == [bond.ci])
        // A member's LLDP speaks for the aggregate.
        input.heard = [HeardNeighbour(port: member, remote: other)]
        #expect(!TopologyDerivation.derive(input).links.contains { $0.port == bond.ci || $0.other == bond.ci })
    }

    @Test("of a bridge, a VLAN and a port with one address the cable ends at the port")
    func interfaces() {
        let pair = Pair()
        var input = pair.network.input
        let end = pair.network.interface(pair.ends[0])
        let (owner, mac) = (pair.owner(pair.ends[0]), pair.network.nodes[pair.ends[0]].mac)
        input.ports.append(TopologyPort(ci: CIID(7), owner: owner, mac: mac, isUp: true, distance: 4))
        input.ports.append(TopologyPort(ci: CIID(8), owner: owner, mac: mac, isUp: true, distance: 3))
        #expect(TopologyDerivation.derive(input).links.contains { $0.other == end })
        input.ports.append(TopologyPort(ci: CIID(9), owner: pair.owner(pair.ends[1]), mac: mac, isUp: true))
        #expect(!TopologyDerivation.derive(input).links.contains { $0.other == end })
    }

    @Test("in 400 random trees, LLDP on some cables, no derived cable is false, and with full tables all are found")
    func random() {
        for seed in 0..<400 as Range<UInt64> { RandomNetwork(seed: seed).check() }
    }
}
