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

    /// The model of the first thing that has one where no chassis tells its own: small devices call themselves a module,
    /// or nothing.
    static func model(_ entities: [DeviceEntity]) -> String? { whole(entities).lazy.compactMap(\.model).first }

    /// The serial number, likewise.
    static func serial(_ entities: [DeviceEntity]) -> String? { whole(entities).lazy.compactMap(\.serial).first }

    /// What may be the device as a whole.
    private static func whole(_ entities: [DeviceEntity]) -> [DeviceEntity] {
        entities.filter { !["port", "sensor", "fan", "powerSupply", "cpu", "container"].contains($0.entityClass) }
    }

    /// The software of the first module that tells, where the chassis does not.
    static func version(_ entities: [DeviceEntity]) -> String? {
        entities.first {
            ["module", "stack", "other", "unknown"].contains($0.entityClass) && $0.softwareRevision != nil
        }?
        .softwareRevision
    }

    private static func className(_ number: Int64) -> String {
        let names = [
            "other", "unknown", "chassis", "backplane", "container", "powerSupply", "fan", "sensor", "module", "port",
            "stack", "cpu", "energyObject", "battery", "storageDrive",
        ]
        return number >= 1 && number <= Int64(names.count) ? names[Int(number) - 1] : String(number)
    }
}
