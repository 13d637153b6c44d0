import Model
import SNMP

/// Reads the device's own addresses: ipAddrTable (IPv4), ipv6AddrTable (RFC 2465) and ipAddressTable (both).
struct AddressReader {
    static let columns =
        MIB.columns(MIB.ipAdEntry, 2, 3) + MIB.columns(MIB.ipAddressEntry, 3, 4, 5)
        + MIB.columns(MIB.ipv6AddrEntry, 2)

    /// An address at an interface: link-local ones stand at several.
    private struct Place: Hashable {
        let address: IPAddress
        let interface: UInt32?
    }

    /// The addresses in `rows`, each once per interface; what the tables tell is put together.
    static func addresses(_ result: SNMPResult) -> [DeviceAddress] {
        var found: [Place: DeviceAddress] = [:]
        let old = SNMPTable(entry: MIB.ipAdEntry, rows: result.rows, receipt: result.receipt)
        for index in old.indexes {
            // Some agents put the ifIndex behind the address, so that one can stand twice.
            guard let address = IPAddress(octets: index.prefix(4).compactMap { UInt8(exactly: $0) }),
                (4...5).contains(index.count)
            else { continue }
            var prefix: Int?
            if case .ipAddress(let mask) = old[index, 3] { prefix = length(mask) }
            add(address, prefix, old[index, 2]?.number, to: &found)
        }
        // ifIndex and the address, in some agents with its length before it.
        let six = SNMPTable(entry: MIB.ipv6AddrEntry, rows: result.rows, receipt: result.receipt)
        for index in six.indexes where index.count == 17 || index.count == 18 && index[1] == 16 {
            guard let address = IPAddress(octets: index.suffix(16).compactMap { UInt8(exactly: $0) }) else { continue }
            add(address, six[index, 2]?.number.flatMap { Int(exactly: $0) }, Int64(index[0]), to: &found)
        }
        let new = SNMPTable(entry: MIB.ipAddressEntry, rows: result.rows, receipt: result.receipt)
        for index in new.indexes where new[index, 4]?.number != 3 {
            guard let address = address(index) else { continue }
            add(address, prefix(new[index, 5]?.objectID, address), new[index, 3]?.number, to: &found)
        }
        let placed = Set(found.keys.filter { $0.interface != nil }.map(\.address))
        return found.values.filter { $0.interface != nil || !placed.contains($0.address) }.sorted {
            $0.address == $1.address
                ? ($0.interface ?? 0) < ($1.interface ?? 0)
                : $0.address.octets.lexicographicallyPrecedes($1.address.octets)
        }
    }

    private static func add(
        _ address: IPAddress, _ prefix: Int?, _ interface: Int64?, to found: inout [Place: DeviceAddress]
    ) {
        if address.isUnspecified || address.isMulticast { return }
        let interface = interface.flatMap { UInt32(exactly: $0) }
        let place = Place(address: address, interface: interface)
        let limit = address.octets.count * 8
        let prefix = prefix.flatMap { (0...limit).contains($0) ? $0 : nil }
        var entry = found[place] ?? DeviceAddress(address: address, prefixLength: nil, interface: interface)
        entry.prefixLength = entry.prefixLength ?? prefix
        found[place] = entry
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
