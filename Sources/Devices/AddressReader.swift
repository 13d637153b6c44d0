import Model
import SNMP

/// Reads the device's own addresses in both forms: ipAddrTable (IPv4) and ipAddressTable (both).
struct AddressReader {
    static let columns = MIB.columns(MIB.ipAdEntry, 2, 3) + MIB.columns(MIB.ipAddressEntry, 3, 4, 5)

    /// The addresses in `rows`, each once; what both tables tell is put together.
    static func addresses(_ result: SNMPResult) -> [DeviceAddress] {
        var found: [IPAddress: DeviceAddress] = [:]
        let old = SNMPTable(entry: MIB.ipAdEntry, rows: result.rows, receipt: result.receipt)
        for index in old.indexes {
            guard let address = IPAddress(octets: index.compactMap { UInt8(exactly: $0) }), index.count == 4 else {
                continue
            }
            var prefix: Int?
            if case .ipAddress(let mask) = old[index, 3] { prefix = length(mask) }
            add(address, prefix, old[index, 2]?.number, to: &found)
        }
        let new = SNMPTable(entry: MIB.ipAddressEntry, rows: result.rows, receipt: result.receipt)
        for index in new.indexes where new[index, 4]?.number != 3 {
            guard let address = address(index) else { continue }
            add(address, prefix(new[index, 5]?.objectID, address), new[index, 3]?.number, to: &found)
        }
        return found.values.sorted { $0.address.octets.lexicographicallyPrecedes($1.address.octets) }
    }

    private static func add(
        _ address: IPAddress, _ prefix: Int?, _ interface: Int64?, to found: inout [IPAddress: DeviceAddress]
    ) {
        if address.isUnspecified || address.isMulticast { return }
        var entry = found[address] ?? DeviceAddress(address: address, prefixLength: nil, interface: nil)
        entry.prefixLength = entry.prefixLength ?? prefix
        entry.interface = entry.interface ?? interface.flatMap { UInt32(exactly: $0) }
        found[address] = entry
    }

    /// InetAddressType, length, octets; zoned types (3, 4) have four octets of zone behind the address.
    private static func address(_ index: [UInt32]) -> IPAddress? {
        guard index.count >= 2 else { return nil }
        let octets = index.dropFirst(2).compactMap { UInt8(exactly: $0) }
        switch index[0] {
        case 1 where index[1] == 4 && octets.count == 4: return IPAddress(octets: octets)
        case 2 where index[1] == 16 && octets.count == 16: return IPAddress(octets: octets)
        case 3 where index[1] == 8 && octets.count == 8: return IPAddress(octets: octets.prefix(4))
        case 4 where index[1] == 20 && octets.count == 20: return IPAddress(octets: octets.prefix(16))
        default: return nil
        }
    }

    /// ipAddressPrefix points to a row of ipAddressPrefixTable whose index ends with the prefix length.
    private static func prefix(_ pointer: OID?, _ address: IPAddress) -> Int? {
        guard let pointer, pointer.parts.count > 12, let last = pointer.parts.last else { return nil }
        return last <= UInt32(address.octets.count * 8) ? Int(last) : nil
    }

    /// Bits of a contiguous mask; nil for any other.
    private static func length(_ mask: IPAddress) -> Int? {
        let bits = mask.octets.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let length = (~bits).leadingZeroBitCount
        return bits == 0 ? 0 : (bits << UInt32(length) == 0 || length == 32 ? length : nil)
    }
}
