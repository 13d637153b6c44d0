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
            let (before, after) = shown(change["before"], change["after"])
            return row(entry, what: section.isEmpty ? name : "\(section) \(name)", before: before, after: after)
        }
    }

    /// Of an item's attributes those that differ; of an item that came or went, its version alone where it has one. So
    /// what changed is not cut off behind what stayed.
    private static func shown(_ before: JSONValue, _ after: JSONValue) -> (JSONValue, JSONValue) {
        switch (before, after) {
        case (.object(let old), .object(let new)):
            let changed = Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }
            return (.object(old.filter { changed.contains($0.key) }), .object(new.filter { changed.contains($0.key) }))
        case (.object(let old), _): return (version(of: old), after)
        case (_, .object(let new)): return (before, version(of: new))
        default: return (before, after)
        }
    }

    private static func version(of item: [String: JSONValue]) -> JSONValue {
        item["version"].map { .object(["version": $0]) } ?? .object(item)
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
