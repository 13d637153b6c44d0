import GRDB
import Model
import Stores

extension SQLiteStore: FeedReading {
    /// At most `limit` entries behind `cursor`, in order, none skipped: positions are given by the one writer inside
    /// the commit, so a reader never sees a later one before an earlier one.
    public func entries(after cursor: FeedCursor, limit: Int) async throws -> [FeedEntry] {
        try await read { db in
            let sql = """
                SELECT position, commit_number, time_ms, event FROM feed JOIN commit_time ON number = commit_number
                WHERE position > ? ORDER BY position LIMIT ?
                """
            return try FeedRow.entries(db, sql, [cursor.rawValue, limit])
        }
    }

    /// The cursor a reader committed last; `.start` if it never did.
    public func cursor(of reader: FeedReader) async throws -> FeedCursor {
        try await read { db in
            let sql = "SELECT position FROM feed_cursor WHERE reader = ?"
            return FeedCursor(rawValue: try Int64.fetchOne(db, sql: sql, arguments: [reader.rawValue]) ?? 0)
        }
    }

    /// The position of the newest committed entry.
    public func newestCursor() async throws -> FeedCursor { waiters.newest }

    /// Returns when there is an entry behind `cursor`, or when the task is cancelled.
    public func waitForEntries(after cursor: FeedCursor) async throws { await waiters.wait(after: cursor.rawValue) }

    /// Writes an event and under which CIs it is found: those it names and what they lie inside.
    func appendEvent(_ event: FeedEvent, _ context: CommitContext) throws {
        try context.run(
            "INSERT INTO feed (commit_number, event) VALUES (?, ?)",
            [context.number.rawValue, try StoredJSON.encode(event)])
        let position = context.db.lastInsertedRowID
        for ci in event.subjects {
            try context.run(
                "INSERT OR IGNORE INTO feed_subject (ci, position) VALUES (?, ?)", [ci.rawValue, position])
            try context.run(
                """
                INSERT OR IGNORE INTO feed_subject (ci, position)
                SELECT parent, ? FROM ci WHERE id = ? AND parent IS NOT NULL
                """, [position, ci.rawValue])
        }
    }

    func applyCursor(_ reader: FeedReader, _ cursor: FeedCursor, _ context: CommitContext) throws {
        try context.run(
            """
            INSERT INTO feed_cursor (reader, position) VALUES (?, ?)
            ON CONFLICT DO UPDATE SET position = excluded.position
            """, [reader.rawValue, cursor.rawValue])
    }

    func expectCursor(_ reader: FeedReader, _ cursor: FeedCursor, _ context: CommitContext) throws {
        let sql = "SELECT position FROM feed_cursor WHERE reader = ?"
        let found = try context.one(Int64.self, sql, [reader.rawValue]) ?? 0
        guard found == cursor.rawValue else { throw StoreError.conflict("feed reader \(reader.rawValue)") }
    }
}

/// Rows of the feed as entries.
enum FeedRow {
    static func entries(_ db: Database, _ sql: String, _ arguments: StatementArguments) throws -> [FeedEntry] {
        try Row.fetchAll(db.cachedStatement(sql: sql), arguments: arguments).map { row in
            FeedEntry(
                cursor: FeedCursor(rawValue: row[0]), commit: CommitNumber(rawValue: row[1]),
                time: Timestamp(milliseconds: row[2]), event: try StoredJSON.decode(FeedEvent.self, row[3]))
        }
    }
}
