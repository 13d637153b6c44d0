import Model
import SNMP

/// Reads entPhysicalTable.
struct EntityReader {
    static let columns = MIB.columns(MIB.entPhysicalEntry, 2, 4, 5, 7, 8, 9, 10, 11, 12, 13)

    /// The entities, by index.
    static func entities(_ result: SNMPResult) -> [DeviceEntity] {
        let table = SNMPTable(entry: MIB.entPhysicalEntry, rows: result.rows, receipt: result.receipt)
        return table.indexes.filter { $0.count == 1 }.map { index in
            func text(_ column: UInt32) -> String? { DeviceText.text(table[index, column]?.octets, limit: 1024) }
            return DeviceEntity(
                index: index[0], containedIn: table[index, 4]?.number.flatMap { UInt32(exactly: $0) },
                entityClass: className(table[index, 5]?.number ?? 2), name: text(7), description: text(2),
                model: text(13), serial: text(11), manufacturer: text(12), hardwareRevision: text(8),
                firmwareRevision: text(9), softwareRevision: text(10))
        }
    }

    /// The outermost chassis that says something about itself; a stack's first member stands for it.
    static func chassis(_ entities: [DeviceEntity]) -> DeviceEntity? {
        let chassis = entities.filter { $0.entityClass == "chassis" }
        return chassis.first { $0.serial != nil && $0.model != nil } ?? chassis.first {
            $0.serial != nil || $0.model != nil
        }
            ?? entities.first { $0.entityClass == "stack" && ($0.serial != nil || $0.model != nil) } ?? chassis.first
    }

    /// The model of the chassis, or of the first thing that has one where no chassis tells its own: small devices call
    /// themselves a module, or nothing.
    static func model(_ entities: [DeviceEntity]) -> String? { fact(entities, \.model) }

    /// The serial number, likewise.
    static func serial(_ entities: [DeviceEntity]) -> String? { fact(entities, \.serial) }

    /// The software of the chassis, or of the first module that tells.
    static func version(_ entities: [DeviceEntity]) -> String? {
        said(chassis(entities)?.softwareRevision)
            ?? entities.lazy.filter { ["module", "stack"].contains($0.entityClass) || isWhole($0) }
            .compactMap { said($0.softwareRevision) }.first
    }

    private static func fact(_ entities: [DeviceEntity], _ fact: @escaping (DeviceEntity) -> String?) -> String? {
        chassis(entities).flatMap { said(fact($0)) }
            ?? entities.filter(isWhole).lazy.compactMap { said(fact($0)) }.first
    }

    /// Whether it may be the device as a whole. What has no class and is in something is a part: a disk, a USB controller.
    private static func isWhole(_ entity: DeviceEntity) -> Bool {
        switch entity.entityClass {
        case "chassis", "stack", "module", "backplane": true
        case "other", "unknown": (entity.containedIn ?? 0) == 0
        default: false
        }
    }

    /// A text, unless it only says that there is none.
    private static func said(_ text: String?) -> String? {
        let nothing: Set<String> = [
            "n/a", "na", "none", "null", "unknown", "not available", "not specified", "not applicable",
            "default string",
            "to be filled by o.e.m.", "-", "--", "0", "x", "0x0000",
        ]
        return text.flatMap { nothing.contains($0.lowercased()) ? nil : $0 }
    }

    private static func className(_ number: Int64) -> String {
        let names = [
            "other", "unknown", "chassis", "backplane", "container", "powerSupply", "fan", "sensor", "module", "port",
            "stack", "cpu", "energyObject", "battery", "storageDrive",
        ]
        return number >= 1 && number <= Int64(names.count) ? names[Int(number) - 1] : String(number)
    }
}
