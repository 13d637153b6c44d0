import Model

/// How far from a cable an interface of a type is: a bridge, a VLAN and the port below them have one MAC address, and the
/// cable ends at the port.
enum InterfacePlace {
    /// The distance of a bridge.
    static let bridge = 4

    /// 0 for a socket, more for what is made of it; types are those of the kernel as agents tell them and of the IF-MIB.
    static func distance(ofType type: String?) -> Int {
        switch type {
        case "ethernet", "wireless", "infiniband", "ethernetCsmacd", "gigabitEthernet", "ieee80211": 0
        case nil, "virtual", "veth", "other", "propVirtual": 1
        case "bond", "ieee8023adLag": 2
        case "vlan", "l2vlan", "l3ipvlan", "macvlan": 3
        case "bridge": bridge
        default: 5
        }
    }

    /// Of an owner's interfaces with one MAC address the one where the cable ends. Of several sockets the aggregate they
    /// make together; nil where it cannot be told.
    static func end(of ports: [TopologyPort]) -> TopologyPort? {
        guard let least = ports.map(\.distance).min() else { return nil }
        let nearest = ports.filter { $0.distance == least }
        if nearest.count == 1, let only = nearest.first { return only }
        let aggregates = Set(nearest.map(\.aggregate))
        guard aggregates.count == 1, let aggregate = aggregates.first ?? nil else { return nil }
        return ports.first { $0.ci == aggregate }
    }
}
