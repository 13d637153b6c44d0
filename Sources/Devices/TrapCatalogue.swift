import Model
import TOML

/// The traps that are known by name: data, read once from a directory.
public struct TrapCatalogue: Sendable {
    private var kinds: [OID: TrapKind] = [:]

    /// No more than what is given.
    public init(_ kinds: [TrapKind] = []) {
        for kind in kinds { self.kinds[Self.key(kind.oid)] = kind }
    }

    /// Reads `*.toml` in a directory; throws with file, line and accepted values. No directory is no names.
    public init(directory: String) throws(TOMLError) {
        self.init()
        for path in try TOMLDocument.files(in: directory) { try take(try TOMLDocument.load(path)) }
    }

    /// Reads the text of one file.
    public init(_ root: TOMLTable) throws(TOMLError) {
        self.init()
        try take(root)
    }

    /// What is known about a trap.
    public func kind(of trap: OID) -> TrapKind? { kinds[Self.key(trap)] }

    /// How many traps are known.
    public var count: Int { kinds.count }

    private mutating func take(_ root: TOMLTable) throws(TOMLError) {
        for table in try root.tables("trap") {
            let kind = try TrapKind(table)
            guard kinds.updateValue(kind, forKey: Self.key(kind.oid)) == nil else {
                throw table.refusal("oid", found: "\"\(kind.oid)\" a second time", accepted: "each trap once")
            }
        }
        try root.finish()
    }

    /// Traps of the MIBs of SNMPv1 have a 0 before their last number when they come as v1, and none when a device sends them in the
    /// later form (RFC 3584 §3.1): both are one trap.
    private static func key(_ oid: OID) -> OID {
        let parts = oid.parts
        guard parts.count > 2, parts[parts.count - 2] == 0, let last = parts.last else { return oid }
        return OID(parts.dropLast(2) + [last])
    }
}
