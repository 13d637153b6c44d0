import ArgumentParser
import Glibc
import Terminal

/// How answers are written.
struct Display: ParsableArguments {
    @Option(help: "How to write the answer.")
    var format = OutputFormat.table
    @Option(help: "When to colour states and severities; auto means on a terminal without NO_COLOR.")
    var color = ColourChoice.auto
    @Flag(help: "Cut nothing and leave no column out, whatever the terminal's width.")
    var wide = false

    /// The layout of tables on standard output: cut to a terminal's width, never in a pipe.
    var layout: Layout {
        Layout(
            width: wide ? nil : Screen.size(STDOUT_FILENO)?.columns,
            hasColour: format == .table && color.isOn(STDOUT_FILENO))
    }

    /// A listing.
    func text(_ rows: [JSONValue], _ table: Table) -> String {
        switch format {
        case .table: rows.isEmpty ? "nothing found\n" : table.text(rows, layout)
        case .csv: table.csv(rows)
        case .json: prettyJSON(.array(rows)) + "\n"
        }
    }

    /// One record: for people through `text`, as CSV by the rows that matter most.
    func text(_ value: JSONValue, rows: [JSONValue], _ table: Table, text: (Layout) -> String) -> String {
        switch format {
        case .table: text(layout)
        case .csv: table.csv(rows)
        case .json: prettyJSON(value) + "\n"
        }
    }
}
