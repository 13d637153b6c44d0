import Model
import SNMP

/// Reads ifTable and ifXTable side by side.
struct InterfaceReader {
    static let columns =
        MIB.columns(MIB.ifEntry, 2, 3, 4, 5, 6, 7, 8, 10, 14, 16, 20)
        + MIB.columns(MIB.ifXEntry, 1, 6, 10, 15, 18)

    /// The columns that count or tell the state of the link, and the names to call them by.
    static let counterColumns =
        MIB.columns(MIB.ifEntry, 2, 7, 8, 10, 14, 16, 20) + MIB.columns(MIB.ifXEntry, 1, 6, 10, 14)

    /// The interfaces in `rows`, by index. An index of more than one part belongs to no interface.
    static func interfaces(_ result: SNMPResult) -> [DeviceInterface] {
        let base = SNMPTable(entry: MIB.ifEntry, rows: result.rows, receipt: result.receipt)
        let extended = SNMPTable(entry: MIB.ifXEntry, rows: result.rows, receipt: result.receipt)
        // ifXTable augments ifTable; a device that has only the former still has interfaces.
        let indexes = base.indexes.isEmpty ? extended.indexes : base.indexes
        return indexes.filter { $0.count == 1 }.map { interface($0, base, extended) }
    }

    private static func interface(_ index: [UInt32], _ base: SNMPTable, _ extended: SNMPTable) -> DeviceInterface {
        var interface = DeviceInterface(index: index[0])
        interface.descr = DeviceText.text(base[index, 2]?.octets)
        interface.alias = DeviceText.text(extended[index, 18]?.octets)
        interface.name =
            DeviceText.text(extended[index, 1]?.octets, limit: 255) ?? interface.descr.map { String($0.prefix(80)) }
            ?? String(index[0])
        interface.type = base[index, 3]?.number.map(InterfaceNames.type)
        interface.mtu = base[index, 4]?.number.flatMap { $0 > 0 ? $0 : nil }
        interface.speedBitsPerSecond = speed(base[index, 5]?.number, extended[index, 15]?.number)
        interface.mac = base[index, 6]?.octets.flatMap { MACAddress(octets: $0) }.flatMap { $0.isFiller ? nil : $0 }
        interface.admin = base[index, 7]?.number.map(InterfaceNames.admin)
        interface.oper = base[index, 8]?.number.map(InterfaceNames.oper)
        interface.tellsLink = extended[index, 14]?.number.map { $0 == 1 }
        interface.counters.inOctets = count(extended[index, 6]) ?? count(base[index, 10])
        interface.counters.outOctets = count(extended[index, 10]) ?? count(base[index, 16])
        interface.counters.inErrors = count(base[index, 14])
        interface.counters.outErrors = count(base[index, 20])
        return interface
    }

    /// ifSpeed stops at 4,294,967,295 bit/s; ifHighSpeed counts megabits and is 0 for slow interfaces.
    private static func speed(_ bits: Int64?, _ megabits: Int64?) -> Int64? {
        if let megabits, megabits > 0, bits ?? 0 == 0 || bits ?? 0 >= 20_000_000 {
            let (speed, overflow) = megabits.multipliedReportingOverflow(by: 1_000_000)
            if !overflow { return speed }
        }
        return bits.flatMap { $0 >= 0 ? $0 : nil }
    }

    private static func count(_ value: SNMPValue?) -> UInt64? {
        switch value {
        case .counter64(let count): count
        case .counter32(let count): UInt64(count)
        default: nil
        }
    }
}
