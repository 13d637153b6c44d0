import Model
import SNMP
import TOML

/// Where a family keeps its VLANs when Q-BRIDGE-MIB is silent: data in a profile (`[vlans]`).
public struct VLANTable: Hashable, Sendable {
    /// The column with the numbers; without one the last part of the index is the number.
    public var id: OID?
    /// The column with the names.
    public var name: OID

    init(_ table: TOMLTable) throws(TOMLError) {
        id = try table.oid("id")
        guard let name = try table.oid("name") else { throw table.missing("name") }
        self.name = name
        try table.finish()
    }

    /// What to walk.
    var columns: [OID] { [id, name].compactMap { $0 } }

    /// Number and name of each.
    func vlans(_ rows: SNMPRows) -> [(UInt32, String?)] {
        var names: [[UInt32]: String] = [:]
        for (index, value) in rows.under(name) { names[index] = DeviceText.text(value.octets, limit: 255) ?? "" }
        func named(_ index: [UInt32]) -> String? { names[index].flatMap { $0.isEmpty ? nil : $0 } }
        guard let id else { return names.keys.compactMap { index in index.last.map { ($0, named(index)) } } }
        return rows.under(id).compactMap { index, value in
            value.number.flatMap { UInt32(exactly: $0) }.map { ($0, named(index)) }
        }
    }
}
