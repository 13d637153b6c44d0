import Model

/// Finds cables and guests in forwarding tables and spanning trees. Pure: the same input gives the same output, whatever its order.
///
/// docs/decisions/0009-topology.md has the rules and why each holds: what LLDP, CDP and FDP name is never contradicted; a
/// port that leads to another switch places nobody; two switches are linked only when no third can stand between;
/// what stays open is left open.
public struct TopologyDerivation {
    let input: TopologyInput
    let known: KnownMachines
    let heard: HeardPorts
    var switches: [SwitchView] = []
    /// Where each device stands in `switches`.
    let places: [CIID: Int]
    /// For each port the one that speaks for its segment in spanning tree.
    let trees: [CIID: CIID]
    /// Ports whose cable spanning tree tells.
    var treePorts: Set<CIID> = []
    var topology = Topology()
    /// Where the MAC address of each machine that is no switch stands, on ports that lead to no switch.
    var candidates: [UInt64: [PortPlace]] = [:]

    /// Cables and guests that follow from the input.
    public static func derive(_ input: TopologyInput) -> Topology {
        var derivation = TopologyDerivation(input)
        derivation.linkTrees()
        derivation.linkSwitches()
        derivation.placeEnds()
        derivation.keepQuiet()
        return derivation.topology.sorted
    }

    private init(_ input: TopologyInput) {
        self.input = input
        known = KnownMachines(input.ports, switches: Set(input.tables.keys))
        heard = HeardPorts(input.heard, known)
        let devices = input.tables.keys.sorted()
        places = Dictionary(devices.enumerated().map { ($1, $0) }) { first, _ in first }
        trees = Self.trees(input, known)
        let segments = Set(trees.keys).union(trees.values)
        for device in devices {
            switches.append(SwitchView(device, input.tables[device] ?? [], known, heard, segments))
        }
    }

    /// Links two switches where the tables prove that they are neighbours.
    private mutating func linkSwitches() {
        // The one port behind which each switch sees each other, by their places; -1 for none or several.
        let sight = switches.map { view in switches.map { view.slot(of: $0.device) ?? -1 } }
        let domains = domains()
        for first in switches.indices {
            for second in switches.indices.dropFirst(first + 1) {
                let (here, there) = (sight[first][second], sight[second][first])
                guard here >= 0, there >= 0 else { continue }
                let ends = (switches[first].ports[here], switches[second].ports[there])
                // What a protocol names at either port is better evidence, and may be a switch that nobody probes.
                guard !heard.hasNeighbour(ends.0), !heard.hasNeighbour(ends.1), !treePorts.contains(ends.0),
                    !treePorts.contains(ends.1)
                else { continue }
                // A third cannot stand on the way when one of them sees it behind another port.
                let isOpen = domains[first].contains { third in
                    let (left, right) = (sight[first][third], sight[second][third])
                    let isBeside = left >= 0 && left != here || right >= 0 && right != there
                    return !isBeside && third != first && third != second
                }
                guard !isOpen else { continue }
                let isShared = switches[first].macs[here].hasCommon(with: switches[second].macs[there])
                topology.links.append(
                    Topology.Link(
                        device: switches[first].device, port: ends.0, other: ends.1,
                        evidence: isShared ? .forwardingShared : .forwarding))
            }
        }
    }

    /// For each switch all that may stand in one network with it: who sees whom, or is named by whom.
    private func domains() -> [[Int]] {
        var groups = DisjointSets(count: switches.count)
        for (number, view) in switches.enumerated() {
            for device in view.seen.keys { if let other = places[device] { groups.join(number, other) } }
            for port in view.ports {
                for owner in heard.owners(at: port) { if let other = places[owner] { groups.join(number, other) } }
            }
        }
        var members: [Int: [Int]] = [:]
        for number in switches.indices { members[groups.leader(of: number), default: []].append(number) }
        return switches.indices.map { members[groups.leader(of: $0)] ?? [] }
    }
}
