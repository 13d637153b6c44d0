import Model
import SNMP
import TOML

/// What the numbers or texts of a column of states mean: data in a profile (`states`), each entry `VALUE WORD`, `*` for all others.
public struct StateWords: Hashable, Sendable {
    private var words: [String: String] = [:]

    /// Reads the key `states` of a table; only `accepted` words may stand there.
    init(_ table: TOMLTable, among accepted: [String]) throws(TOMLError) {
        for text in try table.strings("states", maxBytes: 64) ?? [] {
            let parts = text.split(separator: " ")
            guard parts.count > 1, let word = parts.last, accepted.contains(String(word)) else {
                throw table.refusal(
                    "states", found: text,
                    accepted: "a number, text or * and one of " + accepted.joined(separator: ", "))
            }
            words[parts.dropLast().joined(separator: " ").lowercased()] = String(word)
        }
    }

    /// Whether nothing is known of the column.
    var isEmpty: Bool { words.isEmpty }

    /// The word for a value; `unknown` where there is none, nil where nothing was told.
    func word(for value: SNMPValue?) -> String? {
        guard let value, !value.isException else { return nil }
        let key = value.number.map { String($0) } ?? DeviceText.text(value.octets, limit: 255)?.lowercased()
        return key.map { word($0) }
    }

    /// The word for a number or text in small letters.
    func word(_ key: String) -> String { words[key] ?? words["*"] ?? "unknown" }
}
