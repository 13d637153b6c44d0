import GRDB
import Stores

extension SQLiteStore: StoreProbing {
    /// Takes the write lock and gives it back: a writer that stopped, a read-only file and a foreign lock show; a full
    /// disk shows with the first commit.
    public func checkWritable() async throws {
        if let error = commits.stopped { throw error }
        try await write { db in
            try db.inTransaction(.immediate) { .rollback }
        }
    }
}
