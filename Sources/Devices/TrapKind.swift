import Model
import TOML

/// What is known about one trap: data, one `[[trap]]` in a file of `agent-config/traps`.
public struct TrapKind: Hashable, Sendable {
    /// snmpTrapOID.
    public var oid: OID
    /// The notification's name in its MIB.
    public var name: String
    /// What it means.
    public var kind: DeviceEventKind
    /// The column whose value names what it is about; nil for none.
    public var object: OID?
    /// The column whose number decides what it means.
    public var state: OID?
    /// What it means at each number of ``state``.
    public var states: [Int64: DeviceEventKind] = [:]
    /// The columns that are told, by the name of their object.
    public var values: [OID: String] = [:]

    /// A trap.
    public init(oid: OID, name: String, kind: DeviceEventKind) {
        self.oid = oid
        self.name = name
        self.kind = kind
    }

    /// Reads a `[[trap]]`.
    init(_ table: TOMLTable) throws(TOMLError) {
        let oid = try Self.oid(table, "oid")
        guard let oid else { throw table.missing("oid") }
        self.init(
            oid: oid, name: try table.requiredString("name", maxBytes: 128), kind: try Self.kind(table, "kind"))
        object = try Self.oid(table, "object")
        state = try Self.oid(table, "state")
        if let kinds = try table.table("states") {
            for key in kinds.keys {
                guard let number = Int64(key) else {
                    throw kinds.refusal(key, found: "\"\(key)\"", accepted: "a whole number as key")
                }
                states[number] = try Self.kind(kinds, key)
            }
        }
        if let names = try table.table("values") {
            for key in names.keys {
                let name = try names.requiredString(key, maxBytes: 128)
                guard let column = OID(name) else {
                    throw names.refusal(
                        key, found: "\"\(name)\"", accepted: "an object identifier such as 1.3.6.1.2.1.2.2.1.1")
                }
                values[column] = key
            }
        }
    }

    private static func oid(_ table: TOMLTable, _ key: String) throws(TOMLError) -> OID? {
        guard let text = try table.string(key, maxBytes: 512) else { return nil }
        guard let oid = OID(text), oid.parts.count > 2 else {
            throw table.refusal(key, found: "\"\(text)\"", accepted: "an object identifier such as 1.3.6.1.6.3.1.1.5.3")
        }
        return oid
    }

    private static func kind(_ table: TOMLTable, _ key: String) throws(TOMLError) -> DeviceEventKind {
        let kind = DeviceEventKind(rawValue: try table.requiredString(key, maxBytes: 64))
        guard kind.isWellFormed else {
            throw table.refusal(
                key, found: "\"\(kind.rawValue)\"", accepted: "words of a to z and digits with hyphens between them")
        }
        return kind
    }
}
