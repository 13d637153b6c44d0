import GRDB
import Glibc
import Model
import Stores

extension SQLiteStore: StoreFigureReading {
    /// Figures of one moment.
    public func storeFigures() async throws -> StoreFigures {
        var figures = try await read { db in
            var figures = StoreFigures()
            try SQLiteStore.countAgents(into: &figures, db)
            for (state, count) in try SQLiteStore.counts("SELECT state, count(*) FROM alarm GROUP BY state", db) {
                if let state = AlarmState(rawValue: state) { figures.alarms[state] = count }
            }
            for (state, count) in try SQLiteStore.counts("SELECT state, count(*) FROM incident GROUP BY state", db) {
                if let state = IncidentState(rawValue: state) { figures.incidents[state] = count }
            }
            for (state, count) in try SQLiteStore.counts(
                "SELECT state, count(*) FROM notification GROUP BY state", db)
            {
                if let state = NotificationState(rawValue: state) { figures.notifications[state] = count }
            }
            for (reader, position) in try SQLiteStore.counts("SELECT reader, position FROM feed_cursor", db) {
                figures.readers[FeedReader(rawValue: reader)] = FeedCursor(rawValue: position)
            }
            return figures
        }
        figures.newest = try await newestCursor()
        figures.databaseBytes = SQLiteStore.bytes(of: pool.path)
        figures.logBytes = SQLiteStore.bytes(of: pool.path + "-wal")
        figures.waitingCommits = commits.waiting
        return figures
    }

    private static func countAgents(into figures: inout StoreFigures, _ db: Database) throws {
        let sql = """
            SELECT CASE WHEN revoked_reason IS NOT NULL THEN 'revoked' WHEN silent THEN 'silent'
                WHEN heard_ms IS NULL THEN 'new' ELSE 'live' END AS state, count(*) FROM agent GROUP BY 1
            """
        let counts = Dictionary(try counts(sql, db)) { first, _ in first }
        figures.revokedAgents = counts["revoked"] ?? 0
        figures.silentAgents = counts["silent"] ?? 0
        figures.newAgents = counts["new"] ?? 0
        figures.liveAgents = counts["live"] ?? 0
    }

    private static func counts(_ sql: String, _ db: Database) throws -> [(String, Int64)] {
        try Row.fetchAll(db.cachedStatement(sql: sql)).map { ($0[0], $0[1]) }
    }

    private static func bytes(of path: String) -> Int64 {
        var status = stat()
        return lstat(path, &status) == 0 ? Int64(status.st_size) : 0
    }
}
