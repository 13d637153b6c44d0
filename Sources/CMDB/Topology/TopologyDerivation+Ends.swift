import Model

extension TopologyDerivation {
    /// Puts each machine on the port that leads to no switch and has the fewest addresses.
    mutating func placeEnds() {
        for number in switches.indices {
            for slot in switches[number].ports.indices where !switches[number].isUplink[slot] {
                for mac in switches[number].macs[slot] {
                    guard let machine = known.machine(of: mac), !machine.isSwitch else { continue }
                    candidates[mac, default: []].append(PortPlace(number: number, slot: slot))
                }
            }
        }
        let passing = passingPorts()
        var placed: [PortPlace: [UInt64]] = [:]
        for (mac, places) in candidates {
            let left = places.filter { !passing.contains($0) }
            if left.count == 1, let place = left.first { placed[place, default: []].append(mac) }
        }
        for (place, macs) in placed.sorted(by: { $0.key < $1.key }) { placeEnds(macs.sorted(), at: place) }
    }

    /// Ports that show an address which another switch shows among fewer: they lead to that switch, though nothing has
    /// named it.
    private func passingPorts() -> Set<PortPlace> {
        var passing: Set<PortPlace> = []
        for places in candidates.values where places.count > 1 {
            let counts = places.map { switches[$0.number].macs[$0.slot].count }
            guard let least = counts.min(), let winner = zip(places, counts).first(where: { $0.1 == least })?.0,
                counts.count(where: { $0 == least }) == 1
            else { continue }
            for (place, count) in zip(places, counts) where count > least && place.number != winner.number {
                passing.insert(place)
            }
        }
        return passing
    }

    /// Links the machines behind one port to it, guests to their host.
    private mutating func placeEnds(_ macs: [UInt64], at place: PortPlace) {
        let device = switches[place.number].device
        let port = switches[place.number].ports[place.slot]
        let neighbours = heard.owners(at: port)
        let machines = Dictionary(grouping: macs) { known.owner(of: $0) }
        let owners = machines.keys.compactMap { $0 }.sorted()
        let real = Set(owners).union(neighbours).filter { !input.virtual.contains($0) && input.listed[$0] == nil }
        for owner in owners where input.listed[owner] == nil && !neighbours.contains(owner) {
            if input.virtual.contains(owner), real.count == 1, let host = real.first {
                topology.guests.append(Topology.Guest(device: device, guest: owner, host: host))
                continue
            }
            let macs = machines[owner] ?? []
            guard let end = known.end(of: macs), end.isUp != false, !heard.hasNeighbour(known.bundle(of: end.ci)) else {
                continue
            }
            let isAlone = neighbours.isEmpty && !heard.hasStranger(port) && isAlone(owner, at: place)
            let isContested = macs.contains { candidates[$0]?.count != 1 }
            topology.links.append(
                Topology.Link(
                    device: device, port: port, other: end.ci, evidence: isAlone ? .forwarding : .forwardingShared,
                    confidence: isAlone && isContested ? 60 : nil))
        }
    }

    /// Whether a port shows nothing but one machine: its own addresses, its guests', and made-up ones behind its bridge.
    private func isAlone(_ owner: CIID, at place: PortPlace) -> Bool {
        let hasBridge = known.hasBridge(owner)
        let isReal = !input.virtual.contains(owner)
        return switches[place.number].macs[place.slot].allSatisfy { mac in
            guard let other = known.owner(of: mac) else { return isReal && hasBridge && mac >> 41 & 1 == 1 }
            return other == owner || input.listed[other] == owner || isReal && input.virtual.contains(other)
        }
    }
}
