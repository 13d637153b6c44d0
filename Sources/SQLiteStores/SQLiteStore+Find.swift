import GRDB
import Model
import Stores

extension SQLiteStore {
    /// CIs whose name begins with the text, in order of name, before them on the first page those with such an
    /// identity key; when no name or key begins with it, CIs with the text inside their name, in order of id. ASCII
    /// case does not count in names.
    public func find(_ query: CIQuery) async throws -> [CIRecord] {
        try await read { db in
            let search = CISearch(query: query, db: db)
            if query.text.isEmpty { return try search.all() }
            let byKey = query.after == nil ? try search.keysBeginning() : []
            let byName = try search.namesBeginning()
            let known = Set(byKey.map(\.id))
            let found = Array((byKey + byName.filter { !known.contains($0.id) }).prefix(query.limit))
            if !found.isEmpty { return found }
            return try query.after != nil && search.hasBeginning() ? [] : search.namesContaining()
        }
    }

    /// The CI an identity key points at.
    public func ci(withKey kind: String, value: String) async throws -> CIID? {
        try await read { db in
            let sql = """
                SELECT k.ci FROM identity_key k JOIN name n ON n.id = k.kind
                WHERE n.text = ? AND k.value = ? AND k.to_commit = 0
                """
            return try Int64.fetchOne(db.cachedStatement(sql: sql), arguments: [kind, value]).map { CIID($0) }
        }
    }
}

/// The ways to look for a text, each on an index but the last.
private struct CISearch {
    let query: CIQuery
    let db: Database

    private static let nameRange = "c.name COLLATE NOCASE >= :text AND c.name COLLATE NOCASE < :end"

    func all() throws -> [CIRecord] { try fetch("c.id > :after ORDER BY c.id") }

    func keysBeginning() throws -> [CIRecord] {
        try fetch(
            """
            c.id IN (
                SELECT ci FROM identity_key WHERE value >= :text AND value < :end AND to_commit = 0 LIMIT :limit)
            ORDER BY c.id
            """)
    }

    func namesBeginning() throws -> [CIRecord] {
        let behind = """
            (:after = 0 OR (c.name COLLATE NOCASE, c.id) > ((SELECT name FROM ci WHERE id = :after), :after))
            """
        return try fetch("\(CISearch.nameRange) AND \(behind) ORDER BY c.name COLLATE NOCASE, c.id")
    }

    func namesContaining() throws -> [CIRecord] {
        try fetch("c.id > :after AND instr(lower(c.name), lower(:text)) > 0 ORDER BY c.id")
    }

    /// Whether earlier pages were found by their beginning: then there is no page of what has the text inside.
    func hasBeginning() throws -> Bool {
        try !CISearch(
            query: CIQuery(text: query.text, className: query.className, states: query.states, limit: 1), db: db
        )
        .namesBeginning().isEmpty
    }

    private var end: String { query.text + "\u{10FFFF}" }

    private func fetch(_ condition: String) throws -> [CIRecord] {
        let states = query.states.map { String($0.code) }.sorted().joined(separator: ", ")
        var filter = "c.state IN (\(states))"
        if query.className != nil { filter += " AND c.class = (SELECT id FROM name WHERE text = :class)" }
        let sql = "SELECT \(CIRow.columns) FROM \(CIRow.tables) WHERE \(filter) AND \(condition) LIMIT :limit"
        let arguments: StatementArguments = [
            "text": query.text, "end": end, "class": query.className?.rawValue, "after": query.after?.rawValue ?? 0,
            "limit": query.limit,
        ]
        return try Row.fetchAll(db.cachedStatement(sql: sql), arguments: arguments).map(CIRow.record)
    }
}
