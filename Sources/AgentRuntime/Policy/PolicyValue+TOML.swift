import Model
import TOML

extension PolicyItem {
    /// The item as the table that agent.toml would have.
    var table: TOMLTable {
        var values = settings.mapValues(\.inTOML)
        values["name"] = .string(name)
        return TOMLTable(values: values, name: "policy")
    }

    /// The settings as a table that has no name in agent.toml.
    var namelessTable: TOMLTable { TOMLTable(values: settings.mapValues(\.inTOML), name: "policy") }
}

extension PolicyValue {
    fileprivate var inTOML: TOMLValue {
        switch self {
        case .text(let text): .string(text)
        case .integer(let number): .integer(number)
        case .real(let number): .real(number)
        case .flag(let flag): .boolean(flag)
        case .list(let items): .list(items.map(\.inTOML))
        case .table(let values): .entriesTable(values.mapValues(\.inTOML))
        }
    }
}
