import Model
import SNMP

/// Reads neighbours over the Cisco Discovery Protocol (CISCO-CDP-MIB) and Foundry's (FOUNDRY-SN-SWITCH-GROUP-MIB).
struct CDPReader {
    static let columns = MIB.columns(MIB.cdpCacheEntry, 4, 5, 6, 7, 8) + MIB.columns(MIB.snFdpCacheEntry, 3, 5, 6, 7, 8)

    /// The neighbours of both protocols, at the interfaces read before.
    static func neighbours(_ result: SNMPResult, interfaces: [DeviceInterface]) -> [DeviceNeighbour] {
        let cdp = SNMPTable(entry: MIB.cdpCacheEntry, rows: result.rows, receipt: result.receipt)
        let fdp = SNMPTable(entry: MIB.snFdpCacheEntry, rows: result.rows, receipt: result.receipt)
        var names: [UInt32: String] = [:]
        for interface in interfaces { names[interface.index] = interface.name }
        return cdp.indexes.compactMap { neighbour(cdp, $0, names, "cdp", id: 6, address: 4) }
            + fdp.indexes.compactMap { neighbour(fdp, $0, names, "fdp", id: 3, address: 5) }
    }

    /// The index is ifIndex and a number. The columns stand in both MIBs alike but for device id and address.
    private static func neighbour(
        _ table: SNMPTable, _ index: [UInt32], _ names: [UInt32: String], _ proto: String, id: UInt32, address: UInt32
    ) -> DeviceNeighbour? {
        guard index.count == 2, let octets = table[index, id]?.octets, let text = device(octets) else { return nil }
        let isFoundry = proto == "fdp"
        let port = DeviceText.text(table[index, 7]?.octets, limit: 255)
        var neighbour = DeviceNeighbour(
            localPort: names[index[0]] ?? String(index[0]), localInterface: names[index[0]] == nil ? nil : index[0],
            chassisID: text, chassisIDType: MACAddress(text) == nil ? "local" : "mac",
            chassisName: MACAddress(text) == nil ? text : nil,
            chassisDescription: DeviceText.text(table[index, isFoundry ? 6 : 5]?.octets), portID: port ?? "",
            portIDType: "ifname", portDescription: nil)
        neighbour.proto = proto
        neighbour.platform = DeviceText.text(table[index, 8]?.octets, limit: 255)
        if let octets = table[index, address]?.octets, octets.count == 4 || octets.count == 16 {
            neighbour.addresses = IPAddress(octets: octets).map { $0.isUnspecified ? [] : [$0] } ?? []
        }
        return neighbour
    }

    /// A name; phones and access points of some makers give six octets.
    private static func device(_ octets: [UInt8]) -> String? {
        if !DeviceText.isPrintable(octets), let mac = MACAddress(octets: octets) { return mac.description }
        return DeviceText.text(octets, limit: 255)
    }
}
