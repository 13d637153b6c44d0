import Model
import SNMP

/// Reads what a printer uses up: prtMarkerSuppliesTable with the names of its colours, and its trays: prtInputTable
/// (RFC 3805).
struct SupplyReader {
    static let columns =
        MIB.columns(MIB.prtMarkerSuppliesEntry, 3, 5, 6, 7, 8, 9) + MIB.columns(MIB.prtMarkerColorantEntry, 4)
        + MIB.columns(MIB.prtInputEntry, 8, 9, 10, 13, 18)

    /// The supplies and trays, by index.
    static func supplies(_ result: SNMPResult) -> [DeviceSupply] { markers(result) + trays(result) }

    private static func trays(_ result: SNMPResult) -> [DeviceSupply] {
        let table = SNMPTable(entry: MIB.prtInputEntry, rows: result.rows, receipt: result.receipt)
        return table.indexes.filter { $0.count == 2 }.map { index in
            let names = [13, 18].lazy.compactMap { DeviceText.text(table[index, $0]?.octets, limit: 255) }
            return DeviceSupply(
                index: "tray \(index[0]).\(index[1])", name: names.first ?? "tray \(index[1])", kind: "input_tray",
                colour: nil, capacity: table[index, 9]?.number.flatMap { $0 > 0 ? $0 : nil },
                level: table[index, 10]?.number.flatMap { $0 >= 0 ? $0 : nil },
                unit: table[index, 8]?.number.map { units[$0] ?? String($0) })
        }
    }

    private static func markers(_ result: SNMPResult) -> [DeviceSupply] {
        let table = SNMPTable(entry: MIB.prtMarkerSuppliesEntry, rows: result.rows, receipt: result.receipt)
        let colours = SNMPTable(entry: MIB.prtMarkerColorantEntry, rows: result.rows, receipt: result.receipt)
        return table.indexes.filter { $0.count == 2 }.map { index in
            let colour = table[index, 3]?.number.flatMap { UInt32(exactly: $0) }
                .flatMap { DeviceText.text(colours[[index[0], $0], 4]?.octets, limit: 64) }
            return DeviceSupply(
                index: "\(index[0]).\(index[1])",
                name: DeviceText.text(table[index, 6]?.octets, limit: 255) ?? "supply \(index[1])",
                kind: table[index, 5]?.number.map { kinds[$0] ?? String($0) } ?? "unknown", colour: colour,
                capacity: table[index, 8]?.number.flatMap { $0 > 0 ? $0 : nil },
                level: table[index, 9]?.number.flatMap { $0 >= 0 ? $0 : nil },
                unit: table[index, 7]?.number.map { units[$0] ?? String($0) })
        }
    }

    /// PrtMarkerSuppliesTypeTC.
    private static let kinds: [Int64: String] = [
        1: "other", 2: "unknown", 3: "toner", 4: "waste_toner", 5: "ink", 6: "ink_cartridge", 7: "ink_ribbon",
        8: "waste_ink", 9: "opc", 10: "developer", 11: "fuser_oil", 12: "solid_wax", 13: "ribbon_wax",
        14: "waste_wax", 15: "fuser", 16: "corona_wire", 17: "fuser_oil_wick", 18: "cleaner_unit",
        19: "fuser_cleaning_pad", 20: "transfer_unit", 21: "toner_cartridge", 22: "fuser_oiler", 32: "staples",
    ]

    /// PrtMarkerSuppliesSupplyUnitTC.
    private static let units: [Int64: String] = [
        7: "impressions", 8: "sheets", 11: "hours", 12: "thousandths_of_ounces", 13: "tenths_of_grams",
        14: "hundredths_of_fluid_ounces", 15: "tenths_of_millilitres", 16: "feet", 17: "metres", 18: "items",
        19: "percent",
    ]
}
