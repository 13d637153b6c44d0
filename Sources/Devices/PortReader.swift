import Model
import SNMP

/// Puts to the interfaces what other MIBs know of them: duplex (EtherLike-MIB), the aggregate they are part of
/// (IEEE8023-LAG-MIB), spanning tree (BRIDGE-MIB, RFC 4188), power over Ethernet (RFC 3621).
struct PortReader {
    static let columns = [
        MIB.dot3StatsDuplexStatus, MIB.dot3adAggPortAttachedAggID, MIB.dot1dStpPortState,
        MIB.dot1dStpPortDesignatedBridge, MIB.dot1dStpPortDesignatedPort,
        MIB.pethPsePortDetectionStatus,
        MIB.dot1dBasePortEntry.appending(2),
    ]

    /// Fills `interfaces` from `rows`.
    static func fill(_ interfaces: inout [DeviceInterface], _ result: SNMPResult) {
        let ports = BridgeReader.ports(result)
        let duplex = numbers(MIB.dot3StatsDuplexStatus, result.rows)
        let aggregate = numbers(MIB.dot3adAggPortAttachedAggID, result.rows)
        var tree: [UInt32: Int64] = [:]
        for (port, state) in numbers(MIB.dot1dStpPortState, result.rows) { tree[ports[port] ?? 0] = state }
        let designated = SpanningTreeReader.designated(result.rows)
        let bases = Dictionary(ports.map { ($1, $0) }) { first, _ in first }
        let power = powered(result.rows)
        for place in interfaces.indices {
            let index = interfaces[place].index
            interfaces[place].duplex = duplex[index].flatMap { [2: "half", 3: "full"][$0] }
            interfaces[place].aggregate = aggregate[index].flatMap { UInt32(exactly: $0) }
                .flatMap { $0 == 0 || $0 == index ? nil : $0 }
            interfaces[place].spanningTree = tree[index].flatMap {
                [1: "disabled", 2: "blocking", 3: "listening", 4: "learning", 5: "forwarding", 6: "broken"][$0]
            }
            interfaces[place].bridgePort = bases[index]
            if let state = interfaces[place].spanningTree, state != "disabled", state != "broken" {
                interfaces[place].designated = bases[index].flatMap { designated[$0] }
            }
            interfaces[place].power = power[index]
        }
        // pethPsePortIndex is an ifIndex or counts ports; only the former is known to be right.
    }

    private static func powered(_ rows: SNMPRows) -> [UInt32: String] {
        let names: [Int64: String] = [
            1: "disabled", 2: "searching", 3: "delivering", 4: "fault", 5: "test", 6: "other_fault",
        ]
        var found: [UInt32: String] = [:]
        for (index, value) in rows.under(MIB.pethPsePortDetectionStatus) where index.count == 2 {
            found[index[1]] = value.number.flatMap { names[$0] }
        }
        return found
    }

    private static func numbers(_ column: OID, _ rows: SNMPRows) -> [UInt32: Int64] {
        var numbers: [UInt32: Int64] = [:]
        for (index, value) in rows.under(column) where index.count == 1 { numbers[index[0]] = value.number }
        return numbers
    }
}
