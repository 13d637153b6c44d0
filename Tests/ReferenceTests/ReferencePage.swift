import Foundation

/// docs/configuration.md as the sections give it.
func referencePage(_ sections: [ReferenceSection]) throws -> String {
    var lines = [
        "# Configuration reference", "",
        "<!-- Written by Tests/ReferenceTests from what the decoders ask for and the comments of the configuration files;",
        "edit those, then: MUSTER_WRITE_REFERENCE=1 swift test --filter ReferenceTests -->", "",
        "Every key that a decoder reads, what it accepts as the decoder says it, the default as the decoder has it, and what",
        "it means. A key that is not here is refused with file, line, column and the accepted names. Times are a whole number",
        "with a unit: `\"250ms\"`, `\"10s\"`, `\"5m\"`, `\"1h\"`, `\"2d\"`. A text has at most 4096 bytes where nothing else is said.",
        "A file is at most 1 MiB.",
    ]
    for section in sections {
        lines += ["", "## " + section.title, "", section.about]
        lines += try sectionLines(try section.rows())
    }
    return lines.joined(separator: "\n") + "\n"
}

private func sectionLines(_ rows: [ReferenceSection.Row]) throws -> [String] {
    var lines: [String] = []
    var table: [String]?
    for row in grouped(rows) {
        let parent = row.isTable ? row.path : Array(row.path.dropLast())
        if parent != table {
            table = parent
            let heading = rows.first { $0.path == parent }
            if !parent.isEmpty { lines += ["", "### `" + bracketed(parent, heading) + "`"] }
            if let text = heading?.text, !text.isEmpty { lines += ["", text] }
            if !row.isTable || row.path.isEmpty { lines += tableHead }
        }
        guard !row.isTable else { continue }
        if lines.last?.hasPrefix("|") != true { lines += tableHead }
        lines.append(line(row))
    }
    return lines
}

private let tableHead = ["", "| key | accepted | default | meaning |", "| --- | --- | --- | --- |"]

/// Rows with those of one table together, tables in order of their first row.
private func grouped(_ rows: [ReferenceSection.Row]) -> [ReferenceSection.Row] {
    var order: [[String]] = []
    var groups: [[String]: [ReferenceSection.Row]] = [:]
    for row in rows {
        let parent = row.isTable ? row.path : Array(row.path.dropLast())
        if groups[parent] == nil { order.append(parent) }
        groups[parent, default: []].append(row)
    }
    return order.flatMap { groups[$0] ?? [] }
}

private func bracketed(_ path: [String], _ row: ReferenceSection.Row?) -> String {
    let name = path.joined(separator: ".")
    return row?.accepted.first == "tables" ? "[[\(name)]]" : "[\(name)]"
}

private func line(_ row: ReferenceSection.Row) -> String {
    let key = row.path.last == "*" ? "any name" : "`\(row.path.last ?? "")`"
    let standard = row.isRequired ? "required" : row.standard.map { "`\($0)`" } ?? "–"
    let cells = [key, row.accepted.joined(separator: "; or "), standard, row.text]
    return "| " + cells.map { $0.replacingOccurrences(of: "|", with: "\\|") }.joined(separator: " | ") + " |"
}
