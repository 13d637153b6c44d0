import GRDB
import Model
import Stores

extension SQLiteStore: AuditReading {
    /// Entries of the audit log, newest first, behind the one numbered `before`.
    public func auditEntries(before: Int64?, limit: Int) async throws -> [AuditRecord] {
        try await read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?",
                arguments: [before ?? .max, limit]
            ).map { row in
                AuditRecord(
                    id: row["id"], time: Timestamp(milliseconds: row["time_ms"]), who: row["who"],
                    action: row["action"], target: row["target"], detail: row["detail"])
            }
        }
    }

    /// Spans that an agent declared lost, newest first.
    public func gaps(of agent: String, limit: Int) async throws -> [GapRecord] {
        try await read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM gap WHERE agent = ? ORDER BY time_ms DESC, first DESC LIMIT ?",
                arguments: [agent, limit]
            ).map { row in
                GapRecord(
                    epoch: UInt64(bitPattern: row["epoch"] as Int64), first: UInt64(clamping: row["first"] as Int64),
                    last: UInt64(clamping: row["last"] as Int64), count: UInt64(clamping: row["count"] as Int64),
                    cause: row["cause"], time: Timestamp(milliseconds: row["time_ms"]))
            }
        }
    }

    /// Frames of an agent that were refused, newest first.
    public func refusals(of agent: String, limit: Int) async throws -> [RefusalRecord] {
        try await read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM refused_frame WHERE agent = ? ORDER BY time_ms DESC, sequence DESC LIMIT ?",
                arguments: [agent, limit]
            ).map { row in
                RefusalRecord(
                    epoch: UInt64(bitPattern: row["epoch"] as Int64),
                    sequence: UInt64(clamping: row["sequence"] as Int64), reason: row["reason"],
                    time: Timestamp(milliseconds: row["time_ms"]))
            }
        }
    }
}
