import CMDB
import Model

/// A network made for a test: nodes with ports, cables between them, and the forwarding tables that follow.
///
/// Cables form a tree, as spanning tree makes of any network: each switch sees each machine behind exactly one port.
struct MadeNetwork {
    enum Kind { case managed, unmanaged, end }

    struct Node {
        let kind: Kind
        let owner: CIID
        let mac: MACAddress
        /// The node and its port at the other end of each port.
        var cables: [(node: Int, port: Int)] = []
        var isQuiet = false
    }

    private(set) var nodes: [Node] = []
    /// What stands in no table of a managed switch: an address that left it, by switch and machine.
    var forgotten: Set<[Int]> = []

    /// Adds a node and returns its number.
    @discardableResult
    mutating func add(_ kind: Kind) -> Int {
        let number = nodes.count
        // Universally administered, one for each node.
        let mac = MACAddress(String(0x001b_2100_0000 + number, radix: 16).leftPadded(to: 12))
        guard let mac else { preconditionFailure("twelve digits are an address") }
        nodes.append(Node(kind: kind, owner: CIID(Int64(number + 1) * 1000), mac: mac))
        return number
    }

    /// A cable between a new port of each.
    mutating func connect(_ first: Int, _ second: Int) {
        let ends = (nodes[first].cables.count, nodes[second].cables.count)
        nodes[first].cables.append((second, ends.1))
        nodes[second].cables.append((first, ends.0))
    }

    mutating func silence(_ node: Int) { nodes[node].isQuiet = true }

    /// The interface that is a node's port.
    func interface(_ node: Int, _ port: Int) -> CIID { CIID(nodes[node].owner.rawValue + Int64(port) + 1) }

    /// The interface of a machine with one port.
    func interface(_ node: Int) -> CIID { interface(node, 0) }

    /// The interface of a switch towards another node at the other end of a cable.
    func interface(_ node: Int, towards other: Int) -> CIID {
        interface(node, nodes[node].cables.firstIndex { $0.node == other } ?? -1)
    }

    var ports: [TopologyPort] {
        nodes.indices.filter { nodes[$0].kind != .unmanaged }.flatMap { node in
            nodes[node].cables.indices.map { port in
                TopologyPort(
                    ci: interface(node, port), owner: nodes[node].owner, mac: port == 0 ? nodes[node].mac : nil,
                    isUp: true)
            }
        }
    }

    /// The tables of the managed switches, in which all machines that are not quiet have been heard.
    var tables: [CIID: [ForwardingTable]] {
        var tables: [CIID: [ForwardingTable]] = [:]
        for number in nodes.indices where nodes[number].kind == .managed {
            var items: [SectionItem] = []
            for port in nodes[number].cables.indices {
                for machine in behind(number, port)
                where !nodes[machine].isQuiet && !forgotten.contains([number, machine]) {
                    items.append(entry(nodes[machine].mac, port: port))
                }
            }
            tables[nodes[number].owner] = [ForwardingTable(items, interfaces: indexes(number))]
        }
        return tables
    }

    func indexes(_ node: Int) -> [Int64: CIID] {
        Dictionary(uniqueKeysWithValues: nodes[node].cables.indices.map { (Int64($0), interface(node, $0)) })
    }

    func entry(_ mac: MACAddress, port: Int) -> SectionItem {
        SectionItem(
            key: "|\(mac)",
            attributes: [
                "mac": .text(mac.description), "interface_index": .integer(Int64(port)), "status": "learned",
            ])
    }

    /// What both ends of a cable heard over LLDP.
    func heard(_ first: Int, _ second: Int) -> [HeardNeighbour] {
        let (here, there) = (interface(first, towards: second), interface(second, towards: first))
        return [HeardNeighbour(port: here, remote: there), HeardNeighbour(port: there, remote: here)]
    }

    /// Machines with an address behind a port, managed switches among them.
    func behind(_ node: Int, _ port: Int) -> [Int] {
        let cable = nodes[node].cables[port]
        var found = nodes[cable.node].kind == .unmanaged ? [] : [cable.node]
        for next in nodes[cable.node].cables.indices where next != cable.port { found += behind(cable.node, next) }
        return found
    }

    /// Interfaces at the other end of a port, with nothing managed between: one, or several behind something unmanaged.
    func facing(_ node: Int, _ port: Int) -> Set<CIID> {
        let cable = nodes[node].cables[port]
        guard nodes[cable.node].kind == .unmanaged else { return [interface(cable.node, cable.port)] }
        var found: Set<CIID> = []
        for next in nodes[cable.node].cables.indices where next != cable.port {
            found.formUnion(facing(cable.node, next))
        }
        return found
    }

    /// Everything each port of a managed switch or machine faces.
    var truth: [CIID: Set<CIID>] {
        var truth: [CIID: Set<CIID>] = [:]
        for node in nodes.indices where nodes[node].kind != .unmanaged {
            for port in nodes[node].cables.indices { truth[interface(node, port)] = facing(node, port) }
        }
        return truth
    }

    /// The derivation's input, with nothing heard.
    var input: TopologyInput {
        var input = TopologyInput()
        input.ports = ports
        input.tables = tables
        return input
    }
}

/// Numbers that follow from a seed (SplitMix64): a failing network can be made again.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
}

extension String {
    fileprivate func leftPadded(to width: Int) -> String { String(repeating: "0", count: max(0, width - count)) + self }
}
