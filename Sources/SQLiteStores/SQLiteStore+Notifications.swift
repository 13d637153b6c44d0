import GRDB
import Model
import Stores

extension SQLiteStore {
    /// Inserts a notification or moves the one with its number; another with the same dedupe key is ignored.
    func applyNotification(_ change: NotificationChange, _ context: CommitContext) throws {
        let record =
            switch change {
            case .put(let record): record
            }
        try context.run(
            """
            INSERT INTO notification (id, dedupe_key, channel, incident, event, subject, body, state, attempts, next_ms,
                last_answer, created_ms, ended_ms)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET state = excluded.state, attempts = excluded.attempts,
                next_ms = excluded.next_ms, last_answer = excluded.last_answer, ended_ms = excluded.ended_ms
            ON CONFLICT (dedupe_key) DO NOTHING
            """,
            [
                record.id, record.dedupeKey, record.channel, record.incident, record.event, record.subject,
                record.body, record.state.rawValue, record.attempts, record.nextAttemptAt?.milliseconds,
                record.lastAnswer, record.createdAt.milliseconds, record.endedAt?.milliseconds,
            ])
    }
}

extension SQLiteStore: NotificationReading {
    /// Waiting ones that are due at `moment`, oldest first.
    public func dueNotifications(at moment: Timestamp, limit: Int) async throws -> [NotificationRecord] {
        try await notifications(
            "state = 'waiting' AND next_ms <= ? ORDER BY next_ms, id LIMIT ?", [moment.milliseconds, limit])
    }

    /// Waiting ones of one channel that are due at `moment`, oldest first.
    public func dueNotifications(
        at moment: Timestamp, channel: String, limit: Int
    ) async throws -> [NotificationRecord] {
        try await notifications(
            "state = 'waiting' AND channel = ? AND next_ms <= ? ORDER BY next_ms, id LIMIT ?",
            [channel, moment.milliseconds, limit])
    }

    /// When the next is due.
    public func nextNotificationDue() async throws -> Timestamp? {
        try await read { db in
            try Int64.fetchOne(db, sql: "SELECT min(next_ms) FROM notification WHERE state = 'waiting'")
                .map { Timestamp(milliseconds: $0) }
        }
    }

    /// Those of an incident, oldest first.
    public func notifications(ofIncident number: Int64) async throws -> [NotificationRecord] {
        try await notifications("incident = ? ORDER BY id", [number])
    }

    /// In which states the notifications of each of these incidents are.
    public func notificationStates(ofIncidents numbers: [Int64]) async throws -> [Int64: Set<NotificationState>] {
        guard !numbers.isEmpty else { return [:] }
        return try await read { db in
            let sql = """
                SELECT DISTINCT incident, state FROM notification
                WHERE incident IN (\(databaseQuestionMarks(count: numbers.count)))
                """
            let rows = try Row.fetchAll(db, sql: sql, arguments: StatementArguments(numbers))
            return try rows.reduce(into: [:]) { states, row in
                let state: NotificationState = try word(row, "state")
                states[row["incident"], default: []].insert(state)
            }
        }
    }

    /// `condition` is a text of this file; whatever comes from outside is an argument.
    private func notifications(
        _ condition: String, _ arguments: StatementArguments
    ) async throws -> [NotificationRecord] {
        try await read { db in
            let statement = try db.cachedStatement(sql: "SELECT * FROM notification WHERE \(condition)")
            return try Row.fetchAll(statement, arguments: arguments).map { try NotificationRecord(row: $0) }
        }
    }
}

extension NotificationRecord {
    fileprivate init(row: Row) throws {
        self.init(
            id: row["id"], dedupeKey: row["dedupe_key"], channel: row["channel"], incident: row["incident"],
            event: row["event"], subject: row["subject"], body: row["body"], state: try word(row, "state"),
            attempts: row["attempts"], nextAttemptAt: moment(row, "next_ms"), lastAnswer: row["last_answer"],
            createdAt: Timestamp(milliseconds: row["created_ms"]), endedAt: moment(row, "ended_ms"))
    }
}
