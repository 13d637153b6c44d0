import Model
import SNMP

/// Reads hrStorageTable (RFC 2790), UCD-SNMP-MIB's dskTable and memory where that is silent, and the tables of the family.
struct VolumeReader {
    static let columns =
        MIB.columns(MIB.hrStorageEntry, 2, 3, 4, 5, 6) + MIB.columns(MIB.dskEntry, 2, 6, 8) + [MIB.ucdMemory]

    /// The volumes.
    static func volumes(_ result: SNMPResult, tables: [VolumeTable] = []) -> [DeviceVolume] {
        let storage = SNMPTable(entry: MIB.hrStorageEntry, rows: result.rows, receipt: result.receipt)
        var volumes = storage.indexes.filter { $0.count == 1 }.compactMap { index -> DeviceVolume? in
            guard let units = storage[index, 5]?.number, units > 0 else { return nil }
            let unit = storage[index, 4]?.number ?? 1
            let name = DeviceText.text(storage[index, 3]?.octets, limit: 255) ?? "storage \(index[0])"
            return DeviceVolume(
                index: String(index[0]), name: name, kind: kind(storage[index, 2]?.objectID),
                sizeBytes: momentary.contains(name) ? nil : bytes(units, unit),
                usedBytes: storage[index, 6]?.number.flatMap { bytes($0, unit) })
        }
        if !volumes.contains(where: { $0.kind == "disk" }) { volumes += disks(result) }
        if !volumes.contains(where: { $0.kind == "memory" }) { volumes += memory(result) }
        return volumes + tables.flatMap { $0.volumes(result.rows) }
    }

    /// What net-snmp calls the size of these is what they take at the moment (hrStorageTable of its Linux agent): no property.
    private static let momentary: Set<String> = ["Available memory", "Cached memory", "Shared memory"]

    /// Some agents count in signed numbers that ran over: what is left is no size.
    static func bytes(_ count: Int64, _ unit: Int64) -> Int64? {
        guard count >= 0, unit > 0 else { return nil }
        let (product, overflow) = count.multipliedReportingOverflow(by: unit)
        return overflow ? nil : product
    }

    private static func kind(_ type: OID?) -> String {
        let names = [
            "other", "memory", "virtual", "disk", "removable", "floppy", "compact_disc", "ram_disk", "flash", "network",
        ]
        guard let number = type?.suffix(after: [1, 3, 6, 1, 2, 1, 25, 2, 1])?.first, number >= 1,
            Int(number) <= names.count
        else { return "other" }
        return names[Int(number) - 1]
    }

    private static func disks(_ result: SNMPResult) -> [DeviceVolume] {
        let disks = SNMPTable(entry: MIB.dskEntry, rows: result.rows, receipt: result.receipt)
        return disks.indexes.compactMap { index in
            guard let path = DeviceText.text(disks[index, 2]?.octets, limit: 255), let size = disks[index, 6]?.number
            else { return nil }
            return DeviceVolume(
                index: path, name: path, kind: "disk", sizeBytes: bytes(size, 1024),
                usedBytes: disks[index, 8]?.number.flatMap { bytes($0, 1024) })
        }
    }

    /// memTotalReal, memAvailReal, memBuffer, memCached in kilobytes.
    private static func memory(_ result: SNMPResult) -> [DeviceVolume] {
        var values: [UInt32: Int64] = [:]
        for (index, value) in result.rows.under(MIB.ucdMemory) { values[index[0]] = value.number }
        guard let total = values[5], total > 0 else { return [] }
        let free = [6, 14, 15].reduce(Int64(0)) { $0 &+ (values[$1] ?? 0) }
        let used = values[6] == nil || free > total ? nil : bytes(total &- free, 1024)
        return [
            DeviceVolume(
                index: "memory", name: "Physical memory", kind: "memory", sizeBytes: bytes(total, 1024),
                usedBytes: used)
        ]
    }
}
