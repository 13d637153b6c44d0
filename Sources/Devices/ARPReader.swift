import Model
import SNMP

/// Reads ipNetToMediaTable (RFC 1213: IPv4) and ipNetToPhysicalTable (RFC 4293: both).
struct ARPReader {
    static let columns = MIB.columns(MIB.ipNetToMediaEntry, 2, 4) + MIB.columns(MIB.ipNetToPhysicalEntry, 4, 6)

    /// The entries, each address once per interface; those without a MAC address or marked invalid are left out.
    static func entries(_ result: SNMPResult) -> [DeviceARP] {
        var found: [String: DeviceARP] = [:]
        let old = SNMPTable(entry: MIB.ipNetToMediaEntry, rows: result.rows, receipt: result.receipt)
        for index in old.indexes where index.count == 5 {
            add(index[0], Array(index.dropFirst()), old[index, 2], old[index, 4], to: &found)
        }
        let new = SNMPTable(entry: MIB.ipNetToPhysicalEntry, rows: result.rows, receipt: result.receipt)
        for index in new.indexes where index.count > 3 {
            // Cisco's firewalls leave the length out.
            let octets = Array(index.dropFirst(index[1] == 1 && index.count == 6 ? 2 : 3))
            switch (index[1], octets.count) {
            case (1, 4), (2, 16): add(index[0], octets, new[index, 4], new[index, 6], to: &found)
            case (3, 8), (4, 20): add(index[0], octets.dropLast(4), new[index, 4], new[index, 6], to: &found)
            default: continue
            }
        }
        return found.values.sorted {
            $0.address == $1.address
                ? $0.interface < $1.interface : $0.address.octets.lexicographicallyPrecedes($1.address.octets)
        }
    }

    private static func add(
        _ interface: UInt32, _ octets: [UInt32], _ mac: SNMPValue?, _ type: SNMPValue?,
        to found: inout [String: DeviceARP]
    ) {
        guard let address = IPAddress(octets: octets.compactMap { UInt8(exactly: $0) }), type?.number != 2,
            let mac = mac?.octets.flatMap(DeviceMAC.address), !mac.isFiller
        else { return }
        let kind = [1: "other", 3: "dynamic", 4: "static", 5: "local"][type?.number ?? 3] ?? "other"
        let entry = DeviceARP(address: address, mac: mac, interface: interface, kind: kind)
        if found[entry.key] == nil { found[entry.key] = entry }
    }
}

/// A MAC address as six octets or as text, also with single digits (`0:1:2b:3:4:5`).
enum DeviceMAC {
    static func address(_ octets: [UInt8]) -> MACAddress? {
        if octets.count == 6 { return MACAddress(octets: octets) }
        guard (11...17).contains(octets.count) else { return nil }
        let parts = octets.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count == 6 else { return MACAddress(String(decoding: octets, as: UTF8.self)) }
        let bytes = parts.compactMap { $0.count > 2 ? nil : UInt8(String(decoding: $0, as: UTF8.self), radix: 16) }
        return MACAddress(octets: bytes)
    }
}
