import GRDB
import Model
import Stores

extension SQLiteStore {
    /// Replaces the newest result of one check of one agent.
    func applyCheck(_ change: CheckChange, _ context: CommitContext) throws {
        switch change {
        case .setResult(let agent, let ci, let result):
            try context.run(
                """
                INSERT INTO check_result (agent, name, ci, body, taken_ms) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET ci = excluded.ci, body = excluded.body, taken_ms = excluded.taken_ms
                """,
                [agent, result.check, ci.rawValue, try StoredJSON.encode(result), context.time.milliseconds])
        }
    }
}
