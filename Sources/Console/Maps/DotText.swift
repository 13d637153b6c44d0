/// Writes Graphviz's language (graphviz.org, "DOT Language") byte by byte, so that no name can end a string, begin an
/// HTML-like label or be read as an escape (threats M4).
struct DotText: Sendable {
    /// What was written.
    private(set) var bytes: [UInt8] = []

    /// A statement or part of one that is ours.
    mutating func append(_ statement: StaticString) {
        statement.withUTF8Buffer { bytes += $0 }
        bytes.append(0x0a)
    }

    /// A line with an attribute list; values are quoted here.
    mutating func append(_ subject: String, _ attributes: [(name: StaticString, value: String)]) {
        bytes += subject.utf8
        bytes += " [".utf8
        for (name, value) in attributes {
            name.withUTF8Buffer { bytes += $0 }
            bytes.append(UInt8(ascii: "="))
            bytes += Self.quoted(value)
            bytes.append(UInt8(ascii: " "))
        }
        bytes += "]\n".utf8
    }

    /// The beginning of a group of nodes with a frame around it; `}` ends it.
    mutating func beginCluster(_ number: Int, _ attributes: [(name: StaticString, value: String)]) {
        bytes += "subgraph cluster_\(number) {\n".utf8
        append("graph", attributes)
    }

    /// The text as a double-quoted string that Graphviz shows as it is. A line feed becomes a new line of a label; other
    /// control bytes become spaces.
    static func quoted(_ text: String) -> [UInt8] {
        var output = [UInt8(ascii: "\"")]
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): output += [UInt8(ascii: "\\"), byte]
            // Once for the escapes of labels (\N, \n); the scanner itself leaves backslashes alone.
            case UInt8(ascii: "\\"): output += [byte, byte]
            // Labels know the entities of HTML.
            case UInt8(ascii: "&"): output += "&amp;".utf8
            case 0x0a: output += "\\n".utf8
            case 0..<0x20, 0x7f: output.append(0x20)
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
        return output
    }
}
