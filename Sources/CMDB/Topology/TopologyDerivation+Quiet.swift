import Model

extension TopologyDerivation {
    /// Keeps what an earlier derivation found of machines that are quiet now: an address leaves a table minutes after its
    /// machine fell silent, and the cable is still there. A port that is down, another machine on the port, the machine
    /// on another port and a protocol's word end that.
    mutating func keepQuiet() {
        let now = PortsInUse(topology.links, known)
        var shared: Set<CIID> = []
        for link in input.previous.links where isStill(link, now) {
            topology.links.append(link)
            if link.evidence == .forwardingShared { shared.insert(link.port) }
        }
        // One that speaks while the others behind its port are quiet is not alone there.
        for place in topology.links.indices where shared.contains(topology.links[place].port) {
            let link = topology.links[place]
            topology.links[place] = Topology.Link(
                device: link.device, port: link.port, other: link.other, evidence: .forwardingShared)
        }
        let guests = Set(topology.guests.map(\.guest))
        for guest in input.previous.guests
        where input.tables[guest.device] != nil && !guests.contains(guest.guest) && input.listed[guest.guest] == nil
            && input.virtual.contains(guest.guest) && !isSeen(known.macs(of: guest.guest))
        {
            topology.guests.append(guest)
        }
    }

    private func isStill(_ link: Topology.Link, _ now: PortsInUse) -> Bool {
        // Spanning tree speaks every two seconds: what it does not say any more is not so.
        guard link.evidence != .spanningTree else { return false }
        guard input.tables[link.device] != nil, let port = known.port(link.port), let other = known.port(link.other),
            port.isUp == true, other.isUp != false, known.bundle(of: link.port) == link.port
        else { return false }
        let far = known.bundle(of: link.other)
        guard !heard.hasNeighbour(link.port), !heard.hasNeighbour(far) else { return false }
        if input.tables[other.owner] != nil {
            // Between switches: neither end may lead elsewhere now.
            return !now.isUsed(link.port) && !now.isUsed(far)
        }
        guard input.listed[other.owner] == nil, !isUplink(link.port, of: link.device), !now.isUsed(far) else {
            return false
        }
        guard !isSeen(other.mac.map { [$0.bits] } ?? []) else { return false }
        return link.evidence == .forwardingShared || !now.isUsed(link.port)
    }

    /// Whether any of the addresses stands on a port that leads to no switch.
    private func isSeen(_ macs: [UInt64]) -> Bool { macs.contains { candidates[$0] != nil } }

    private func isUplink(_ port: CIID, of device: CIID) -> Bool {
        guard let number = places[device], let slot = switches[number].ports.firstIndex(of: port) else { return false }
        return switches[number].isUplink[slot]
    }
}

/// Ports at which a derivation found something.
private struct PortsInUse {
    private var ports: Set<CIID> = []

    init(_ links: [Topology.Link], _ known: KnownMachines) {
        for link in links { ports.formUnion([link.port, known.bundle(of: link.other)]) }
    }

    func isUsed(_ port: CIID) -> Bool { ports.contains(port) }
}

extension Topology {
    /// The same in one order.
    var sorted: Topology {
        var sorted = self
        sorted.links.sort { ($0.device, $0.port, $0.other) < ($1.device, $1.port, $1.other) }
        sorted.guests.sort { ($0.guest, $0.host, $0.device) < ($1.guest, $1.host, $1.device) }
        return sorted
    }
}
