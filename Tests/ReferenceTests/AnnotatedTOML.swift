import Foundation

/// A commented TOML file taken apart by lines: tables, keys, their values, and the comments that explain them.
///
/// A key is explained by the comment lines above it or by the comment behind it, which may go on below. A key or table
/// that is commented out (`# key = value`) counts like any other.
struct AnnotatedTOML {
    /// A table or key of the file.
    struct Entry {
        var path: [String]
        /// The value as written; nil for a table.
        var value: String?
        var text: String
        /// Index of its line.
        var line: Int
    }

    private(set) var entries: [Entry] = []
    /// The lines with every commented key and table in force and no prose, at their old places.
    private(set) var lines: [String] = []

    private var table: [String] = []
    private var comment: [String] = []

    init(_ text: String) {
        for line in text.components(separatedBy: "\n") { take(line) }
    }

    /// The text without one line; all of it without an argument.
    func text(without line: Int? = nil) -> String {
        lines.enumerated().map { $0.offset == line ? "" : $0.element }.joined(separator: "\n")
    }

    private mutating func take(_ line: String) {
        let isComment = line.hasPrefix("#")
        let body = isComment ? String(line.dropFirst(line.hasPrefix("# ") ? 2 : 1)) : line
        let trimmed = body.trimmingCharacters(in: .whitespaces)
        var effective = ""
        if let path = Self.header(trimmed) {
            table = path
            add(path, value: nil, behind: nil)
            effective = body
        } else if let (key, value, behind) = Self.setting(body) {
            add(table + [key], value: value, behind: behind)
            effective = body
        } else if isComment, trimmed.hasPrefix("#"), let last = entries.indices.last {
            entries[last].text += " " + trimmed.drop { $0 == "#" || $0 == " " }
        } else if isComment, !trimmed.isEmpty {
            comment.append(trimmed)
        } else {
            comment = []
        }
        lines.append(effective)
    }

    private mutating func add(_ path: [String], value: String?, behind: String?) {
        let text = (comment + [behind].compactMap { $0 }).joined(separator: " ")
        comment = []
        entries.append(Entry(path: path, value: value, text: text, line: lines.count))
    }

    private static func header(_ line: String) -> [String]? {
        guard line.hasPrefix("["), line.hasSuffix("]") else { return nil }
        let name = line.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        guard name.allSatisfy({ $0.isLetter || $0 == "_" || $0 == "-" || $0 == "." }) else { return nil }
        return name.components(separatedBy: ".")
    }

    private static func setting(_ line: String) -> (key: String, value: String, behind: String?)? {
        guard let equals = line.range(of: " = ") else { return nil }
        var key = String(line[..<equals.lowerBound])
        if key.hasPrefix("\""), key.hasSuffix("\"") { key = String(key.dropFirst().dropLast()) }
        guard !key.isEmpty, key.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }) else { return nil }
        let rest = String(line[equals.upperBound...])
        guard let mark = commentStart(rest) else { return (key, rest.trimmingCharacters(in: .whitespaces), nil) }
        let behind = rest[rest.index(after: mark)...].trimmingCharacters(in: .whitespaces)
        return (key, rest[..<mark].trimmingCharacters(in: .whitespaces), behind)
    }

    /// The first `#` outside quotation marks.
    private static func commentStart(_ text: String) -> String.Index? {
        var isQuoted = false
        for index in text.indices {
            if text[index] == "\"" { isQuoted.toggle() }
            if text[index] == "#", !isQuoted { return index }
        }
        return nil
    }
}
