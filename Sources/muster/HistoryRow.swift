/// History for people: one line per changed value.
enum HistoryRow {
    static let table = Table(
        Column("TIME", "time"), Column("EVENT", "kind"), Column("WHAT", "what"), Column("BEFORE", "before"),
        Column("AFTER", "after"), Column("SOURCE", "source"))

    /// The lines of one entry.
    static func rows(of entry: JSONValue) -> [JSONValue] {
        let changes = entry["changes"].items
        guard !changes.isEmpty else { return [row(entry, what: subject(entry), before: .null, after: after(entry))] }
        return changes.map { change in
            let section = entry["section"].display
            let name = change["name"].display
            return row(
                entry, what: section.isEmpty ? name : "\(section) \(name)", before: change["before"],
                after: change["after"])
        }
    }

    private static func row(_ entry: JSONValue, what: String, before: JSONValue, after: JSONValue) -> JSONValue {
        .object([
            "time": entry["time"], "kind": entry["kind"], "what": .text(what), "before": before, "after": after,
            "source": entry["source"],
        ])
    }

    private static func subject(_ entry: JSONValue) -> String {
        for name in ["check", "relation", "rule", "agent", "class", "section"] where entry[name] != .null {
            return entry[name].display
        }
        return ""
    }

    private static func after(_ entry: JSONValue) -> JSONValue {
        if entry["relation"] != .null { return .text("\(entry["from"].display) to \(entry["to"].display)") }
        if entry["check"] != .null { return .text("\(entry["state"].display): \(entry["message"].display)") }
        return entry["name"]
    }
}
