import GRDB
import Model
import Stores

extension SQLiteStore {
    /// Applies one change to what was found.
    func applyDiscovery(_ change: DiscoveryChange, _ context: CommitContext) throws {
        switch change {
        case .put(let record, let keys):
            try context.run(
                """
                INSERT INTO discovery (id, state, holder, device, version, record) VALUES (?, ?, ?, ?, 1, ?)
                ON CONFLICT (id) DO UPDATE SET state = excluded.state, holder = excluded.holder,
                    device = excluded.device, record = excluded.record, version = version + 1
                """,
                [record.id, record.state.rawValue, record.holder, record.device, try StoredJSON.encode(record)])
            try context.run("DELETE FROM discovery_key WHERE discovery = ?", [record.id])
            for key in keys {
                // An address or a name passes to who has it now.
                try context.run(
                    "INSERT OR REPLACE INTO discovery_key (kind, value, discovery) VALUES (?, ?, ?)",
                    [key.kind, key.value, record.id])
            }
        case .remove(let id):
            try context.run("DELETE FROM discovery_key WHERE discovery = ?", [id])
            try context.run("DELETE FROM discovery WHERE id = ?", [id])
        }
    }

    /// Refuses with a conflict unless the finding stands at `version`; 0 means there is none.
    func expectDiscovery(_ id: Int64, version: Int64, _ context: CommitContext) throws {
        let stored = try context.one(Int64.self, "SELECT version FROM discovery WHERE id = ?", [id])
        guard stored ?? 0 == version else { throw StoreError.conflict("discovery \(id)") }
    }
}

extension SQLiteStore: DiscoveryReading {
    /// What has this number.
    public func discovery(id: Int64) async throws -> DiscoveryRecord? {
        try await discoveries("id = ?", [id]).first
    }

    /// Findings that match, newest first.
    public func discoveries(_ query: DiscoveryQuery) async throws -> [DiscoveryRecord] {
        let names = query.states.map(\.rawValue).sorted()
        let marks = databaseQuestionMarks(count: names.count)
        return try await discoveries(
            "state IN (\(marks)) AND id < ? ORDER BY id DESC LIMIT ?",
            StatementArguments(names) + [query.after ?? Int64.max, query.limit])
    }

    /// Whom each of some keys belongs to.
    public func discoveries(withKeys keys: [IdentityKey]) async throws -> [IdentityKey: DiscoveryRecord] {
        try await read { db in
            var found: [IdentityKey: DiscoveryRecord] = [:]
            let sql = """
                SELECT d.* FROM discovery_key k JOIN discovery d ON d.id = k.discovery WHERE k.kind = ? AND k.value = ?
                """
            for key in keys {
                let row = try Row.fetchOne(db.cachedStatement(sql: sql), arguments: [key.kind, key.value])
                found[key] = try row.map(DiscoveryRecord.init(row:))
            }
            return found
        }
    }

    /// Accepted ones that an agent probes, in order of number.
    public func discoveries(heldBy agent: String) async throws -> [DiscoveryRecord] {
        try await discoveries("holder = ? ORDER BY id", [agent]).filter { $0.state == .accepted }
    }

    /// Accepted ones that are probed under a name, in order of number.
    public func discoveries(probedAs device: String) async throws -> [DiscoveryRecord] {
        try await discoveries("device = ? ORDER BY id", [device]).filter { $0.state == .accepted }
    }

    /// How many are in each state.
    public func discoveryCounts() async throws -> [DiscoveryState: Int] {
        try await read { db in
            var counts: [DiscoveryState: Int] = [:]
            for row in try Row.fetchAll(db, sql: "SELECT state, count(*) AS found FROM discovery GROUP BY state") {
                counts[try word(row, "state")] = row["found"]
            }
            return counts
        }
    }

    /// `condition` is a text of this file; whatever comes from outside is an argument.
    private func discoveries(_ condition: String, _ arguments: StatementArguments) async throws -> [DiscoveryRecord] {
        try await read { db in
            let statement = try db.cachedStatement(sql: "SELECT * FROM discovery WHERE \(condition)")
            return try Row.fetchAll(statement, arguments: arguments).map { try DiscoveryRecord(row: $0) }
        }
    }
}

extension DiscoveryRecord {
    fileprivate init(row: Row) throws {
        self = try StoredJSON.decode(DiscoveryRecord.self, row["record"])
        version = row["version"]
    }
}
