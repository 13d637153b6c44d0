import GRDB
import Model
import Stores

extension SQLiteStore: CMDBReading {
    /// The commit that was newest at `moment`; nil before the first.
    public func commit(at moment: Timestamp) async throws -> CommitNumber? {
        try await read { db in
            let sql = "SELECT number FROM commit_time WHERE time_ms <= ? ORDER BY time_ms DESC, number DESC LIMIT 1"
            return try Int64.fetchOne(db, sql: sql, arguments: [moment.milliseconds]).map { CommitNumber(rawValue: $0) }
        }
    }

    /// Wall time of a commit.
    public func time(of commit: CommitNumber) async throws -> Timestamp? {
        try await read { db in
            let sql = "SELECT time_ms FROM commit_time WHERE number = ?"
            return try Int64.fetchOne(db, sql: sql, arguments: [commit.rawValue]).map { Timestamp(milliseconds: $0) }
        }
    }

    /// A CI's row.
    public func ci(_ id: CIID, asOf: CommitNumber?) async throws -> CIRecord? {
        try await read { db in try CIRow.find(id, asOf: asOf, db) }
    }

    /// Facts by name, with what other sources say where they differ.
    public func attributes(of ci: CIID, asOf: CommitNumber?) async throws -> [AttributeRecord] {
        try await read { db in
            let validity = Validity(asOf)
            let sql = """
                SELECT n.text, v.body, s.kind || ':' || s.name, a.from_commit, t.time_ms
                FROM attribute a JOIN name n ON n.id = a.name JOIN value v ON v.id = a.value
                JOIN source_object o ON o.id = a.object JOIN source s ON s.id = o.source
                JOIN commit_time t ON t.number = a.from_commit
                WHERE a.ci = :ci AND \(validity.condition("a.")) ORDER BY n.text
                """
            let others = try SQLiteStore.otherWords(about: ci, validity, db)
            return try Row.fetchAll(db, sql: sql, arguments: validity.arguments(["ci": ci.rawValue])).map { row in
                let value = try SQLiteStore.value(row[1])
                let source: String = row[2]
                let differing = others[row[0] as String, default: [:]].filter { $0.key != source && $0.value != value }
                return AttributeRecord(
                    name: row[0], value: value, source: source, since: CommitNumber(rawValue: row[3]),
                    sinceTime: Timestamp(milliseconds: row[4]), others: differing)
            }
        }
    }

    /// Items of a section in key order behind `after`.
    public func items(
        of ci: CIID, section: SectionName, containing text: String?, asOf: CommitNumber?, after: String?, limit: Int
    ) async throws -> [ItemRecord] {
        guard let text, !text.isEmpty else {
            return try await items(of: ci, section: section, stored: nil, asOf: asOf, after: after, limit: limit)
        }
        // The stored form holds the names of facts, too: what was found in it is looked at once more.
        var found: [ItemRecord] = []
        var position = after
        while true {
            let candidates = try await items(
                of: ci, section: section, stored: text, asOf: asOf, after: position, limit: limit)
            found += candidates.filter { $0.item.contains(text) }
            guard candidates.count == limit, found.count < limit, let last = candidates.last else {
                return Array(found.prefix(limit))
            }
            position = last.item.key
        }
    }

    private func items(
        of ci: CIID, section: SectionName, stored text: String?, asOf: CommitNumber?, after: String?, limit: Int
    ) async throws -> [ItemRecord] {
        try await read { db in
            let validity = Validity(asOf)
            let sql = """
                SELECT k.text, v.body, s.kind || ':' || s.name, t.time_ms
                FROM binding b JOIN item i ON i.object = b.object
                JOIN name k ON k.id = i.key JOIN value v ON v.id = i.value
                JOIN source_object o ON o.id = i.object JOIN source s ON s.id = o.source
                JOIN commit_time t ON t.number = i.from_commit
                WHERE b.ci = :ci AND \(validity.condition("b."))
                AND i.section = (SELECT id FROM name WHERE text = :section) AND \(validity.condition("i."))
                AND (:after IS NULL OR k.text > :after)
                AND (:text IS NULL OR instr(lower(k.text), lower(:text)) OR instr(lower(v.body), lower(:text)))
                ORDER BY k.text LIMIT :limit
                """
            let arguments = validity.arguments([
                "ci": ci.rawValue, "section": section.rawValue, "text": text, "after": after, "limit": limit,
            ])
            return try Row.fetchAll(db, sql: sql, arguments: arguments).map { row in
                let item = SectionItem(key: row[0], attributes: try SQLiteStore.itemAttributes(row[1]))
                return ItemRecord(
                    section: section, item: item, source: row[2], since: Timestamp(milliseconds: row[3]))
            }
        }
    }

    /// How many items each section has.
    public func sectionCounts(of ci: CIID, asOf: CommitNumber?) async throws -> [SectionName: Int] {
        try await read { db in
            let validity = Validity(asOf)
            let sql = """
                SELECT n.text, count(*) FROM binding b JOIN item i ON i.object = b.object JOIN name n ON n.id = i.section
                WHERE b.ci = :ci AND \(validity.condition("b.")) AND \(validity.condition("i.")) GROUP BY i.section
                """
            let rows = try Row.fetchAll(db, sql: sql, arguments: validity.arguments(["ci": ci.rawValue]))
            return Dictionary(rows.map { (SectionName(rawValue: $0[0]), $0[1]) }) { first, _ in first }
        }
    }

    /// CIs inside a CI, by class and name.
    public func children(of ci: CIID, asOf: CommitNumber?) async throws -> [CIRecord] {
        try await read { db in
            let sql = "SELECT \(CIRow.columns) FROM \(CIRow.tables) WHERE c.parent = ? ORDER BY n.text, c.name, c.id"
            return try CIRow.records(Row.fetchAll(db, sql: sql, arguments: [ci.rawValue]), asOf: asOf, db)
        }
    }

    /// Sources that speak of a CI.
    public func objects(of ci: CIID, asOf: CommitNumber?) async throws -> [SourceObjectRecord] {
        try await read { db in
            let validity = Validity(asOf)
            let sql = """
                SELECT o.id, s.kind, s.name, o.scope, o.key, b.ci FROM binding b
                JOIN source_object o ON o.id = b.object JOIN source s ON s.id = o.source
                WHERE b.ci = :ci AND \(validity.condition("b.")) ORDER BY o.id
                """
            let rows = try Row.fetchAll(db, sql: sql, arguments: validity.arguments(["ci": ci.rawValue]))
            return rows.map(SQLiteStore.objectRecord)
        }
    }

    /// Feed entries about a CI and what lies inside it, newest first, behind `before`.
    public func history(
        of ci: CIID, before: FeedCursor?, asOf: CommitNumber?, limit: Int
    ) async throws -> [FeedEntry] {
        try await read { db in
            let sql = """
                SELECT f.position, f.commit_number, t.time_ms, f.event FROM feed_subject x
                JOIN feed f ON f.position = x.position JOIN commit_time t ON t.number = f.commit_number
                WHERE x.ci = ? AND x.position < ? AND f.commit_number <= ? ORDER BY x.position DESC LIMIT ?
                """
            let arguments: StatementArguments = [
                ci.rawValue, before?.rawValue ?? .max, asOf?.rawValue ?? .max, limit,
            ]
            return try FeedRow.entries(db, sql, arguments)
        }
    }

    /// The wall times of the commits with a feed entry about a CI or what lies inside it, newest first.
    public func moments(of ci: CIID, limit: Int) async throws -> [Timestamp] {
        try await read { db in
            let sql = """
                SELECT t.time_ms FROM feed_subject x JOIN feed f ON f.position = x.position
                JOIN commit_time t ON t.number = f.commit_number
                WHERE x.ci = ? GROUP BY f.commit_number ORDER BY f.commit_number DESC LIMIT ?
                """
            return try Int64.fetchAll(db, sql: sql, arguments: [ci.rawValue, limit])
                .map { Timestamp(milliseconds: $0) }
        }
    }

    static func value(_ body: String) throws -> AttributeValue {
        guard let value = StoredValue.decode(body.utf8) else {
            throw StoreError.unusable("a stored value has a form of a newer version")
        }
        return value
    }

    static func itemAttributes(_ body: String) throws -> [String: AttributeValue] {
        guard let attributes = StoredValue.decodeAttributes(body.utf8) else {
            throw StoreError.unusable("a stored item has a form of a newer version")
        }
        return attributes
    }

    static func objectRecord(_ row: Row) -> SourceObjectRecord {
        SourceObjectRecord(
            id: row[0], sourceKind: row[1], sourceName: row[2], scope: row[3], key: row[4],
            ci: (row[5] as Int64?).map { CIID($0) })
    }

    private static func otherWords(
        about ci: CIID, _ validity: Validity, _ db: Database
    ) throws -> [String: [String: AttributeValue]] {
        let sql = """
            SELECT n.text, s.kind || ':' || s.name, v.body FROM binding b JOIN observation o ON o.object = b.object
            JOIN name n ON n.id = o.name JOIN value v ON v.id = o.value
            JOIN source_object x ON x.id = o.object JOIN source s ON s.id = x.source
            WHERE b.ci = :ci AND \(validity.condition("b.")) AND \(validity.condition("o."))
            """
        var words: [String: [String: AttributeValue]] = [:]
        for row in try Row.fetchAll(db, sql: sql, arguments: validity.arguments(["ci": ci.rawValue])) {
            words[row[0] as String, default: [:]][row[1] as String] = try value(row[2])
        }
        return words
    }
}

extension SectionItem {
    /// Whether the key or a fact's value contains `text`; ASCII case does not count.
    fileprivate func contains(_ text: String) -> Bool {
        let wanted = Array(text.utf8.map(SectionItem.folded))
        return ([key] + attributes.values.map(\.display)).contains { words in
            let bytes = words.utf8.map(SectionItem.folded)
            guard bytes.count >= wanted.count else { return false }
            return (0...(bytes.count - wanted.count)).contains { bytes[$0...].starts(with: wanted) }
        }
    }

    private static func folded(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
