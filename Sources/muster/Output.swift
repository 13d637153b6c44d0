import Glibc
import Terminal

/// Writes answers in the format that was asked for.
extension Connection {
    /// A listing.
    func show(_ rows: [JSONValue], _ table: Table) { write(display.text(rows, table)) }

    /// One record: for people through `text`, as CSV by the rows that matter most.
    func show(_ value: JSONValue, rows: [JSONValue], _ table: Table, text: (Layout) -> String) {
        write(display.text(value, rows: rows, table, text: text))
    }
}

/// Writes text to standard output; ends the program quietly when nobody reads any more.
func write(_ text: String, to descriptor: Int32 = STDOUT_FILENO) {
    guard Screen.write(text, to: descriptor) else { exit(1) }
}

/// JSON with members sorted by name and indented by two spaces, so that it reads and compares well.
func prettyJSON(_ value: JSONValue, indent: String = "") -> String {
    switch value {
    case .array(let values) where !values.isEmpty:
        let lines = values.map { indent + "  " + prettyJSON($0, indent: indent + "  ") }
        return "[\n" + lines.joined(separator: ",\n") + "\n" + indent + "]"
    case .object(let members) where !members.isEmpty:
        let lines = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map {
            indent + "  " + quoted($0.key) + ": " + prettyJSON($0.value, indent: indent + "  ")
        }
        return "{\n" + lines.joined(separator: ",\n") + "\n" + indent + "}"
    case .array: return "[]"
    case .object: return "{}"
    case .null: return "null"
    case .flag(let flag): return flag ? "true" : "false"
    case .integer(let number): return String(number)
    case .real(let number): return String(number)
    case .text(let text): return quoted(text)
    }
}

private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        default:
            // Invisible and control scalars are escaped here, too: a terminal may be what reads this.
            if oneLine(String(scalar)).unicodeScalars.count > 1 {
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
                }
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
    }
    return result + "\""
}
