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
    /// The octets of each part's own words; none for a place.
    private let words: [[UInt8]]

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
        words = parts.map { part in
            if case .text(let text) = part { Array(text.utf8) } else { [] }
        }
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

    /// The values with which the template would have given `text`; nil where it cannot have.
    ///
    /// The first place takes as little as it can, and so on; no place is empty, and a name that stands twice has one
    /// value. Values come back as they were shown: cut and without control characters.
    public func values(in text: String) -> [String: String]? { values(in: Array(text.utf8)) }

    /// The same of a text's octets, for who tries many templates.
    public func values(in bytes: [UInt8]) -> [String: String]? {
        var values: [String: String] = [:]
        var position = 0
        var open: String?
        for (index, part) in parts.enumerated() {
            switch part {
            case .place(let name):
                // Two places without a word between them cannot be told apart.
                guard open == nil else { return nil }
                open = name
            case .text:
                let word = words[index]
                let isLast = index == parts.count - 1
                let least = position + (open == nil ? 0 : 1)
                guard let start = TextTemplate.place(of: word, in: bytes, from: least, open != nil, isLast) else {
                    return nil
                }
                guard TextTemplate.note(bytes[position..<start], as: open, &values) else { return nil }
                open = nil
                position = start + word.count
            }
        }
        guard open != nil ? position < bytes.count : position == bytes.count else { return nil }
        return TextTemplate.note(bytes[position...], as: open, &values) ? values : nil
    }

    /// How many bytes of a text the template's own words take: what is more definite is tried first.
    public var ownBytes: Int {
        parts.reduce(0) { sum, part in
            if case .text(let text) = part { sum + text.utf8.count } else { sum }
        }
    }

    /// Where `word` begins: at `from`, behind it when something stands before, at the end when nothing follows.
    private static func place(
        of word: [UInt8], in bytes: [UInt8], from: Int, _ isBehindPlace: Bool, _ isLast: Bool
    ) -> Int? {
        let last = bytes.count - word.count
        guard from <= last else { return nil }
        if !isBehindPlace { return bytes[from...].starts(with: word) ? from : nil }
        if isLast { return bytes[last...].elementsEqual(word) ? last : nil }
        return (from...last).first { bytes[$0...].starts(with: word) }
    }

    private static func note(_ bytes: ArraySlice<UInt8>, as name: String?, _ values: inout [String: String]) -> Bool {
        guard let name else { return true }
        let value = String(decoding: bytes, as: UTF8.self)
        if let known = values[name] { return known.utf8.elementsEqual(value.utf8) }
        values[name] = value
        return true
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
