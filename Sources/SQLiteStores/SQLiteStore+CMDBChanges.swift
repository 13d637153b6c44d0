import GRDB
import Model
import Stores

extension SQLiteStore {
    /// Applies one change to the CMDB's tables.
    func applyCMDB(_ change: CMDBChange, _ context: CommitContext) throws {
        switch change {
        case .addSource(let id, let kind, let name):
            try context.run("INSERT INTO source (id, kind, name) VALUES (?, ?, ?)", [id, kind, name])
        case .addObject(let id, let source, let scope, let key, let className, let parent):
            try addObject(id, source, scope, key, className, parent, context)
        case .bind(let object, let ci): try bind(object, ci, context)
        case .addCI(let id, let className, let name, let parent): try addCI(id, className, name, parent, context)
        case .setState(let ci, let state): try setRow(ci, column: "state", state.code, context)
        case .setName(let ci, let name): try setRow(ci, column: "name", try checkedName(name), context)
        case .addKey(let kind, let value, let ci): try addKey(kind, value, ci, context)
        case .removeKey(let kind, let value):
            let kind = try context.interner.name(kind, context.db)
            try close("identity_key", "kind = ? AND value = ?", [kind, value], context)
        case .observe(let object, let attribute, let value): try observe(object, attribute, value, context)
        case .setAttribute(let ci, let attribute, let value, let object):
            try setAttribute(ci, attribute, value, object, context)
        case .setItem(let object, let section, let key, let attributes):
            try setItem(object, section, key, attributes, context)
        case .setSection(let object, let section, let digest, let isComplete, let claimedTime):
            try setSection(object, section, digest, isComplete, claimedTime, context)
        case .stagePart(let object, let section, let digest, let part, let parts, let items):
            try stagePart(object, section, digest, part, parts, items, context)
        case .dropParts(let object, let section):
            let section = try context.interner.name(section.rawValue, context.db)
            try context.run("DELETE FROM staged_part WHERE object = ? AND section = ?", [object, section])
        case .addRelation(let edge): try addRelation(edge, context)
        case .endRelation(let edge): try endRelation(edge, context)
        }
    }

    func expectCI(_ ci: CIID, version: Int64, _ context: CommitContext) throws {
        let found = try context.one(Int64.self, "SELECT version FROM ci WHERE id = ?", [ci.rawValue]) ?? 0
        guard found == version else { throw StoreError.conflict("CI \(ci)") }
    }

    func expectSection(object: Int64, section: SectionName, digest: String?, _ context: CommitContext) throws {
        let name = try context.interner.name(section.rawValue, context.db)
        let found = try context.one(
            String.self, "SELECT digest FROM section WHERE object = ? AND name = ?", [object, name])
        guard found == digest else { throw StoreError.conflict("section \(section.rawValue) of object \(object)") }
    }

    /// Ends the current row that `condition` names. A row begun in this same commit leaves no trace: the table's check
    /// refuses an empty interval, and the row is deleted instead.
    private func close(
        _ table: String, _ condition: String, _ arguments: StatementArguments, _ context: CommitContext
    ) throws {
        let number = context.number.rawValue
        do {
            try context.run(
                "UPDATE \(table) SET to_commit = ? WHERE \(condition) AND to_commit = 0", [number] + arguments)
        } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_CONSTRAINT_CHECK {
            try context.run("DELETE FROM \(table) WHERE \(condition) AND to_commit = 0", arguments)
        }
    }

    private func checkedName(_ name: String) throws -> String {
        guard name.utf8.count <= Limits.valueBytes else {
            throw StoreError.refused("a name of \(name.utf8.count) bytes; the limit is \(Limits.valueBytes)")
        }
        return name
    }

    private func addObject(
        _ id: Int64, _ source: Int64, _ scope: String, _ key: String, _ className: CIClass, _ parent: Int64?,
        _ context: CommitContext
    ) throws {
        let className = try context.interner.name(className.rawValue, context.db)
        try context.run(
            "INSERT INTO source_object (id, source, scope, key, class, parent) VALUES (?, ?, ?, ?, ?, ?)",
            [id, source, try checkedName(scope), try checkedName(key), className, parent])
    }

    private func bind(_ object: Int64, _ ci: CIID, _ context: CommitContext) throws {
        try close("binding", "object = ?", [object], context)
        try context.run(
            "INSERT INTO binding (object, to_commit, from_commit, ci) VALUES (?, 0, ?, ?)",
            [object, context.number.rawValue, ci.rawValue])
        try bumpVersion(ci, context)
    }

    private func addCI(
        _ id: CIID, _ className: CIClass, _ name: String, _ parent: CIID?, _ context: CommitContext
    ) throws {
        let className = try context.interner.name(className.rawValue, context.db)
        let number = context.number.rawValue
        try context.run(
            """
            INSERT INTO ci (id, class, name, state, parent, created, since, version) VALUES (?, ?, ?, 0, ?, ?, ?, 1)
            """,
            [id.rawValue, className, try checkedName(name), parent?.rawValue, number, number])
    }

    /// Changes name or state and keeps the row as it was, unless it was made in this same commit.
    private func setRow(
        _ ci: CIID, column: String, _ value: any DatabaseValueConvertible, _ context: CommitContext
    ) throws {
        let number = context.number.rawValue
        try context.run(
            """
            INSERT INTO ci_past (ci, to_commit, from_commit, name, state)
            SELECT id, ?, since, name, state FROM ci WHERE id = ? AND since < ?
            """, [number, ci.rawValue, number])
        try context.run(
            "UPDATE ci SET \(column) = ?, since = ?, version = version + 1 WHERE id = ?",
            [value, number, ci.rawValue])
        guard context.db.changesCount == 1 else { throw StoreError.notFound("CI \(ci)") }
    }

    private func bumpVersion(_ ci: CIID, _ context: CommitContext) throws {
        try context.run("UPDATE ci SET version = version + 1 WHERE id = ?", [ci.rawValue])
    }

    private func addKey(_ kind: String, _ value: String, _ ci: CIID, _ context: CommitContext) throws {
        let kind = try context.interner.name(kind, context.db)
        try context.run(
            "INSERT INTO identity_key (kind, value, to_commit, from_commit, ci) VALUES (?, ?, 0, ?, ?)",
            [kind, try checkedName(value), context.number.rawValue, ci.rawValue])
    }

    private func observe(
        _ object: Int64, _ attribute: String, _ value: AttributeValue?, _ context: CommitContext
    ) throws {
        let name = try context.interner.name(attribute, context.db)
        try close("observation", "object = ? AND name = ?", [object, name], context)
        // A statement that loses by precedence changes no record, and yet another decision may rest on it.
        try context.run(
            """
            UPDATE ci SET version = version + 1
            WHERE id = (SELECT ci FROM binding WHERE object = ? AND to_commit = 0)
            """, [object])
        guard let value else { return }
        try context.run(
            "INSERT INTO observation (object, to_commit, name, from_commit, value) VALUES (?, 0, ?, ?, ?)",
            [object, name, context.number.rawValue, try context.interner.value(StoredValue.encode(value), context.db)])
    }

    private func setAttribute(
        _ ci: CIID, _ attribute: String, _ value: AttributeValue?, _ object: Int64?, _ context: CommitContext
    ) throws {
        let name = try context.interner.name(attribute, context.db)
        try close("attribute", "ci = ? AND name = ?", [ci.rawValue, name], context)
        guard let value, let object else { return }
        try context.run(
            "INSERT INTO attribute (ci, to_commit, name, from_commit, value, object) VALUES (?, 0, ?, ?, ?, ?)",
            [
                ci.rawValue, name, context.number.rawValue,
                try context.interner.value(StoredValue.encode(value), context.db), object,
            ])
    }

    private func setItem(
        _ object: Int64, _ section: SectionName, _ key: String, _ attributes: [String: AttributeValue]?,
        _ context: CommitContext
    ) throws {
        let section = try context.interner.name(section.rawValue, context.db)
        let key = try context.interner.name(key, context.db)
        try close("item", "object = ? AND section = ? AND key = ?", [object, section, key], context)
        guard let attributes else { return }
        let value = try context.interner.value(StoredValue.encode(attributes), context.db)
        try context.run(
            "INSERT INTO item (object, section, to_commit, key, from_commit, value) VALUES (?, ?, 0, ?, ?, ?)",
            [object, section, key, context.number.rawValue, value])
    }

    private func setSection(
        _ object: Int64, _ section: SectionName, _ digest: String, _ isComplete: Bool, _ claimedTime: Timestamp,
        _ context: CommitContext
    ) throws {
        let name = try context.interner.name(section.rawValue, context.db)
        try context.run(
            """
            INSERT INTO section (object, name, digest, is_complete, claimed_ms, taken) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET digest = excluded.digest, is_complete = excluded.is_complete,
                claimed_ms = excluded.claimed_ms, taken = excluded.taken
            """,
            [object, name, digest, isComplete, claimedTime.milliseconds, context.number.rawValue])
    }

    private func stagePart(
        _ object: Int64, _ section: SectionName, _ digest: String, _ part: Int, _ parts: Int, _ items: [SectionItem],
        _ context: CommitContext
    ) throws {
        let section = try context.interner.name(section.rawValue, context.db)
        // A new digest makes the parts of an older one worthless; a repeat of a part replaces it.
        try context.run(
            "DELETE FROM staged_part WHERE object = ? AND section = ? AND (digest <> ? OR parts <> ?)",
            [object, section, digest, parts])
        try context.run(
            """
            INSERT OR REPLACE INTO staged_part (object, section, digest, part, parts, items)
            VALUES (?, ?, ?, ?, ?, ?)
            """, [object, section, digest, part, parts, try StoredJSON.encode(items)])
    }

    private func addRelation(_ edge: RelationEdge, _ context: CommitContext) throws {
        try context.run(
            """
            INSERT INTO relation (source, to_commit, kind, target, object, from_commit, confidence, evidence)
            VALUES (?, 0, ?, ?, ?, ?, ?, ?)
            """,
            [
                edge.source.rawValue, edge.kind.code, edge.target.rawValue, edge.object, context.number.rawValue,
                edge.confidence, edge.evidence?.code,
            ])
    }

    private func endRelation(_ edge: RelationEdge, _ context: CommitContext) throws {
        try close(
            "relation", "source = ? AND kind = ? AND target = ? AND object = ?",
            [edge.source.rawValue, edge.kind.code, edge.target.rawValue, edge.object], context)
    }
}
