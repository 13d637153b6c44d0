import GRDB
import Model
import Stores

extension SQLiteStore {
    /// Replaces the newest result of one check of one agent, or forgets it.
    func applyCheck(_ change: CheckChange, _ context: CommitContext) throws {
        switch change {
        case .setResult(let agent, let ci, let result):
            try context.run(
                """
                INSERT INTO check_result (agent, name, ci, body, taken_ms) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET ci = excluded.ci, body = excluded.body, taken_ms = excluded.taken_ms
                """,
                [agent, result.check, ci.rawValue, try StoredJSON.encode(result), context.time.milliseconds])
        case .removeResult(let agent, let check):
            try context.run("DELETE FROM check_result WHERE agent = ? AND name = ?", [agent, check])
        }
    }

    /// The newest result of at most `limit` checks that speak for any of `cis`, by name.
    public func checks(of cis: Set<CIID>, limit: Int) async throws -> [CheckRecord] {
        guard !cis.isEmpty else { return [] }
        return try await read { db in
            let sql = """
                SELECT ci, agent, body, taken_ms FROM check_result
                WHERE ci IN (SELECT value FROM json_each(?)) ORDER BY name, agent LIMIT ?
                """
            let list = "[" + cis.map(\.description).joined(separator: ",") + "]"
            return try Row.fetchAll(db.cachedStatement(sql: sql), arguments: [list, limit]).map { row in
                CheckRecord(
                    ci: CIID(row[0]), agent: row[1], result: try StoredJSON.decode(CheckResult.self, row[2]),
                    takenAt: Timestamp(milliseconds: row[3]))
            }
        }
    }
}
