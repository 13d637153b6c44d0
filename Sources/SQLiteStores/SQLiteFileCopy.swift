import GRDB
import Stores

/// Copies an open database with SQLite's online backup, from one snapshot: writers go on meanwhile.
///
/// The source is read through a connection of this process, never by a copy of its files, which would miss what is in
/// the write-ahead log. Everything here blocks: call it on a thread of its own.
enum SQLiteFileCopy {
    /// Pages of 4 KiB copied between two reports of progress.
    private static let pagesPerStep: CInt = 2048

    /// Copies the database that `source` reads into a new file without a log beside it. `progress` is told the share
    /// that is copied, 0 to 1; when it throws, the copy ends with its error.
    static func copy(
        _ source: some DatabaseReader, to path: String, progress: @escaping @Sendable (Double) throws -> Void
    ) throws {
        let target = try DatabaseQueue(path: path, configuration: unlogged)
        defer { try? target.close() }
        try source.backup(to: target, pagesPerStep: pagesPerStep) { step in
            let copied = step.totalPageCount - step.remainingPageCount
            try progress(step.totalPageCount == 0 ? 1 : Double(copied) / Double(step.totalPageCount))
        }
        // The copied header says that there is a log; a backup is one file.
        try target.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA journal_mode = DELETE") }
    }

    /// Nothing is flushed on the way: who copies flushes the finished file, and an unfinished one is thrown away.
    private static var unlogged: Configuration {
        var configuration = Configuration()
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA synchronous = OFF")
            try db.execute(sql: "PRAGMA journal_mode = OFF")
        }
        return configuration
    }
}
