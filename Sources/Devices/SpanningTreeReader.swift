import Model
import SNMP

/// Reads which bridge speaks for the segment at each port: dot1dStpPortDesignatedBridge and dot1dStpPortDesignatedPort
/// (BRIDGE-MIB, RFC 4188).
enum SpanningTreeReader {
    /// The designated bridge and port by dot1dStpPort; what names no bridge is left out.
    static func designated(_ rows: SNMPRows) -> [UInt32: DesignatedPort] {
        var bridges: [UInt32: MACAddress] = [:]
        var ports: [UInt32: UInt32] = [:]
        for (index, value) in rows.under(MIB.dot1dStpPortDesignatedBridge) where index.count == 1 {
            // BridgeId: two octets of priority, then the bridge's address.
            guard let octets = value.octets, octets.count == 8,
                let bridge = MACAddress(octets: Array(octets.suffix(6))),
                !bridge.isFiller, !bridge.isMulticast
            else { continue }
            bridges[index[0]] = bridge
        }
        for (index, value) in rows.under(MIB.dot1dStpPortDesignatedPort) where index.count == 1 {
            // Four bits of priority, then the port's number (IEEE 802.1D-2004, 9.2.7).
            guard let octets = value.octets, octets.count == 2 else { continue }
            ports[index[0]] = UInt32(octets[0] & 0x0f) << 8 | UInt32(octets[1])
        }
        return bridges.reduce(into: [:]) { found, entry in
            guard let port = ports[entry.key], port > 0 else { return }
            found[entry.key] = DesignatedPort(bridge: entry.value, port: port)
        }
    }
}

/// The port that speaks for a segment, as a port of the segment knows it.
public struct DesignatedPort: Hashable, Sendable {
    /// The bridge's address, without its priority.
    public var bridge: MACAddress
    /// The port's number in that bridge (dot1dBasePort).
    public var port: UInt32
}
