import Model
import TOML

extension TOMLTable {
    /// An object identifier in numbers; nil where the key is not there.
    func oid(_ key: String) throws(TOMLError) -> OID? {
        guard let text = try string(key, maxBytes: 1024) else { return nil }
        return try oid(key, text)
    }

    /// A list of them.
    func oids(_ key: String) throws(TOMLError) -> [OID] {
        var oids: [OID] = []
        for text in try strings(key, maxBytes: 1024) ?? [] { oids.append(try oid(key, text)) }
        return oids
    }

    private func oid(_ key: String, _ text: String) throws(TOMLError) -> OID {
        guard let oid = OID(text) else {
            throw refusal(key, found: text, accepted: "an object identifier like 1.3.6.1.4.1.9.1")
        }
        return oid
    }
}
