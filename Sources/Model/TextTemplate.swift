/// A line of text with named places (`{ci}: {message}`) that are filled with values and nothing else.
///
/// Filling is one pass: a value that looks like a place is not filled again, and no value can run anything. `{{` and
/// `}}` stand for single braces.
public struct TextTemplate: Hashable, Sendable {
    /// The text as written.
    public let source: String
    /// The names of the places, in order, each once.
    public let names: [String]

    private let parts: [Part]

    private enum Part: Hashable, Sendable {
        case text(String)
        case place(String)
    }

    /// Why a template was refused.
    public enum Problem: Error, Hashable, CustomStringConvertible {
        /// A brace without its partner.
        case unbalanced
        /// A place whose name is not in the list of accepted names.
        case unknownName(String, accepted: [String])

        /// One line: what, and what to do.
        public var description: String {
            switch self {
            case .unbalanced: "a brace has no partner; write {name}, or {{ and }} for braces"
            case .unknownName(let name, let accepted):
                "unknown name {\(name.shownOnOneLine(limit: 80))}; accepted: \(accepted.joined(separator: ", "))"
            }
        }
    }

    /// Parses `source`, whose places must be among `accepted`.
    public init(_ source: String, accepting accepted: [String]) throws(Problem) {
        var parts: [Part] = []
        var text = ""
        var rest = Substring(source).unicodeScalars
        while let scalar = rest.popFirst() {
            if scalar == "{" || scalar == "}", rest.first == scalar {
                rest.removeFirst()
                text.unicodeScalars.append(scalar)
            } else if scalar == "{" {
                guard let end = rest.firstIndex(of: "}") else { throw .unbalanced }
                let name = String(rest[..<end])
                guard accepted.contains(where: { $0.utf8.elementsEqual(name.utf8) }) else {
                    throw .unknownName(name, accepted: accepted)
                }
                parts += text.isEmpty ? [.place(name)] : [.text(text), .place(name)]
                text = ""
                rest = rest[rest.index(after: end)...]
            } else if scalar == "}" {
                throw .unbalanced
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        if !text.isEmpty { parts.append(.text(text)) }
        self.source = source
        self.parts = parts
        var names: [String] = []
        for case .place(let name) in parts where !names.contains(name) { names.append(name) }
        self.names = names
    }

    /// The text with each place filled; a name without a value leaves `?`. Values lose control characters and are cut
    /// at `valueLimit` scalars; line feeds of the template itself stay.
    public func filled(with values: [String: String], valueLimit: Int = 300) -> String {
        var result = ""
        for part in parts {
            switch part {
            case .text(let text): result += text
            case .place(let name): result += (values[name] ?? "?").shownOnOneLine(limit: valueLimit)
            }
        }
        return result
    }

    /// The text with each place filled and line feeds of values kept, for bodies of several lines.
    public func filledBody(with values: [String: String], lineLimit: Int = 300) -> String {
        var result = ""
        for part in parts {
            switch part {
            case .text(let text): result += text
            case .place(let name):
                let lines = (values[name] ?? "?").split(separator: "\n", omittingEmptySubsequences: false)
                result += lines.map { String($0).shownOnOneLine(limit: lineLimit) }.joined(separator: "\n")
            }
        }
        return result
    }
}

extension String {
    /// The text as it may stand in one line for people: control, invisible and direction-changing scalars become
    /// `\u{…}`, combining marks are kept to four in a row, and it is cut at `limit` scalars with `…`.
    public func shownOnOneLine(limit: Int) -> String {
        var result = String.UnicodeScalarView()
        var count = 0
        var marks = 0
        for scalar in unicodeScalars {
            if count >= limit {
                result.append("…")
                break
            }
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate:
                result.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
                marks = 0
            case .nonspacingMark, .enclosingMark, .spacingMark:
                marks += 1
                if marks <= 4 { result.append(scalar) }
            default:
                result.append(scalar)
                marks = 0
            }
            count += 1
        }
        return String(result)
    }
}
