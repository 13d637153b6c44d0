import FoundationEssentials
import GRDB
import Model
import SQLiteStores
import Stores
import Testing

@Suite("SQLite: the file")
struct SQLiteStoreTests {
    private func directory() throws -> String {
        let path = FileManager.default.temporaryDirectory.path + "/muster-sqlite-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    @Test("C10: a second collector on the file is refused, and let in when the first is gone")
    func locked() async throws {
        let path = try directory() + "/muster.db"
        let first = try SQLiteStore(path: path)
        _ = try await first.reserveNumbers(1)
        #expect(throws: StoreError.inUse(path)) { try SQLiteStore(path: path) }
        try first.close()
        _ = try SQLiteStore(path: path)
    }

    @Test("C12: a file of a newer version is refused and left alone")
    func newer() throws {
        let path = try directory() + "/muster.db"
        _ = try SQLiteStore(path: path)
        let queue = try DatabaseQueue(path: path)
        try queue.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('9999-future')") }
        try queue.close()
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(throws: StoreError.newer(path)) { try SQLiteStore(path: path) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }

    @Test("a file that is no database is refused")
    func foreign() throws {
        let path = try directory() + "/muster.db"
        try Data(String(repeating: "not a database ", count: 500).utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: StoreError.self) { try SQLiteStore(path: path) }
    }

    @Test("what was committed is there after a restart, and numbers go on behind the last")
    func restart() async throws {
        let path = try directory() + "/muster.db"
        let store = try SQLiteStore(path: path)
        let given = try await store.reserveNumbers(10)
        var set = ChangeSet()
        set.cmdb = [.addCI(id: CIID(1), className: .host, name: "one", parent: nil)]
        set.events = [.ciCreated(ci: CIID(1), className: .host, name: "one")]
        let commit = try await store.commit(set)
        try store.close()
        let again = try SQLiteStore(path: path)
        #expect(try await again.ci(CIID(1), asOf: nil)?.name == "one")
        #expect(try await again.newestCursor() == FeedCursor(rawValue: 1))
        #expect(try await again.reserveNumbers(1).lowerBound >= given.upperBound)
        set.cmdb = [.setName(ci: CIID(1), name: "two")]
        let next = try await again.commit(set)
        #expect(next.rawValue == commit.rawValue + 1)
    }

    @Test("C2: the write-ahead log is on, every commit is flushed, foreign keys hold")
    func settings() async throws {
        let path = try directory() + "/muster.db"
        let store = try SQLiteStore(path: path)
        let pragmas = try await store.writerSettings()
        #expect(pragmas == ["journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"])
    }

    @Test("every table with history finds its rows by index")
    func plans() throws {
        let path = try directory() + "/muster.db"
        do { _ = try SQLiteStore(path: path) }
        let queue = try DatabaseQueue(path: path)
        let questions = [
            "SELECT * FROM relation WHERE source = 1 AND to_commit = 0",
            "SELECT * FROM relation WHERE target = 1 AND to_commit > 5",
            "SELECT * FROM attribute WHERE ci = 1 AND to_commit = 0",
            "SELECT * FROM item WHERE object = 1 AND section = 1 AND to_commit = 0",
            "SELECT * FROM feed_subject WHERE ci = 1 AND position < 9 ORDER BY position DESC",
            "SELECT id FROM ci WHERE name COLLATE NOCASE >= 'a' AND name COLLATE NOCASE < 'b'",
            "SELECT * FROM identity_key WHERE kind = 1 AND value = 'x' AND to_commit = 0",
        ]
        for question in questions {
            let plan = try queue.read { try Row.fetchAll($0, sql: "EXPLAIN QUERY PLAN \(question)") }
            let details = plan.map { $0["detail"] as String }
            #expect(details.allSatisfy { $0.hasPrefix("SEARCH") }, "\(question): \(details)")
        }
    }
}
