import GRDB
import Model
import Stores

/// What the derivation of edges reads; part of `GraphReading`.
extension SQLiteStore {
    /// CIs of a class in order of id behind `after`, with those of `attributes` that they have.
    public func facts(
        ofClass className: CIClass, attributes: [String], after: CIID?, limit: Int
    ) async throws -> [CIFacts] {
        try await read { db in
            let sql = """
                SELECT \(CIRow.columns) FROM \(CIRow.tables)
                WHERE c.class = (SELECT id FROM name WHERE text = ?) AND c.id > ? ORDER BY c.id LIMIT ?
                """
            let arguments: StatementArguments = [className.rawValue, after?.rawValue ?? 0, limit]
            let values = try db.cachedStatement(
                sql: """
                    SELECT n.text, v.body FROM attribute a JOIN name n ON n.id = a.name JOIN value v ON v.id = a.value
                    WHERE a.ci = ? AND a.to_commit = 0
                    """)
            let wanted = Set(attributes)
            return try Row.fetchAll(db, sql: sql, arguments: arguments).map { row in
                var facts = CIFacts(record: try CIRow.record(row), values: [:])
                for fact in try Row.fetchAll(values, arguments: [facts.record.id.rawValue]) {
                    let name: String = fact[0]
                    if wanted.contains(name) { facts.values[name] = try SQLiteStore.value(fact[1]) }
                }
                return facts
            }
        }
    }

    /// Objects that have items in a section.
    public func objects(withSection section: SectionName) async throws -> [Int64] {
        try await read { db in
            let sql = "SELECT object FROM section WHERE name = (SELECT id FROM name WHERE text = ?) ORDER BY object"
            return try Int64.fetchAll(db, sql: sql, arguments: [section.rawValue])
        }
    }

    /// The CI an object is bound to.
    public func ci(ofObject object: Int64) async throws -> CIID? {
        try await read { db in
            let statement = try db.cachedStatement(sql: "SELECT ci FROM binding WHERE object = ? AND to_commit = 0")
            return try Int64.fetchOne(statement, arguments: [object]).map { CIID($0) }
        }
    }

    /// Items of a section as one object's source states them.
    public func items(ofObject object: Int64, section: SectionName) async throws -> [SectionItem] {
        try await read { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT k.text, v.body FROM item i JOIN name k ON k.id = i.key JOIN value v ON v.id = i.value
                    WHERE i.object = ? AND i.section = (SELECT id FROM name WHERE text = ?) AND i.to_commit = 0
                    """)
            return try Row.fetchAll(statement, arguments: [object, section.rawValue]).map { row in
                SectionItem(key: row[0], attributes: try SQLiteStore.itemAttributes(row[1]))
            }
        }
    }

    /// Current edges between CIs that an object's source states.
    public func edges(statedBy object: Int64) async throws -> [RelationEdge] {
        try await read { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT source, kind, target, object, confidence, evidence FROM relation
                    WHERE object = ? AND to_commit = 0 AND kind >= 3
                    """)
            return try Row.fetchAll(statement, arguments: [object]).compactMap(SQLiteStore.edge)
        }
    }

    /// The CIs of the objects beside `object` whose keys begin with `prefix`, by the rest of their key.
    public func children(ofObject object: Int64, prefix: String) async throws -> [String: CIID] {
        try await read { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT substr(c.key, length(:prefix) + 1), b.ci FROM source_object o
                    JOIN source_object c ON c.source = o.source AND c.scope = o.scope
                    JOIN binding b ON b.object = c.id AND b.to_commit = 0
                    WHERE o.id = :object AND c.key >= :prefix AND c.key < :prefix || char(0x10ffff)
                    """)
            let rows = try Row.fetchAll(statement, arguments: ["prefix": prefix, "object": object])
            return Dictionary(rows.map { ($0[0], CIID($0[1])) }) { first, _ in first }
        }
    }

    /// All objects of sources of a kind.
    public func objects(ofSourceKind kind: String) async throws -> [SourceObjectRecord] {
        try await read { db in
            let sql = """
                SELECT o.id, s.kind, s.name, o.scope, o.key, b.ci FROM source s JOIN source_object o ON o.source = s.id
                LEFT JOIN binding b ON b.object = o.id AND b.to_commit = 0 WHERE s.kind = ? ORDER BY o.id
                """
            return try Row.fetchAll(db, sql: sql, arguments: [kind]).map(SQLiteStore.objectRecord)
        }
    }

    /// The number of a source; nil when it never spoke.
    public func source(kind: String, name: String) async throws -> Int64? {
        try await read { db in
            let sql = "SELECT id FROM source WHERE kind = ? AND name = ?"
            return try Int64.fetchOne(db, sql: sql, arguments: [kind, name])
        }
    }
}
