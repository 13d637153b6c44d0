/// A table that is read key by key and at the end refuses the keys nobody asked for.
///
/// Read each accepted key once with a typed method (absent keys give nil, wrong ones throw with their place), then
/// call ``finish()``. A table belongs to one decoder on one thread.
public final class TOMLTable {
    /// Where the table begins.
    public let position: TOMLPosition
    /// The file as it was named when it was parsed.
    public let file: String

    private let entries: [TOMLEntry]
    // Bytes, not String: comparison of String is by canonical equivalence, keys are not.
    private let indexes: [[UInt8]: Int]
    private var asked: [String] = []
    private var askedKeys: Set<[UInt8]> = []
    private var acceptsAll = false
    private var children: [TOMLTable] = []
    private let path: [String]
    private let reads: TOMLReads?

    init(
        entries: [TOMLEntry], position: TOMLPosition, file: String, path: [String] = [], reads: TOMLReads? = nil
    ) {
        self.entries = entries
        self.position = position
        self.file = file
        self.path = path
        self.reads = reads
        var indexes: [[UInt8]: Int] = [:]
        for (index, entry) in entries.enumerated() { indexes[Array(entry.key.utf8)] = index }
        self.indexes = indexes
    }

    /// All keys, sorted; asking for them accepts every key of this table, as a table with free names needs.
    public var keys: [String] {
        acceptsAll = true
        return entries.map(\.key)
    }

    /// Whether the key stands in the table; counts as asking for it.
    public func contains(_ key: String) -> Bool { node(key) != nil }

    /// Whether the key stands in the table; does not count as asking for it.
    public func holds(_ key: String) -> Bool { indexes[Array(key.utf8)] != nil }

    /// The value as the text has it, with its place; nil where the key is absent.
    public func node(_ key: String) -> TOMLNode? {
        note(key, TOMLReads.anyValue)
        let bytes = Array(key.utf8)
        if askedKeys.insert(bytes).inserted { asked.append(key) }
        return indexes[bytes].map { entries[$0].node }
    }

    /// The table under `key`; nil where it is absent. Its keys are checked by ``finish()`` of this table, too.
    public func table(_ key: String) throws(TOMLError) -> TOMLTable? {
        note(key, "a table")
        guard let node = node(key) else { return nil }
        guard case .table(let entries) = node.value else { throw wrongType(key, "a table like [\(key)]", node) }
        return child(entries, of: key, at: node.position)
    }

    /// The array of tables under `key` (`[[key]]`), empty where it is absent.
    public func tables(_ key: String) throws(TOMLError) -> [TOMLTable] {
        note(key, "tables")
        guard let node = node(key) else { return [] }
        let expected = "tables like [[\(key)]]"
        guard case .array(let items) = node.value else { throw wrongType(key, expected, node) }
        var tables: [TOMLTable] = []
        for item in items {
            guard case .table(let entries) = item.value else { throw wrongType(key, expected, item) }
            tables.append(child(entries, of: key, at: item.position))
        }
        return tables
    }

    /// The table under `key`, which must stand there.
    public func requiredTable(_ key: String) throws(TOMLError) -> TOMLTable {
        guard let table = try table(key) else { throw missing(key) }
        require(key)
        return table
    }

    /// Refuses the first key that nobody asked for, here or in a table handed out by this one.
    public func finish() throws(TOMLError) {
        if !acceptsAll, let unknown = entries.first(where: { !askedKeys.contains(Array($0.key.utf8)) }) {
            let problem = TOMLError.Problem.unknownKey(unknown.key, accepted: asked)
            throw TOMLError(file: file, position: unknown.keyPosition, problem: problem)
        }
        for child in children { try child.finish() }
    }

    /// The error for a value that is of the right kind but cannot be: `found` is shown, `accepted` says what to write.
    public func refusal(_ key: String, found: String, accepted: String) -> TOMLError {
        error(key, .refused(key: key, found: found, accepted: accepted))
    }

    /// The error for a key that must stand here, at the place of the table.
    public func missing(_ key: String) -> TOMLError {
        TOMLError(file: file, position: position, problem: .missingKey(key))
    }

    /// An error at the value of `key`, or at the table where the key is absent.
    func error(_ key: String, _ problem: TOMLError.Problem) -> TOMLError {
        let place = indexes[Array(key.utf8)].map { entries[$0].node.position } ?? position
        return TOMLError(file: file, position: place, problem: problem)
    }

    func wrongType(_ key: String, _ expected: String, _ node: TOMLNode) -> TOMLError {
        let problem = TOMLError.Problem.wrongType(key: key, expected: expected, found: node.value.kind)
        return TOMLError(file: file, position: node.position, problem: problem)
    }

    /// Notes that the decoder knows `key` and what it accepts; costs nothing where nobody listens.
    func note(_ key: String, _ accepted: @autoclosure () -> String) {
        reads?.note(path + [acceptsAll ? "*" : key], accepted())
    }

    /// Notes that `key` must be there.
    func require(_ key: String) { reads?.require(path + [acceptsAll ? "*" : key]) }

    private func child(_ entries: [TOMLEntry], of key: String, at position: TOMLPosition) -> TOMLTable {
        let path = self.path + [acceptsAll ? "*" : key]
        let table = TOMLTable(entries: entries, position: position, file: file, path: path, reads: reads)
        children.append(table)
        return table
    }
}
