extension TOMLTable {
    /// A table of values that came as data, not as a text: every place in it is the first of the file called `name`.
    public convenience init(values: [String: TOMLValue], name: String) {
        let start = TOMLPosition(line: 1, column: 1)
        self.init(entries: TOMLValue.entries(values), position: start, file: name)
    }
}

extension TOMLValue {
    /// A list of values without places.
    public static func list(_ values: [TOMLValue]) -> TOMLValue {
        .array(values.map { TOMLNode(value: $0, position: TOMLPosition(line: 1, column: 1)) })
    }

    /// A table of values without places.
    public static func entriesTable(_ values: [String: TOMLValue]) -> TOMLValue { .table(entries(values)) }

    fileprivate static func entries(_ values: [String: TOMLValue]) -> [TOMLEntry] {
        let start = TOMLPosition(line: 1, column: 1)
        return values.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map {
            TOMLEntry(key: $0.key, keyPosition: start, node: TOMLNode(value: $0.value, position: start))
        }
    }
}
