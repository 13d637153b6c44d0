import CTOML

/// Parses configuration texts (TOML 1.0, through toml++) into tables that know their places.
public enum TOMLDocument {
    /// The largest text accepted, in bytes.
    public static let textBytes = 1 << 20
    /// The longest key accepted, in bytes of UTF-8.
    public static let nameBytes = 255

    /// The root table of `text`; `file` is only used in messages, `reads` learns what the decoder asks for.
    /// - Throws: ``TOMLError``.
    public static func parse(
        _ text: String, file: String, reads: TOMLReads? = nil
    ) throws(TOMLError) -> TOMLTable {
        try parse(bytes: Array(text.utf8), file: file, reads: reads)
    }

    /// The root table of the text in `bytes`, which must be UTF-8.
    /// - Throws: ``TOMLError``.
    public static func parse(
        bytes: [UInt8], file: String, reads: TOMLReads? = nil
    ) throws(TOMLError) -> TOMLTable {
        let start = TOMLPosition(line: 1, column: 1)
        guard bytes.count <= textBytes else {
            throw TOMLError(file: file, position: start, problem: .tooLarge(limit: textBytes))
        }
        let document = bytes.withUnsafeBytes {
            muster_toml_parse($0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
        }
        guard let document else {
            throw TOMLError(file: file, position: start, problem: .syntax("no memory to parse it"))
        }
        defer { muster_toml_free(document) }
        var count = 0
        guard let nodes = muster_toml_nodes(document, &count) else { throw syntaxError(of: document, file: file) }
        var reader = NodeReader(nodes: UnsafeBufferPointer(start: nodes, count: count), file: file)
        return TOMLTable(entries: try reader.entries(ofTableAt: 0), position: start, file: file, reads: reads)
    }

    private static func syntaxError(of document: OpaquePointer, file: String) -> TOMLError {
        var line: UInt32 = 0
        var column: UInt32 = 0
        let reason = string(muster_toml_error(document, &line, &column))
        let position = TOMLPosition(line: Int(line), column: Int(column))
        return TOMLError(file: file, position: position, problem: .syntax(reason))
    }
}

/// Copies the preorder list of the C side into Swift values; the C side has limited the depth.
private struct NodeReader {
    let nodes: UnsafeBufferPointer<muster_toml_node>
    let file: String

    mutating func entries(ofTableAt index: Int) throws(TOMLError) -> [TOMLEntry] {
        var entries: [TOMLEntry] = []
        for child in children(of: index) {
            let node = nodes[child]
            let position = TOMLPosition(line: Int(node.key_line), column: Int(node.key_column))
            guard node.key.length <= TOMLDocument.nameBytes else {
                throw TOMLError(file: file, position: position, problem: .nameTooLong(limit: TOMLDocument.nameBytes))
            }
            entries.append(TOMLEntry(key: string(node.key), keyPosition: position, node: try self.node(at: child)))
        }
        return entries
    }

    private mutating func node(at index: Int) throws(TOMLError) -> TOMLNode {
        let node = nodes[index]
        return TOMLNode(
            value: try value(at: index), position: TOMLPosition(line: Int(node.line), column: Int(node.column)))
    }

    private mutating func value(at index: Int) throws(TOMLError) -> TOMLValue {
        let node = nodes[index]
        switch node.kind {
        case MUSTER_TOML_STRING: return .string(string(node.text))
        case MUSTER_TOML_INTEGER: return .integer(node.integer)
        case MUSTER_TOML_REAL: return .real(node.real)
        case MUSTER_TOML_BOOLEAN: return .boolean(node.integer != 0)
        case MUSTER_TOML_TABLE: return .table(try entries(ofTableAt: index))
        case MUSTER_TOML_ARRAY:
            var items: [TOMLNode] = []
            for child in children(of: index) { items.append(try self.node(at: child)) }
            return .array(items)
        default: return .date
        }
    }

    private func children(of index: Int) -> [Int] {
        var found: [Int] = []
        var child = index + 1
        while child < nodes[index].end {
            found.append(child)
            child = nodes[child].end
        }
        return found
    }
}

private func string(_ text: muster_toml_text) -> String {
    guard let bytes = text.bytes else { return "" }
    return String(decoding: UnsafeRawBufferPointer(start: bytes, count: text.length), as: UTF8.self)
}
