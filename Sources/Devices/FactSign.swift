import Model
import TOML

/// What a text in sysDescr or a sysObjectID stands for: `Build 17763` for Windows Server 2019.
public struct FactSign: Hashable, Sendable {
    /// Beginnings of sysObjectID, any of which fits; empty where only the description counts.
    public var objectIDs: [OID] = []
    /// Texts in sysDescr, any of which fits, in either case; empty where only the object id counts.
    public var descriptions: [String]
    /// What it stands for.
    public var value: String

    init(_ table: TOMLTable) throws(TOMLError) {
        descriptions = try table.strings("description", maxBytes: 255) ?? []
        objectIDs = try table.oids("object_id")
        if objectIDs.isEmpty, descriptions.isEmpty { throw table.missing("description") }
        value = try table.requiredString("value", maxBytes: 255)
        try table.finish()
    }

    /// What it stands for, where it fits; `description` in lower case.
    func fact(objectID: OID?, description: String) -> String? {
        let isObject = objectIDs.isEmpty || objectID.map { id in objectIDs.contains { $0.isPrefix(of: id) } } == true
        let isText = descriptions.isEmpty || descriptions.contains { description.contains($0.lowercased()) }
        return isObject && isText ? value : nil
    }
}
