import ArgumentParser

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

    init(_ title: String, _ path: String) {
        self.title = title
        self.path = path
    }
}

/// Writes rows for people or for spreadsheets.
struct Table {
    let columns: [Column]

    init(_ columns: Column...) { self.columns = columns }

    /// Aligned columns; foreign text with its control characters escaped and long cells cut, but for the last column:
    /// nothing stands behind it, and what it says is why people look.
    func text(_ rows: [JSONValue], indent: String = "") -> String {
        let cells = rows.map { row in
            columns.enumerated().map { index, column in
                let cell = oneLine(row[column.path].display)
                return index == columns.count - 1 ? cell : cut(cell)
            }
        }
        var widths = columns.map { width($0.title) }
        for row in cells {
            for (index, cell) in row.enumerated() { widths[index] = max(widths[index], width(cell)) }
        }
        return ([columns.map(\.title)] + cells).map { row in
            var line = indent
            for (index, cell) in row.enumerated() {
                let isLast = index == row.count - 1
                line += isLast ? cell : cell + String(repeating: " ", count: widths[index] - width(cell) + 2)
            }
            return line + "\n"
        }.joined()
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

    private func width(_ text: String) -> Int { text.unicodeScalars.count }

    private func cut(_ text: String) -> String {
        guard text.unicodeScalars.count > 100 else { return text }
        var short = ""
        short.unicodeScalars.append(contentsOf: text.unicodeScalars.prefix(99))
        return short + "…"
    }
}
