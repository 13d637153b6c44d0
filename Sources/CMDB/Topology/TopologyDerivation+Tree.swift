import Model

extension TopologyDerivation {
    /// Links ports to the one that speaks for their segment in spanning tree: where one port alone names it, nothing was heard
    /// at either, and no switch is seen to stand between.
    mutating func linkTrees() {
        var naming: [CIID: [CIID]] = [:]
        for port in trees.keys.sorted() { if let end = trees[port] { naming[end, default: []].append(port) } }
        for (end, ports) in naming.sorted(by: { $0.key < $1.key }) {
            // Several that name one are on one segment: something that takes no part in spanning tree stands between.
            guard ports.count == 1, let port = ports.first, !heard.hasNeighbour(port), !heard.hasNeighbour(end),
                let near = known.port(port), let far = known.port(end), !isBetween(port, near.owner, end, far.owner)
            else { continue }
            treePorts.formUnion([port, end])
            // Who is seen from both ends is on a segment with both.
            let isShared = macs(behind: port, of: near.owner).hasCommon(with: macs(behind: end, of: far.owner))
            topology.links.append(
                Topology.Link(
                    device: near.owner, port: port, other: end,
                    evidence: isShared ? .forwardingShared : .spanningTree))
        }
    }

    /// Whether a third switch is seen behind both ports: it passes on what spanning tree says without taking part.
    private func isBetween(_ port: CIID, _ device: CIID, _ end: CIID, _ other: CIID) -> Bool {
        let (here, there) = (devicesSeen(behind: port, of: device), devicesSeen(behind: end, of: other))
        return !here.intersection(there).isEmpty
    }

    private func macs(behind port: CIID, of device: CIID) -> [UInt64] {
        guard let number = places[device], let slot = switches[number].ports.firstIndex(of: port) else { return [] }
        return switches[number].macs[slot]
    }

    private func devicesSeen(behind port: CIID, of device: CIID) -> Set<CIID> {
        guard let number = places[device], let slot = switches[number].ports.firstIndex(of: port) else { return [] }
        return Set(switches[number].seen.filter { $0.value == [slot] }.keys)
    }

    /// For each port, members of an aggregate as one, the port that speaks for its segment, where both are up and known.
    static func trees(_ input: TopologyInput, _ known: KnownMachines) -> [CIID: CIID] {
        var owners: [MACAddress: Set<CIID>] = [:]
        for (device, bridge) in input.bridges { owners[bridge, default: []].insert(device) }
        var numbered: [CIID: [Int64: CIID]] = [:]
        for port in input.ports {
            if let number = port.bridgePort { numbered[port.owner, default: [:]][number] = port.ci }
        }
        var trees: [CIID: CIID] = [:]
        for port in input.ports where port.isUp != false {
            guard let designated = port.designated, let holders = owners[designated.bridge], holders.count == 1,
                let owner = holders.first, owner != port.owner, let end = numbered[owner]?[designated.port],
                known.port(end)?.isUp != false
            else { continue }
            trees[known.bundle(of: port.ci)] = known.bundle(of: end)
        }
        return trees
    }
}
