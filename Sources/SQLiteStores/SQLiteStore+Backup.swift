import GRDB
import Stores

/// What a database file of the main store holds.
public struct StoreContent: Hashable, Sendable {
    /// Names of the migrations that were applied, in their order.
    public var schema: [String]
    /// The number of the newest commit.
    public var commit: Int64

    /// What a file holds.
    public init(schema: [String], commit: Int64) {
        self.schema = schema
        self.commit = commit
    }
}

extension SQLiteStore {
    /// Names of all migrations this program knows, oldest first: the last one is the schema it writes.
    public static var knownSchema: [String] { Migrations.migrator.migrations }

    /// Copies the database as it is at one moment to the new file `path`; commits go on meanwhile.
    ///
    /// Blocks for as long as the copy takes: call it on a thread of its own. The log grows by what is committed
    /// meanwhile. `progress` is told the share that is copied, 0 to 1.
    public func copy(
        to path: String, progress: @escaping @Sendable (Double) throws -> Void
    ) throws -> StoreContent {
        do {
            try SQLiteFileCopy.copy(pool, to: path, progress: progress)
        } catch let error as DatabaseError {
            throw StoreError(error, path: path)
        }
        return try SQLiteStore.content(of: path)
    }

    /// Reads schema and newest commit of a database file that no collector has open, and checks every page of it.
    ///
    /// Throws `StoreError.unusable` when it is no database of a collector or damaged, `.newer` when a newer version
    /// wrote it.
    public static func content(of path: String) throws(StoreError) -> StoreContent {
        do {
            let queue = try DatabaseQueue(path: path)
            defer { try? queue.close() }
            return try queue.read { db in
                let problem = try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? "no answer"
                guard problem == "ok" else { throw StoreError.unusable("\(path) is damaged: \(problem)") }
                guard try !Migrations.migrator.hasBeenSuperseded(db) else { throw StoreError.newer(path) }
                let schema = try String.fetchAll(db, sql: "SELECT identifier FROM grdb_migrations ORDER BY rowid")
                let commit = try Int64.fetchOne(db, sql: "SELECT max(number) FROM commit_time") ?? 0
                return StoreContent(schema: schema, commit: commit)
            }
        } catch {
            throw StoreError(error, path: path)
        }
    }
}
