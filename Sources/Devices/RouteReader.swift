import Model
import SNMP

/// Reads how many routes there are and the default routes, from the newest of three tables that the device has: inetCidrRouteTable
/// (RFC 4292), ipCidrRouteTable (RFC 2096), ipRouteTable (RFC 1213).
///
/// The table of a router in the Internet has a million rows: the device's own count is asked first, and a table that is larger than
/// ``limit`` is not walked at all but for the rows of its default routes, which its index names.
enum RouteReader {
    /// The counts of the tables that have one.
    static let counts: [OID] = Table.allCases.compactMap(\.count)

    /// The objects of which those are the instances, for a walk.
    static let countObjects: [OID] = counts.map { OID($0.parts.dropLast()) }

    /// The counts in what was read.
    static func told(_ rows: SNMPRows) -> [OID: Int64] {
        var numbers: [OID: Int64] = [:]
        for row in rows where counts.contains(row.oid) { numbers[row.oid] = row.value.number }
        return numbers
    }

    /// Everything that may be walked.
    static let columns: [OID] = Table.allCases.flatMap { [$0.proto] + $0.roots(isWhole: false) }

    /// Routes that are read one by one.
    static let limit = 500

    /// One of the tables.
    enum Table: CaseIterable {
        case inetCidr, ipCidr, ip

        fileprivate var entry: OID {
            switch self {
            case .inetCidr: MIB.inetCidrRouteEntry
            case .ipCidr: MIB.ipCidrRouteEntry
            case .ip: MIB.ipRouteEntry
            }
        }

        /// The column of the protocols, which tells how many routes there are, too.
        var proto: OID { entry.appending(self == .inetCidr || self == .ip ? 9 : 7) }

        private var interface: OID {
            switch self {
            case .inetCidr: entry.appending(7)
            case .ipCidr: entry.appending(5)
            case .ip: entry.appending(2)
            }
        }

        /// The object that tells how many rows there are; RFC 1213 has none.
        var count: OID? {
            switch self {
            case .inetCidr: MIB.inetCidrRouteNumber
            case .ipCidr: MIB.ipCidrRouteNumber
            case .ip: nil
            }
        }

        /// What to walk: all protocols where the table is read as a whole, of all else only the rows of default routes.
        func roots(isWhole: Bool) -> [OID] {
            let others = self == .ip ? [interface, entry.appending(7)] : [interface]
            let rows = (isWhole ? others : [proto] + others).flatMap { column in
                beginnings.map { OID(column.parts + $0) }
            }
            return isWhole ? rows + [proto] : rows
        }

        /// What the index of a default route begins with.
        private var beginnings: [[UInt32]] {
            let zeros = [UInt32](repeating: 0, count: 16)
            return switch self {
            case .inetCidr: [[1, 4, 0, 0, 0, 0, 0], [2, 16] + zeros + [0]]
            case .ipCidr: [[0, 0, 0, 0, 0, 0, 0, 0]]
            // A walk goes on behind what it is given: the row itself would be left out.
            case .ip: [[0, 0, 0]]
            }
        }

        /// The default routes in what was read, in the order of their next hops.
        func routes(_ rows: SNMPRows) -> [DeviceRoute] {
            let values = Dictionary(rows.map { ($0.oid, $0.value) }, uniquingKeysWith: { first, _ in first })
            var seen: Set<[UInt32]> = []
            var routes: [DeviceRoute] = []
            for column in [proto, interface] {
                for (index, value) in rows.under(column) where !value.isException {
                    guard seen.insert(index).inserted, let isIPv6 = family(index) else { continue }
                    var route = DeviceRoute(destination: isIPv6 ? "::/0" : "0.0.0.0/0")
                    route.nextHop = nextHop(index, values).flatMap { $0.isUnspecified ? nil : $0 }
                    route.interface = values[OID(interface.parts + index)]?.number.flatMap { UInt32(exactly: $0) }
                        .flatMap { $0 > 0 ? $0 : nil }
                    route.proto = values[OID(proto.parts + index)]?.number.map { RouteReader.name($0) }
                    if !routes.contains(where: { $0.key == route.key }) { routes.append(route) }
                }
            }
            return routes.sorted { $0.key < $1.key }
        }

        /// Whether the index is of a default route, and then whether of IPv6's.
        private func family(_ index: [UInt32]) -> Bool? {
            let fitting = beginnings.firstIndex { index.starts(with: $0) }
            guard let fitting, self != .ip || index == [0, 0, 0, 0] else { return nil }
            return fitting == 1
        }

        /// The next router: the index ends with it, or a column has it.
        private func nextHop(_ index: [UInt32], _ values: [OID: SNMPValue]) -> IPAddress? {
            switch self {
            case .inetCidr: return RouteReader.inetNextHop(index)
            case .ipCidr: return RouteReader.address(index.dropFirst(9))
            case .ip:
                guard case .ipAddress(let address) = values[OID(entry.appending(7).parts + index)] else { return nil }
                return address
            }
        }
    }

    /// What a walk told of the first of `tables` that has any row; nil where none has. `told` is the device's own count.
    static func routes(
        _ result: SNMPResult, of tables: [Table], told: Int64?, isWhole: Bool
    ) -> DeviceRoutes? {
        for table in tables where result.rows.hasRows(under: table.entry) {
            var routes = DeviceRoutes()
            routes.defaults = table.routes(result.rows)
            routes.isCut = !isWhole || result.receipt.end != .complete
            if !routes.isCut { routes.byProtocol = byProtocol(result.rows, of: table) }
            routes.count = told ?? (routes.isCut ? nil : routes.byProtocol.values.reduce(0, +))
            return routes
        }
        return nil
    }

    /// How many rows of each protocol, other objects left out.
    static func byProtocol(_ rows: SNMPRows, of table: Table) -> [String: Int64] {
        var counts: [String: Int64] = [:]
        for (_, value) in rows.under(table.proto) {
            guard let number = value.number else { continue }
            counts[name(number), default: 0] += 1
        }
        return counts
    }

    /// inetCidrRouteDestType, Dest, PfxLen, Policy (an OBJECT IDENTIFIER, its length before it), NextHopType, NextHop.
    private static func inetNextHop(_ index: [UInt32]) -> IPAddress? {
        guard index.count > 2, let length = Int(exactly: index[1]), length <= 20 else { return nil }
        let policy = 2 + length + 1
        guard policy < index.count, let parts = Int(exactly: index[policy]), parts <= 128 else { return nil }
        let hop = policy + 1 + parts
        guard hop + 1 < index.count, let octets = Int(exactly: index[hop + 1]) else { return nil }
        let address = index.dropFirst(hop + 2)
        // Types 3 and 4 have the zone's index behind the address.
        guard address.count == octets, [4, 8, 16, 20].contains(octets) else { return nil }
        return Self.address(address.prefix(octets > 8 ? 16 : 4))
    }

    private static func address(_ numbers: ArraySlice<UInt32>) -> IPAddress? {
        let octets = numbers.compactMap { UInt8(exactly: $0) }
        guard octets.count == numbers.count else { return nil }
        return IPAddress(octets: octets)
    }

    /// IANAipRouteProtocol.
    private static func name(_ number: Int64) -> String { names[number] ?? String(number) }

    private static let names: [Int64: String] = [
        1: "other", 2: "local", 3: "static", 4: "icmp", 5: "egp", 6: "ggp", 7: "hello", 8: "rip", 9: "isis",
        10: "esis", 11: "igrp", 12: "bbn_spf_igp", 13: "ospf", 14: "bgp", 15: "idpr", 16: "eigrp", 17: "dvmrp",
        18: "rpl", 19: "dhcp", 20: "ttdp",
    ]
}
