import Checks
import Model
import TOML

/// Reads `[[check]]` and `[[device]]` of a policy: each is looked over as the agent will, then taken as keys and values.
enum PolicyItems {
    /// The checks of a file.
    static func checks(_ root: TOMLTable) throws(TOMLError) -> [PolicyItem] {
        var items: [PolicyItem] = []
        for table in try root.tables("check") {
            // Programs of plug-ins are those of the agent's host, not of this one.
            let check = try CheckDefinition(settings: table, isForThisHost: false)
            items.append(try item(table, name: check.name, among: items, limit: AgentPolicy.checkLimit, "check"))
        }
        return items
    }

    /// The devices of a file.
    static func devices(_ root: TOMLTable) throws(TOMLError) -> [PolicyItem] {
        var items: [PolicyItem] = []
        for table in try root.tables("device") {
            let name = try DeviceTable.check(table)
            items.append(try item(table, name: name, among: items, limit: AgentPolicy.deviceLimit, "device"))
        }
        return items
    }

    /// Refuses anything but the name of a credential of the agent's service: no path, and never the secret itself.
    static func credential(_ table: TOMLTable, _ key: String) throws(TOMLError) {
        guard let name = try table.string(key, maxBytes: 255) else { return }
        guard PolicyCredential.isName(name) else {
            throw table.refusal(
                key, found: "\"\(name)\"",
                accepted: "the name of a credential of the agent's service, without a path (docs/policy.md)")
        }
    }

    private static func item(
        _ table: TOMLTable, name: String, among items: [PolicyItem], limit: Int, _ word: String
    ) throws(TOMLError) -> PolicyItem {
        guard !items.contains(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
            throw table.refusal(
                "name", found: "\"\(name)\" for the second time", accepted: "a name that no other \(word) has")
        }
        guard items.count < limit else {
            throw table.refusal("name", found: "\(word) number \(limit + 1)", accepted: "at most \(limit)")
        }
        var settings: [String: PolicyValue] = [:]
        for key in table.keys where key != "name" {
            if let node = table.node(key) { settings[key] = PolicyValue(node.value) }
        }
        return PolicyItem(name: name, settings: settings)
    }
}

extension PolicyValue {
    /// The value of a text that was read; a date, which no setting takes, is none.
    init?(_ value: TOMLValue) {
        switch value {
        case .string(let text): self = .text(text)
        case .integer(let number): self = .integer(number)
        case .real(let number): self = .real(number)
        case .boolean(let flag): self = .flag(flag)
        case .date: return nil
        case .array(let items): self = .list(items.compactMap { PolicyValue($0.value) })
        case .table(let entries):
            var values: [String: PolicyValue] = [:]
            for entry in entries { values[entry.key] = PolicyValue(entry.node.value) }
            self = .table(values)
        }
    }
}
