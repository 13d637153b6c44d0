/// What a derived edge rests on; docs/decisions/0009-topology.md says what each proves.
public enum RelationEvidence: String, Hashable, Sendable, Codable, CaseIterable {
    /// The other end named itself over the Link Layer Discovery Protocol (IEEE 802.1AB).
    case lldp
    /// The same over Cisco's protocol.
    case cdp
    /// The same over Foundry's protocol.
    case fdp
    /// A port's spanning tree names the other end (BRIDGE-MIB), and nobody else names that.
    case spanningTree = "spanning-tree"
    /// The other end's MAC address is the only machine's behind this port (BRIDGE-MIB, Q-BRIDGE-MIB).
    case forwarding
    /// The other end's MAC address is behind this port among others: something that nobody manages stands between.
    case forwardingShared = "forwarding-shared"
    /// The host lists the guest among its own.
    case guestList = "guest-list"
    /// The guest's MAC address is behind the switch port of one real machine.
    case samePort = "same-port"

    /// How sure an edge is that rests on this alone, in percent.
    public var confidence: Int {
        switch self {
        case .lldp, .cdp, .fdp, .guestList: 100
        case .spanningTree: 90
        case .forwarding: 80
        case .samePort: 60
        case .forwardingShared: 40
        }
    }
}
