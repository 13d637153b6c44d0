import Model
import SNMP

/// Reads lldpRemTable, and lldpLocPortTable to tell which interface each neighbour is at; the second edition's table
/// (LLDP-V2-MIB), which names the interface itself, where the first is empty.
struct NeighbourReader {
    static let columns =
        MIB.columns(MIB.lldpLocPortEntry, 2, 3, 4) + MIB.columns(MIB.lldpRemEntry, 4, 5, 6, 7, 8, 9, 10)
        + [MIB.lldpRemManAddrIfSubtype] + MIB.columns(MIB.lldpV2RemEntry, 5, 6, 7, 8, 9, 10, 11)

    private let ports: SNMPTable
    private let remote: SNMPTable
    private let second: SNMPTable
    private let managed: [[UInt32]: [IPAddress]]
    private let interfaces: [DeviceInterface]
    private let byName: [String: UInt32]

    /// The neighbours in `rows`, at the interfaces read before.
    static func neighbours(_ result: SNMPResult, interfaces: [DeviceInterface]) -> [DeviceNeighbour] {
        let reader = NeighbourReader(result, interfaces)
        let found = reader.remote.indexes.compactMap(reader.neighbour)
        return found.isEmpty ? reader.second.indexes.compactMap(reader.secondEdition) : found
    }

    private init(_ result: SNMPResult, _ interfaces: [DeviceInterface]) {
        ports = SNMPTable(entry: MIB.lldpLocPortEntry, rows: result.rows, receipt: result.receipt)
        remote = SNMPTable(entry: MIB.lldpRemEntry, rows: result.rows, receipt: result.receipt)
        second = SNMPTable(entry: MIB.lldpV2RemEntry, rows: result.rows, receipt: result.receipt)
        managed = NeighbourReader.managementAddresses(result.rows)
        self.interfaces = interfaces
        var byName: [String: UInt32] = [:]
        for names in [\DeviceInterface.alias, \.descr] {
            for interface in interfaces { if let name = interface[keyPath: names] { byName[name] = interface.index } }
        }
        for interface in interfaces { byName[interface.name] = interface.index }
        self.byName = byName
    }

    /// The index is lldpRemTimeMark, lldpRemLocalPortNum, lldpRemIndex; some devices leave the first or the first two
    /// out, and then the local port is not known.
    private func neighbour(_ index: [UInt32]) -> DeviceNeighbour? {
        guard (1...3).contains(index.count), let chassisOctets = remote[index, 5]?.octets,
            let chassis = LLDPIdentifier.chassis(subtype: remote[index, 4]?.number ?? 7, octets: chassisOctets)
        else { return nil }
        // A neighbour that does not name its port is still a neighbour.
        let port =
            LLDPIdentifier.port(subtype: remote[index, 6]?.number ?? 7, octets: remote[index, 7]?.octets ?? [])
            ?? LLDPIdentifier(text: "", type: "local")
        let (name, interface) = index.count == 1 ? ("row \(index[0])", nil) : localPort(index[index.count - 2])
        var neighbour = DeviceNeighbour(
            localPort: name, localInterface: interface, chassisID: chassis.text, chassisIDType: chassis.type,
            chassisName: DeviceText.text(remote[index, 9]?.octets, limit: 255),
            chassisDescription: DeviceText.text(remote[index, 10]?.octets), portID: port.text, portIDType: port.type,
            portDescription: DeviceText.text(remote[index, 8]?.octets, limit: 1024))
        neighbour.addresses = managed[index] ?? []
        return neighbour
    }

    /// The index is lldpV2RemTimeMark, ifIndex, the destination's MAC address as a number, and a number.
    private func secondEdition(_ index: [UInt32]) -> DeviceNeighbour? {
        guard index.count >= 2, let octets = second[index, 6]?.octets,
            let chassis = LLDPIdentifier.chassis(subtype: second[index, 5]?.number ?? 7, octets: octets)
        else { return nil }
        let port =
            LLDPIdentifier.port(subtype: second[index, 7]?.number ?? 7, octets: second[index, 8]?.octets ?? [])
            ?? LLDPIdentifier(text: "", type: "local")
        let interface = interfaces.first { $0.index == index[1] }
        return DeviceNeighbour(
            localPort: interface?.name ?? String(index[1]), localInterface: interface?.index, chassisID: chassis.text,
            chassisIDType: chassis.type, chassisName: DeviceText.text(second[index, 10]?.octets, limit: 255),
            chassisDescription: DeviceText.text(second[index, 11]?.octets), portID: port.text, portIDType: port.type,
            portDescription: DeviceText.text(second[index, 9]?.octets, limit: 1024))
    }

    /// lldpRemManAddrTable holds the addresses in its index: the neighbour's three numbers, the address' family and
    /// length, its octets.
    private static func managementAddresses(_ rows: SNMPRows) -> [[UInt32]: [IPAddress]] {
        var found: [[UInt32]: [IPAddress]] = [:]
        for (index, _) in rows.under(MIB.lldpRemManAddrIfSubtype) {
            guard index.count > 5, index[3] == 1 || index[3] == 2,
                let address = IPAddress(octets: index.dropFirst(5).compactMap { UInt8(exactly: $0) })
            else { continue }
            found[Array(index.prefix(3)), default: []].append(address)
        }
        return found
    }

    /// Devices number their LLDP ports as they like; the port's own identifier is the better evidence.
    private func localPort(_ number: UInt32) -> (String, UInt32?) {
        let row: [UInt32] = [number]
        let subtype = ports[row, 2]?.number ?? 7
        let octets = ports[row, 3]?.octets ?? []
        let id = LLDPIdentifier.port(subtype: subtype, octets: octets)
        let description = DeviceText.text(ports[row, 4]?.octets, limit: 1024)
        let index =
            id.flatMap { $0.type == "mac" ? interface(ofMAC: octets) : byName[$0.text] }
            ?? description.flatMap { byName[$0] } ?? id.flatMap { interface(numbered: UInt32($0.text)) }
            ?? interface(numbered: number)
        if let index, let interface = interfaces.first(where: { $0.index == index }) { return (interface.name, index) }
        let readable = id.flatMap { $0.type == "mac" ? nil : $0.text }
        return (readable ?? description ?? id?.text ?? String(number), nil)
    }

    private func interface(ofMAC octets: [UInt8]) -> UInt32? {
        let mac = MACAddress(octets: octets)
        let having = interfaces.filter { $0.mac != nil && $0.mac == mac }
        return having.count == 1 ? having[0].index : nil
    }

    private func interface(numbered number: UInt32?) -> UInt32? {
        number.flatMap { number in interfaces.contains { $0.index == number } ? number : nil }
    }
}
