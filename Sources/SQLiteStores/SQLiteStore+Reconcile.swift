import GRDB
import Model
import Stores

extension SQLiteStore: ReconcileReading {
    /// All a decision about one section needs, in one read transaction.
    public func snapshot(for question: ReconcileQuestion) async throws -> ReconcileSnapshot {
        try await read { db in try SnapshotReader(db: db).snapshot(for: question) }
    }

    /// Adds statements, record, keys, speakers and children of a CI the subject was found to be.
    public func snapshot(of ci: CIID, into snapshot: ReconcileSnapshot) async throws -> ReconcileSnapshot {
        try await read { db in
            var extended = snapshot
            let reader = SnapshotReader(db: db)
            try reader.addFacts(about: ci, to: &extended)
            try reader.addChildren(of: ci, to: &extended)
            return extended
        }
    }

    /// Digest and completeness of a section as stored; nil when it never came.
    public func section(
        sourceKind: String, sourceName: String, scope: String, section: SectionName
    ) async throws -> (digest: String, isComplete: Bool)? {
        try await read { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT x.digest, x.is_complete FROM source s
                    JOIN source_object o ON o.source = s.id AND o.scope = ? AND o.key = ''
                    JOIN section x ON x.object = o.id AND x.name = (SELECT id FROM name WHERE text = ?)
                    WHERE s.kind = ? AND s.name = ?
                    """)
            let arguments: StatementArguments = [scope, section.rawValue, sourceKind, sourceName]
            return try Row.fetchOne(statement, arguments: arguments).map { ($0[0], $0[1]) }
        }
    }

    /// The object with this source, scope and key, bound or not.
    public func object(
        sourceKind: String, sourceName: String, scope: String, key: String
    ) async throws -> ObjectState? {
        try await read { db in
            let reader = SnapshotReader(db: db)
            guard let source = try reader.source(kind: sourceKind, name: sourceName) else { return nil }
            return try reader.object(source: source, scope: scope, key: key)
        }
    }

    /// The object with `key` beside `object`: of the same source and scope.
    public func child(of object: Int64, key: String) async throws -> ObjectState? {
        try await read { db in
            let sql = "SELECT source, scope FROM source_object WHERE id = ?"
            guard let row = try Row.fetchOne(db.cachedStatement(sql: sql), arguments: [object]) else { return nil }
            return try SnapshotReader(db: db).object(source: row[0], scope: row[1], key: key)
        }
    }

    /// The newest result of a check of an agent with the CI it was about.
    public func newestResult(agent: String, check: String) async throws -> (ci: CIID, result: CheckResult)? {
        try await read { db in
            let statement = try db.cachedStatement(
                sql: "SELECT ci, body FROM check_result WHERE agent = ? AND name = ?")
            return try Row.fetchOne(statement, arguments: [agent, check]).map { row in
                (CIID(row[0]), try StoredJSON.decode(CheckResult.self, row[1]))
            }
        }
    }

    /// The value of one attribute of every CI of a class inside `parent`.
    public func values(
        of attribute: String, in parent: CIID, className: CIClass
    ) async throws -> [CIID: AttributeValue] {
        try await read { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT c.id, v.body FROM ci c JOIN attribute a ON a.ci = c.id AND a.to_commit = 0
                    JOIN value v ON v.id = a.value
                    WHERE c.parent = ? AND c.class = (SELECT id FROM name WHERE text = ?)
                    AND a.name = (SELECT id FROM name WHERE text = ?)
                    """)
            var values: [CIID: AttributeValue] = [:]
            let arguments: StatementArguments = [parent.rawValue, className.rawValue, attribute]
            for row in try Row.fetchAll(statement, arguments: arguments) {
                values[CIID(row[0])] = try SQLiteStore.value(row[1])
            }
            return values
        }
    }
}

/// The statements that fill a snapshot.
private struct SnapshotReader {
    let db: Database

    func snapshot(for question: ReconcileQuestion) throws -> ReconcileSnapshot {
        var snapshot = ReconcileSnapshot()
        for key in question.keys { snapshot.owners[key] = try owner(of: key) }
        for owner in Set(snapshot.owners.values.map(\.id)) {
            snapshot.speakers[owner] = try speakers(of: owner)
            snapshot.keys[owner] = try keys(of: owner)
        }
        if question.hasDependents {
            for owner in Set(snapshot.owners.values.map(\.id)) { try addFacts(about: owner, to: &snapshot) }
        }
        guard let source = try source(kind: question.sourceKind, name: question.sourceName) else { return snapshot }
        snapshot.source = source
        guard let subject = try object(source: source, scope: question.scope, key: "") else { return snapshot }
        snapshot.subject = subject
        try addSection(question.section, of: subject.id, to: &snapshot)
        if let prefix = question.childPrefix {
            for child in try children(source: source, scope: question.scope, prefix: prefix) {
                snapshot.children[child.key] = child
                if question.hasDependents, let ci = child.ci?.id, snapshot.statements[ci] == nil {
                    try addFacts(about: ci, to: &snapshot)
                }
            }
        }
        guard let ci = subject.ci?.id else { return snapshot }
        try addFacts(about: ci, to: &snapshot)
        snapshot.hasChildren =
            try Int.fetchOne(
                db.cachedStatement(sql: "SELECT 1 FROM ci WHERE parent = ? LIMIT 1"), arguments: [ci.rawValue]) != nil
        if question.childPrefix != nil { try addChildren(of: ci, to: &snapshot) }
        return snapshot
    }

    func addFacts(about ci: CIID, to snapshot: inout ReconcileSnapshot) throws {
        snapshot.statements[ci] = try statements(about: ci)
        snapshot.records[ci] = try record(of: ci)
        snapshot.speakers[ci] = try speakers(of: ci)
        snapshot.keys[ci] = try keys(of: ci)
    }

    private func keys(of ci: CIID) throws -> Set<IdentityKey> {
        let statement = try db.cachedStatement(
            sql: """
                SELECT n.text, k.value FROM identity_key k JOIN name n ON n.id = k.kind
                WHERE k.ci = ? AND k.to_commit = 0
                """)
        return Set(try Row.fetchAll(statement, arguments: [ci.rawValue]).map { IdentityKey($0[0], $0[1]) })
    }

    func source(kind: String, name: String) throws -> Int64? {
        let sql = "SELECT id FROM source WHERE kind = ? AND name = ?"
        return try Int64.fetchOne(db.cachedStatement(sql: sql), arguments: [kind, name])
    }

    func object(source: Int64, scope: String, key: String) throws -> ObjectState? {
        let sql = "\(SnapshotReader.objects) WHERE o.source = ? AND o.scope = ? AND o.key = ?"
        return try Row.fetchOne(db.cachedStatement(sql: sql), arguments: [source, scope, key]).map(state)
    }

    private static let objects = """
        SELECT o.id, o.key, b.ci FROM source_object o LEFT JOIN binding b ON b.object = o.id AND b.to_commit = 0
        """

    private func state(_ row: Row) throws -> ObjectState {
        let ci: Int64? = row[2]
        return ObjectState(
            id: row[0], key: row[1], ci: try ci.flatMap { try CIRow.find(CIID($0), asOf: nil, db) })
    }

    private func children(source: Int64, scope: String, prefix: String) throws -> [ObjectState] {
        let sql = "\(SnapshotReader.objects) WHERE o.source = ? AND o.scope = ? AND o.key >= ? AND o.key < ?"
        let arguments: StatementArguments = [source, scope, prefix, prefix + "\u{10FFFF}"]
        return try Row.fetchAll(db.cachedStatement(sql: sql), arguments: arguments).map(state)
    }

    private func owner(of key: IdentityKey) throws -> CIRecord? {
        let sql = """
            SELECT k.ci FROM identity_key k JOIN name n ON n.id = k.kind
            WHERE n.text = ? AND k.value = ? AND k.to_commit = 0
            """
        let owner = try Int64.fetchOne(db.cachedStatement(sql: sql), arguments: [key.kind, key.value])
        return try owner.flatMap { try CIRow.find(CIID($0), asOf: nil, db) }
    }

    private func speakers(of ci: CIID) throws -> Set<String> {
        let sql = """
            SELECT s.kind || ':' || s.name FROM binding b JOIN source_object o ON o.id = b.object
            JOIN source s ON s.id = o.source WHERE b.ci = ? AND b.to_commit = 0
            """
        return Set(try String.fetchAll(db.cachedStatement(sql: sql), arguments: [ci.rawValue]))
    }

    private func addSection(_ section: SectionName, of object: Int64, to snapshot: inout ReconcileSnapshot) throws {
        let name = "(SELECT id FROM name WHERE text = ?)"
        let state = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT digest, is_complete FROM section WHERE object = ? AND name = \(name)"),
            arguments: [object, section.rawValue])
        snapshot.digest = state.map { $0[0] }
        snapshot.isComplete = state.map { $0[1] } ?? false
        let items = try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT k.text, v.body FROM item i JOIN name k ON k.id = i.key JOIN value v ON v.id = i.value
                    WHERE i.object = ? AND i.section = \(name) AND i.to_commit = 0
                    """), arguments: [object, section.rawValue])
        for row in items { snapshot.items[row[0]] = try SQLiteStore.itemAttributes(row[1]) }
        let parts = try Row.fetchAll(
            db.cachedStatement(
                sql: "SELECT part, items, digest FROM staged_part WHERE object = ? AND section = \(name)"),
            arguments: [object, section.rawValue])
        for row in parts {
            snapshot.parts[row[0]] = try StoredJSON.decode([SectionItem].self, row[1])
            snapshot.partsDigest = row[2]
        }
    }

    func addChildren(of ci: CIID, to snapshot: inout ReconcileSnapshot) throws {
        let sql = "SELECT \(CIRow.columns) FROM \(CIRow.tables) WHERE c.parent = ?"
        let rows = try Row.fetchAll(db.cachedStatement(sql: sql), arguments: [ci.rawValue])
        snapshot.childCIs = try rows.map(CIRow.record)
        for child in snapshot.childCIs {
            snapshot.statements[child.id] = try statements(about: child.id)
            snapshot.records[child.id] = try record(of: child.id)
        }
    }

    private func statements(about ci: CIID) throws -> [StatedValue] {
        let sql = """
            SELECT o.object, s.kind, n.text, v.body, o.from_commit FROM binding b
            JOIN observation o ON o.object = b.object AND o.to_commit = 0
            JOIN name n ON n.id = o.name JOIN value v ON v.id = o.value
            JOIN source_object x ON x.id = o.object JOIN source s ON s.id = x.source
            WHERE b.ci = ? AND b.to_commit = 0
            """
        return try Row.fetchAll(db.cachedStatement(sql: sql), arguments: [ci.rawValue]).map { row in
            StatedValue(
                object: row[0], sourceKind: row[1], attribute: row[2], value: try SQLiteStore.value(row[3]),
                since: CommitNumber(rawValue: row[4]))
        }
    }

    private func record(of ci: CIID) throws -> [String: RecordedValue] {
        let sql = """
            SELECT n.text, v.body, a.object FROM attribute a JOIN name n ON n.id = a.name JOIN value v ON v.id = a.value
            WHERE a.ci = ? AND a.to_commit = 0
            """
        var record: [String: RecordedValue] = [:]
        for row in try Row.fetchAll(db.cachedStatement(sql: sql), arguments: [ci.rawValue]) {
            record[row[0]] = RecordedValue(value: try SQLiteStore.value(row[1]), object: row[2])
        }
        return record
    }
}
