import GRDB
import Glibc
import Model
import Stores
import Synchronization

/// The collector's store in one SQLite file: write-ahead log, `synchronous=FULL`, one writer, many readers.
///
/// Change sets of many callers share one transaction and one fsync (`SQLiteStore+Commit.swift`); each domain's rows are
/// applied and read in the file named after it (`SQLiteStore+Alarms.swift` …).
public final class SQLiteStore: Sendable {
    let pool: DatabasePool
    let interner = Interner()
    let commits = CommitQueue()
    let waiters = FeedWaiters()
    let numbers = NumberBlock()
    let now: @Sendable () -> Timestamp
    private let lock: StoreLock

    /// Opens or creates the store at `path` and brings its schema up to date.
    ///
    /// Throws `StoreError.inUse` when another process has it open, `.unusable` when it is damaged or foreign, `.newer`
    /// when a newer version wrote it, `.unwritable` when it cannot be written. `now` gives the wall time
    /// that commits are stamped with.
    public init(path: String, now: @escaping @Sendable () -> Timestamp = SQLiteStore.wallTime) throws(StoreError) {
        self.now = now
        lock = try StoreLock(beside: path)
        do {
            try SQLiteStore.refuseNewer(path)
            pool = try DatabasePool(path: path, configuration: SQLiteStore.configuration)
            try SQLiteStore.prepare(pool, path: path)
            try commits.load(pool)
            try waiters.load(pool)
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// Ends what is under way, closes the file and lets the next collector in; nothing may be asked afterwards.
    public func close() throws(StoreError) {
        do { try pool.close() } catch { throw StoreError(error, path: pool.path) }
        lock.release()
    }

    /// The wall clock in milliseconds.
    @Sendable public static func wallTime() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// Reads in one snapshot of the database, on a reader's connection.
    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do {
            return try await pool.read(body)
        } catch let error as DatabaseError {
            throw StoreError(error, path: pool.path)
        }
    }

    /// Runs `body` on the writer's connection outside any change set: counters and maintenance only.
    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            pool.asyncWriteWithoutTransaction { db in
                do {
                    continuation.resume(returning: try body(db))
                } catch {
                    continuation.resume(throwing: StoreError(error, path: self.pool.path))
                }
            }
        }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.maximumReaderCount = 6
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA cache_size = -8192")
        }
        return configuration
    }

    /// Looks before anything can write: a connection that may write would carry a log over into the file, and might
    /// change the file's form. `.newer` when this program does not know a migration that was applied.
    private static func refuseNewer(_ path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0, status.st_size > 0 else { return }
        var configuration = Configuration()
        configuration.readonly = true
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            defer { try? queue.close() }
            if try queue.read(Migrations.migrator.hasBeenSuperseded) { throw StoreError.newer(path) }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_READONLY {
            // Killed before its first commit: a journal must be rolled back first, which only a writer may.
        }
    }

    private static func prepare(_ pool: DatabasePool, path: String) throws {
        if try pool.read(Migrations.migrator.hasBeenSuperseded) { throw StoreError.newer(path) }
        try pool.writeWithoutTransaction { db in
            // Set here, because the library sets NORMAL when it switches the write-ahead log on; NORMAL loses
            // acknowledged commits at a power cut (docs/decisions/0001-data-model.md).
            try db.execute(sql: "PRAGMA synchronous = FULL")
            try db.execute(sql: "PRAGMA cache_size = -65536")
            // 64 MiB of log before it is carried over: pages that change again meanwhile are carried over once.
            try db.execute(sql: "PRAGMA wal_autocheckpoint = 16000")
            try db.execute(sql: "PRAGMA journal_size_limit = 268435456")
        }
        try Migrations.migrator.migrate(pool)
    }
}

extension SQLiteStore {
    /// How the writer's connection is set: what durability and integrity rest on, for tests and diagnosis.
    public func writerSettings() async throws -> [String: String] {
        try await write { db in
            var settings: [String: String] = [:]
            for name in ["journal_mode", "synchronous", "foreign_keys"] {
                settings[name] = try String.fetchOne(db, sql: "PRAGMA \(name)")
            }
            return settings
        }
    }
}
