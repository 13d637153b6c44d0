import Model
import SNMP

/// Reads the virtual machines of hypervisors from the tables that profiles name.
enum GuestReader {
    /// The virtual machines in what was read.
    static func guests(_ rows: SNMPRows, tables: [GuestTable]) -> [DeviceGuest] {
        let values = Dictionary(rows.map { ($0.oid, $0.value) }, uniquingKeysWith: { first, _ in first })
        return tables.flatMap { table in
            indexes(rows, table).compactMap { guest(table, $0, values) }
        }
    }

    /// What name or UUID have a row of.
    private static func indexes(_ rows: SNMPRows, _ table: GuestTable) -> [[UInt32]] {
        var seen: Set<[UInt32]> = []
        return [table.name, table.uuid].compactMap { $0 }.flatMap { column in
            rows.under(column).filter { !$0.value.isException && seen.insert($0.index).inserted }.map(\.index)
        }
    }

    /// A row; nil where it says nothing by which a machine could be known.
    private static func guest(_ table: GuestTable, _ index: [UInt32], _ values: [OID: SNMPValue]) -> DeviceGuest? {
        func value(_ column: OID?) -> SNMPValue? { column.flatMap { values[OID($0.parts + index)] } }
        var guest = DeviceGuest(manager: table.manager)
        guest.name = DeviceText.text(value(table.name)?.octets, limit: 255)
        guest.uuid = uuid(value(table.uuid)?.octets)
        guest.state = table.states.word(for: value(table.state))
        guest.os = DeviceText.text(value(table.os)?.octets, limit: 255).flatMap { isFault($0) ? nil : $0 }
        guest.memoryBytes = value(table.memory)?.number.flatMap { VolumeReader.bytes($0, table.memoryScale) }
            .flatMap { $0 > 0 ? $0 : nil }
        guest.threads = value(table.threads)?.number.flatMap { (1...100_000).contains($0) ? $0 : nil }
        return guest.name == nil && guest.uuid == nil ? nil : guest
    }

    /// VMWARE-VMINFO-MIB tells in place of an operating system why it knows none: `E: tools not running`.
    private static func isFault(_ text: String) -> Bool { text.hasPrefix("E: ") || text == "unknown" }

    /// Sixteen octets, or 32 hexadecimal digits with blanks and hyphens anywhere between them.
    static func uuid(_ octets: [UInt8]?) -> String? {
        guard let octets, octets.count <= 128 else { return nil }
        if octets.count == 16, !DeviceText.isPrintable(octets) {
            let digits = DeviceText.hexadecimal(octets).utf8.filter { $0 != UInt8(ascii: ":") }
            return DeviceGuest.hyphened(digits)
        }
        var digits: [UInt8] = []
        for octet in octets {
            switch octet {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): digits.append(octet)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digits.append(octet | 0x20)
            case UInt8(ascii: " "), UInt8(ascii: "-"), 0: continue
            default: return nil
            }
        }
        return digits.count == 32 ? DeviceGuest.hyphened(digits) : nil
    }
}
