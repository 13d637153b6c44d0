import Model
import SNMP
import TOML

/// Where a family keeps volumes beside those of HOST-RESOURCES-MIB: data in a profile (`[[volumes]]`).
public struct VolumeTable: Hashable, Sendable {
    /// What they are; one of ``kinds``.
    public var kind: String
    /// The column of the names.
    public var name: OID
    /// The column of the sizes.
    public var size: OID
    /// The column of what is used of each.
    public var used: OID?
    /// The column that tells how many bytes sizes count in, by the same index.
    public var unit: OID?
    /// How many bytes they count in where there is no such column.
    public var scale: Int64

    /// What a volume of such a table can be.
    public static let kinds = ["disk", "pool", "dataset", "flash", "network", "other"]

    init(_ table: TOMLTable) throws(TOMLError) {
        kind = try table.requiredWord("kind", among: Self.kinds)
        guard let name = try table.oid("name") else { throw table.missing("name") }
        guard let size = try table.oid("size") else { throw table.missing("size") }
        (self.name, self.size) = (name, size)
        used = try table.oid("used")
        unit = try table.oid("unit")
        scale = Int64(try table.int("scale", in: 1...1 << 40) ?? 1)
        try table.finish()
    }

    /// What to walk.
    var columns: [OID] { [name, size, used, unit].compactMap { $0 } }

    /// The volumes in what was read; one without a size is none.
    func volumes(_ rows: SNMPRows) -> [DeviceVolume] {
        let numbers = Dictionary(rows.map { ($0.oid, $0.value.number) }, uniquingKeysWith: { first, _ in first })
        return rows.under(name).compactMap { index, value in
            guard let text = DeviceText.text(value.octets, limit: 255) else { return nil }
            func number(_ column: OID?) -> Int64? { column.flatMap { numbers[OID($0.parts + index)] ?? nil } }
            let unit = number(unit) ?? scale
            guard let count = number(size), let bytes = VolumeReader.bytes(count, unit), bytes > 0 else { return nil }
            return DeviceVolume(
                index: kind + " " + index.map { String($0) }.joined(separator: "."), name: text, kind: kind,
                sizeBytes: bytes, usedBytes: number(used).flatMap { VolumeReader.bytes($0, unit) })
        }
    }
}
