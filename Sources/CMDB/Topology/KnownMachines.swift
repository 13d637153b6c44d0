import Model

/// Interfaces by number and by MAC address.
struct KnownMachines: Sendable {
    private let ports: [CIID: TopologyPort]
    private var machines: [UInt64: Machine] = [:]
    private let switches: Set<CIID>
    private var holders: [UInt64: [CIID]] = [:]
    private var bridged: Set<CIID> = []
    private var macs: [CIID: [UInt64]] = [:]

    /// Whose a MAC address is.
    struct Machine {
        let owner: CIID
        let isSwitch: Bool
    }

    /// `switches` are the devices that have forwarding tables.
    init(_ all: [TopologyPort], switches: Set<CIID>) {
        self.switches = switches
        ports = Dictionary(all.map { ($0.ci, $0) }) { first, _ in first }
        var several: Set<UInt64> = []
        for port in ports.values {
            if port.distance == InterfacePlace.bridge { bridged.insert(port.owner) }
            guard let mac = port.mac, mac.tellsMachines else { continue }
            if let other = machines[mac.bits], other.owner != port.owner { several.insert(mac.bits) }
            machines[mac.bits] = Machine(owner: port.owner, isSwitch: switches.contains(port.owner))
            holders[mac.bits, default: []].append(port.ci)
        }
        // What several machines have at once (a container bridge's address) tells none of them.
        for mac in several {
            machines[mac] = nil
            holders[mac] = nil
        }
        for (mac, machine) in machines { macs[machine.owner, default: []].append(mac) }
    }

    func port(_ ci: CIID) -> TopologyPort? { ports[ci] }

    /// The one machine that has a MAC address.
    func machine(of mac: UInt64) -> Machine? { machines[mac] }

    /// The number of the one machine that has a MAC address.
    func owner(of mac: UInt64) -> CIID? { machines[mac]?.owner }

    /// Whether a device has a forwarding table.
    func isSwitch(_ device: CIID) -> Bool { switches.contains(device) }

    /// The interface where a machine's cable ends that shows some MAC addresses at one port: the one nearest to a cable.
    func end(of macs: [UInt64]) -> TopologyPort? {
        let ends = macs.compactMap { mac in
            InterfacePlace.end(of: (holders[mac] ?? []).sorted().compactMap { ports[$0] })
        }
        return ends.min { ($0.distance, $0.ci) < ($1.distance, $1.ci) }
    }

    /// The MAC addresses that only this machine has.
    func macs(of owner: CIID) -> [UInt64] { macs[owner] ?? [] }

    /// Whether a machine has a bridge, behind which others may be.
    func hasBridge(_ owner: CIID) -> Bool { bridged.contains(owner) }

    /// The aggregate a port is a member of, or the port itself.
    func bundle(of port: CIID) -> CIID { ports[port]?.aggregate ?? port }
}

/// What protocols have told of ports. Members of an aggregate speak for it.
struct HeardPorts: Sendable {
    private var owners: [CIID: Set<CIID>] = [:]
    private var strangers: Set<CIID> = []

    init(_ heard: [HeardNeighbour], _ known: KnownMachines) {
        for neighbour in heard {
            let port = known.bundle(of: neighbour.port)
            guard let remote = neighbour.remote, let far = known.port(remote), let near = known.port(neighbour.port)
            else {
                strangers.insert(port)
                continue
            }
            owners[port, default: []].insert(far.owner)
            owners[known.bundle(of: remote), default: []].insert(near.owner)
        }
    }

    /// Hosts and devices at the other end of a port, whichever end heard.
    func owners(at port: CIID) -> Set<CIID> { owners[port] ?? [] }

    /// Whether a port has heard something that is no CI.
    func hasStranger(_ port: CIID) -> Bool { strangers.contains(port) }

    /// Whether anything was heard at a port.
    func hasNeighbour(_ port: CIID) -> Bool { owners[port] != nil || strangers.contains(port) }
}
