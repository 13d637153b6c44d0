import ArgumentParser
import Terminal

/// How a listing is written.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case table
    case json
    case csv
}

/// A column of a listing: its title and the dotted path of the member it shows.
struct Column {
    let title: String
    let path: String
    /// Left out of a table that would not fit the terminal.
    let isDetail: Bool

    init(_ title: String, _ path: String) { self.init(title, path, isDetail: false) }

    private init(_ title: String, _ path: String, isDetail: Bool) {
        self.title = title
        self.path = path
        self.isDetail = isDetail
    }

    /// A column that a narrow terminal does without.
    static func detail(_ title: String, _ path: String) -> Column { Column(title, path, isDetail: true) }

    /// Whether its words have colours.
    var isColoured: Bool {
        path.split(separator: ".").last.map { ["state", "severity", "outcome", "level"].contains($0) } ?? false
    }
}

/// Writes rows for people or for spreadsheets.
struct Table {
    let columns: [Column]

    init(_ columns: Column...) { self.columns = columns }

    /// Aligned columns, foreign text with its control characters escaped, fitted to the layout's width if it has one.
    func text(_ rows: [JSONValue], _ layout: Layout = .plain, indent: String = "") -> String {
        let all = columns.map { column in
            TextColumn(column, cells: rows.map { oneLine($0[column.path].display) })
        }
        let shown = layout.width.map { TextColumn.fitted(all, to: $0 - indent.utf8.count) } ?? all
        let lines = (-1..<rows.count).map { index in
            var line = indent
            for (place, column) in shown.enumerated() {
                line += column.text(index, isLast: place == shown.count - 1, hasColour: layout.hasColour)
            }
            return line + "\n"
        }
        return lines.joined()
    }

    /// RFC 4180 with a header of member names; cells that a spreadsheet would run are neutralised (threats M10).
    func csv(_ rows: [JSONValue]) -> String {
        let header = columns.map { Self.cell($0.path) }.joined(separator: ",") + "\r\n"
        return header
            + rows.map { row in
                columns.map { Self.cell(row[$0.path].display) }.joined(separator: ",") + "\r\n"
            }.joined()
    }

    static func cell(_ text: String) -> String {
        var plain = oneLine(text)
        if let first = text.utf8.first, "=+-@\t\r\0".utf8.contains(first) { plain = "'" + plain }
        guard plain.utf8.contains(where: { $0 == 0x22 || $0 == 0x2c || $0 == 0x0a || $0 == 0x0d }) else { return plain }
        var quoted = "\""
        for scalar in plain.unicodeScalars {
            if scalar == "\"" { quoted += "\"" }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }
}

/// A titled part of a page; empty when there are no rows.
func part(_ title: String, _ rows: [JSONValue], _ table: Table, _ layout: Layout) -> String {
    rows.isEmpty ? "" : "\n\(title)\n" + table.text(rows, layout, indent: "  ")
}
