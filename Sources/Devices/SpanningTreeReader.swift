import Model
import SNMP

/// Reads which bridge speaks for the segment at each port: dot1dStpPortDesignatedBridge and dot1dStpPortDesignatedPort
/// (BRIDGE-MIB, RFC 4188).
enum SpanningTreeReader {
    /// The designated bridge and port by dot1dStpPort; what names no bridge is left out.
    static func designated(_ rows: [SNMPRow]) -> [UInt32: DesignatedPort] {
        var bridges: [UInt32: MACAddress] = [:]
        var ports: [UInt32: UInt32] = [:]
        for row in rows {
            guard let octets = row.value.octets else { continue }
            if let port = Self.port(row, MIB.dot1dStpPortDesignatedBridge) {
                // BridgeId: two octets of priority, then the bridge's address.
                guard octets.count == 8, let bridge = MACAddress(octets: Array(octets.suffix(6))), !bridge.isFiller,
                    !bridge.isMulticast
                else { continue }
                bridges[port] = bridge
            } else if let port = Self.port(row, MIB.dot1dStpPortDesignatedPort) {
                // Four bits of priority, then the port's number (IEEE 802.1D-2004, 9.2.7).
                guard octets.count == 2 else { continue }
                ports[port] = UInt32(octets[0] & 0x0f) << 8 | UInt32(octets[1])
            }
        }
        return bridges.reduce(into: [:]) { found, entry in
            guard let port = ports[entry.key], port > 0 else { return }
            found[entry.key] = DesignatedPort(bridge: entry.value, port: port)
        }
    }

    private static func port(_ row: SNMPRow, _ column: OID) -> UInt32? {
        guard let index = row.oid.suffix(after: column), index.count == 1 else { return nil }
        return index.first
    }
}

/// The port that speaks for a segment, as a port of the segment knows it.
public struct DesignatedPort: Hashable, Sendable {
    /// The bridge's address, without its priority.
    public var bridge: MACAddress
    /// The port's number in that bridge (dot1dBasePort).
    public var port: UInt32
}
