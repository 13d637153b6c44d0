import Model
import SNMP

/// Reads VLANs and forwarding tables: BRIDGE-MIB (RFC 4188), Q-BRIDGE-MIB (RFC 4363), CISCO-VTP-MIB, and the table of
/// VLANs a profile names.
struct BridgeReader {
    static let portColumns = MIB.columns(MIB.dot1dBasePortEntry, 2)
    static let vlanColumns =
        MIB.columns(MIB.dot1qVlanCurrentEntry, 3, 4, 5)
        + MIB.columns(MIB.dot1qVlanStaticEntry, 1, 2, 4) + MIB.columns(MIB.vtpVlanEntry, 2, 3, 4)
        + MIB.columns(MIB.ieee8021QBridgeVlanStaticEntry, 3, 4, 6)
    static let forwardingColumns =
        MIB.columns(MIB.dot1dTpFdbEntry, 1, 2, 3) + MIB.columns(MIB.dot1qTpFdbEntry, 2, 3)
    /// What is asked in the context of one VLAN.
    static let contextColumns = MIB.columns(MIB.dot1dBasePortEntry, 2) + MIB.columns(MIB.dot1dTpFdbEntry, 2, 3)

    private let ports: [UInt32: UInt32]
    private let current: SNMPTable
    private let configured: SNMPTable
    private let cisco: SNMPTable
    private let ieee: SNMPTable

    /// What `vlanColumns` gave, and with it `portColumns` where the ports are not known yet.
    init(_ result: SNMPResult, ports known: [UInt32: UInt32]? = nil) {
        ports = known ?? BridgeReader.ports(result)
        current = SNMPTable(entry: MIB.dot1qVlanCurrentEntry, rows: result.rows, receipt: result.receipt)
        configured = SNMPTable(entry: MIB.dot1qVlanStaticEntry, rows: result.rows, receipt: result.receipt)
        ieee = SNMPTable(
            entry: MIB.ieee8021QBridgeVlanStaticEntry, rows: result.rows, receipt: result.receipt)
        cisco = SNMPTable(entry: MIB.vtpVlanEntry, rows: result.rows, receipt: result.receipt)
    }

    /// dot1dBasePort to ifIndex.
    static func ports(_ result: SNMPResult) -> [UInt32: UInt32] {
        let table = SNMPTable(entry: MIB.dot1dBasePortEntry, rows: result.rows, receipt: result.receipt)
        var ports: [UInt32: UInt32] = [:]
        for index in table.indexes where index.count == 1 {
            if let interface = table[index, 2]?.number.flatMap({ UInt32(exactly: $0) }), interface > 0 {
                ports[index[0]] = interface
            }
        }
        return ports
    }

    // MARK: VLANs

    /// The VLANs by number; `own` are the rows of the profile's table.
    func vlans(_ table: VLANTable?, own: SNMPRows) -> [DeviceVLAN] {
        var vlans: [UInt32: DeviceVLAN] = [:]
        func change(_ id: UInt32, _ change: (inout DeviceVLAN) -> Void) {
            guard (1...4095).contains(id) else { return }
            var vlan = vlans[id] ?? DeviceVLAN(id: id)
            change(&vlan)
            vlans[id] = vlan
        }
        for index in configured.indexes where index.count == 1 {
            change(index[0]) {
                $0.name = DeviceText.text(configured[index, 1]?.octets, limit: 255)
                $0.interfaces = members(configured[index, 2])
                $0.untagged = members(configured[index, 4])
            }
        }
        // dot1qVlanTimeMark, dot1qVlanIndex: what is in force counts more than what was set.
        for index in current.indexes where index.count == 2 {
            change(index[1]) {
                let egress = members(current[index, 4])
                if !egress.isEmpty { $0.interfaces = egress }
                let untagged = members(current[index, 5])
                if !untagged.isEmpty { $0.untagged = untagged }
            }
        }
        for index in cisco.indexes where isEthernet(index) {
            change(index[1]) { $0.name = $0.name ?? DeviceText.text(cisco[index, 4]?.octets, limit: 255) }
        }
        // ieee8021QBridgeVlanStaticComponentId, ieee8021QBridgeVlanStaticVlanIndex.
        for index in ieee.indexes where index.count == 2 {
            change(index[1]) {
                $0.name = $0.name ?? DeviceText.text(ieee[index, 3]?.octets, limit: 255)
                if $0.interfaces.isEmpty { $0.interfaces = members(ieee[index, 4]) }
                if $0.untagged.isEmpty { $0.untagged = members(ieee[index, 6]) }
            }
        }
        if let table {
            for (id, name) in table.vlans(own) { change(id) { $0.name = name ?? $0.name } }
        }
        return vlans.values.sorted { $0.id < $1.id }
    }

    /// A VLAN of VTP (managementDomainIndex, vtpVlanIndex) that carries Ethernet; the others are of Token Ring and FDDI,
    /// which 1002 to 1005 are where the type is not told.
    private func isEthernet(_ index: [UInt32]) -> Bool {
        guard index.count == 2 else { return false }
        return cisco[index, 3]?.number.map { $0 == 1 } ?? !(1002...1005).contains(index[1])
    }

    /// PortList: the first octet's highest bit is port 1.
    private func members(_ value: SNMPValue?) -> [UInt32] {
        var found: [UInt32] = []
        for (place, octet) in (value?.octets ?? []).prefix(1024).enumerated() where octet != 0 {
            for bit in 0..<8 where octet & (0x80 >> UInt8(bit)) != 0 {
                if let interface = ports[UInt32(place * 8 + bit + 1)] { found.append(interface) }
            }
        }
        return found.sorted()
    }

    /// The VLANs whose forwarding tables Cisco keeps apart: those of VTP that work.
    var contexts: [UInt32] {
        cisco.indexes.filter { isEthernet($0) && cisco[$0, 2]?.number ?? 1 == 1 }
            .map { $0[1] }
    }

    /// The VLANs with those that only show in the forwarding table.
    static func vlans(_ vlans: [DeviceVLAN], with forwarding: [DeviceForwarding]) -> [DeviceVLAN] {
        let known = Set(vlans.map(\.id))
        let heard = Set(forwarding.compactMap(\.vlan)).subtracting(known).filter { (1...4094).contains($0) }
        return (vlans + heard.map { DeviceVLAN(id: $0) }).sorted { $0.id < $1.id }
    }

    // MARK: forwarding

    /// The entries of both tables; of one address in one VLAN the one that names a port.
    func forwarding(_ result: SNMPResult) -> [DeviceForwarding] {
        let base = SNMPTable(entry: MIB.dot1dTpFdbEntry, rows: result.rows, receipt: result.receipt)
        let tagged = SNMPTable(entry: MIB.dot1qTpFdbEntry, rows: result.rows, receipt: result.receipt)
        let vlans = vlanOfDatabase
        var entries = tagged.indexes.compactMap { index -> DeviceForwarding? in
            // Some agents put the length of the address before it.
            guard index.count == 7 || index.count == 8 && index[1] == 6 else { return nil }
            return BridgeReader.entry(tagged, index, mac: index.suffix(6), ports, vlan: vlans[index[0]] ?? index[0])
        }
        let known = Set(entries.map(\.mac))
        for index in base.indexes {
            guard let entry = BridgeReader.entry(base, index, mac: index[...], ports, vlan: nil),
                !known.contains(entry.mac)
            else { continue }
            entries.append(entry)
        }
        return entries
    }

    /// The entries of one VLAN's context.
    static func forwarding(_ result: SNMPResult, vlan: UInt32) -> [DeviceForwarding] {
        let table = SNMPTable(entry: MIB.dot1dTpFdbEntry, rows: result.rows, receipt: result.receipt)
        let ports = ports(result)
        return table.indexes.compactMap { entry(table, $0, mac: $0[...], ports, vlan: vlan) }
    }

    private static func entry(
        _ table: SNMPTable, _ index: [UInt32], mac: ArraySlice<UInt32>, _ ports: [UInt32: UInt32], vlan: UInt32?
    ) -> DeviceForwarding? {
        // The index is the address; agents that count rows instead tell it in the first column.
        let octets = mac.count == 6 ? mac.compactMap { UInt8(exactly: $0) } : table[index, 1]?.octets ?? []
        guard let mac = MACAddress(octets: octets), let told = table[index, 2]?.number else { return nil }
        let port = UInt32(exactly: told) ?? 0
        let names: [Int64: String] = [1: "other", 2: "invalid", 3: "learned", 4: "self", 5: "mgmt"]
        return DeviceForwarding(
            vlan: vlan, mac: mac, port: port, interface: ports[port],
            status: names[table[index, 3]?.number ?? 3] ?? "other")
    }

    /// dot1qVlanFdbId: several VLANs may share one database; then the lowest stands for it.
    private var vlanOfDatabase: [UInt32: UInt32] {
        var vlans: [UInt32: UInt32] = [:]
        for index in current.indexes where index.count == 2 {
            guard let database = current[index, 3]?.number.flatMap({ UInt32(exactly: $0) }) else { continue }
            vlans[database] = min(vlans[database] ?? index[1], index[1])
        }
        return vlans
    }
}
