import Foundation
import TOML

/// A part of the reference: one kind of file, what its decoder asks for, and the commented files that explain it.
struct ReferenceSection {
    /// Its heading and the paragraph below.
    var title: String
    var about: String
    /// The commented files, below the repository's root.
    var files: [String]
    /// Tables whose names are values, as `inventory.source.packages`, and the word that stands for them.
    var freeNames: [(table: [String], names: [String], word: String)] = []
    /// Keys that other sections explain, by their first name.
    var leavesOut: [String] = []
    /// Decodes a text into something that can be compared.
    var decode: (_ text: String, _ file: String, TOMLReads) throws -> Any

    /// One key in the page.
    struct Row {
        var path: [String]
        var accepted: [String]
        var isRequired: Bool
        var standard: String?
        var text: String
    }

    /// What is wrong between decoder and comments.
    struct Gap: Error, CustomStringConvertible {
        var description: String
    }

    /// Every key, in the order of the commented files.
    func rows() throws -> [Row] {
        let reads = TOMLReads()
        var explained: [(entry: AnnotatedTOML.Entry, standard: String?)] = []
        for file in files {
            let commented = AnnotatedTOML(try repositoryText(file))
            let full = canonical(try decode(commented.text(), file, reads))
            for var entry in commented.entries {
                // A secret's file shows in no value, so that whether it makes a difference cannot be seen.
                let isSecret = entry.path.last?.hasSuffix("_file") == true
                let without = entry.value.flatMap { _ in
                    isSecret ? nil : try? decode(commented.text(without: entry.line), file, TOMLReads())
                }
                entry.path = renamed(entry.path)
                explained.append((entry, without.map(canonical) == full ? entry.value : nil))
            }
        }
        return try joined(reads.reads, explained)
    }

    private func joined(
        _ reads: [TOMLReads.Read], _ explained: [(entry: AnnotatedTOML.Entry, standard: String?)]
    ) throws -> [Row] {
        var known: [[String]: Row] = [:]
        for read in reads where !leavesOut.contains(read.path.first ?? "") {
            let path = renamed(read.path)
            if known[path] == nil {
                known[path] = Row(path: path, accepted: [], isRequired: false, standard: nil, text: "")
            }
            for word in read.accepted where known[path]?.accepted.contains(word) == false {
                known[path]?.accepted.append(word)
            }
            if read.isRequired { known[path]?.isRequired = true }
        }
        var order: [[String]] = []
        var inline: Set<[String]> = []
        for (entry, standard) in explained where !leavesOut.contains(entry.path.first ?? "") {
            let path = known[entry.path] == nil ? Array(entry.path.dropLast()) + ["*"] : entry.path
            guard known[path] != nil else {
                throw Gap(description: "\(entry.path): explained, but no decoder reads it")
            }
            if !order.contains(path) { order.append(path) }
            if let value = entry.value, value.hasPrefix("{") || value.hasPrefix("[{") { inline.insert(path) }
            if known[path]?.text.isEmpty == true { known[path]?.text = entry.text }
            if known[path]?.standard == nil { known[path]?.standard = standard }
        }
        for path in known.keys.sorted(by: { $0.joined(separator: ".") < $1.joined(separator: ".") })
        where !order.contains(path) {
            let isInline = inline.contains { path.count > $0.count && Array(path.prefix($0.count)) == $0 }
            guard path.last == "*" || isInline || known[path]?.accepted == ["a table"] else {
                throw Gap(description: "\(path.joined(separator: ".")): read, but \(files) have no line for it")
            }
        }
        let headings = Set(explained.filter { $0.entry.value == nil }.map(\.entry.path))
        for path in inline.subtracting(headings) {
            let text = members(of: path, known)
            known[path]?.accepted = [text]
        }
        let rows = order.compactMap { known[$0] }
        if let bare = rows.first(where: { $0.text.isEmpty && !$0.isTable && $0.path.last != "*" }) {
            throw Gap(description: "\(bare.path.joined(separator: ".")): no comment in \(files) explains it")
        }
        return rows
    }

    /// What a table that is written in one line holds.
    private func members(of path: [String], _ known: [[String]: Row]) -> String {
        let members = known.filter { $0.key.dropLast() == path[...] }.values
        let names = members.map { $0.path.last == "*" ? "any names" : "`\($0.path.last ?? "")`" }.sorted()
        let accepted = Set(members.flatMap(\.accepted)).sorted().joined(separator: "; or ")
        return "a table of " + names.joined(separator: ", ") + ", each " + accepted
    }

    private func renamed(_ path: [String]) -> [String] {
        for (table, names, word) in freeNames where path.count > table.count && Array(path.prefix(table.count)) == table
        {
            if names.contains(path[table.count]) {
                return table + [word] + path.dropFirst(table.count + 1)
            }
        }
        return path
    }
}

extension ReferenceSection.Row {
    /// Whether it is a heading rather than a row.
    var isTable: Bool { accepted.first == "a table" || accepted.first == "tables" }
}

/// The value in words that are the same for equal values: sets and dictionaries in order.
func canonical(_ value: Any) -> String {
    let mirror = Mirror(reflecting: value)
    var parts = mirror.children.map { ($0.label ?? "") + ":" + canonical($0.value) }
    if parts.isEmpty { return "\(value)" }
    if mirror.displayStyle == .set || mirror.displayStyle == .dictionary { parts.sort() }
    return "\(type(of: value))(" + parts.joined(separator: ",") + ")"
}

/// The repository's root.
let repository = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

/// A file of the repository.
func repositoryText(_ path: String) throws -> String {
    try String(contentsOfFile: repository + "/" + path, encoding: .utf8)
}
