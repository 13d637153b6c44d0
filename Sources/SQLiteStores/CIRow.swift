import GRDB
import Model
import Stores

/// Rows of `ci` now or as of a commit.
enum CIRow {
    /// The columns ``record(_:)`` reads, from `ci c JOIN name n ON n.id = c.class`.
    static let columns = "c.id, n.text, c.name, c.state, c.parent, c.created, c.version, c.since"
    static let tables = "ci c JOIN name n ON n.id = c.class"

    static func record(_ row: Row) throws -> CIRecord {
        guard let state = CIState(code: row[3]) else {
            throw StoreError.unusable("CI \(row[0] as Int64) has a state of a newer version")
        }
        return CIRecord(
            id: CIID(row[0]), className: CIClass(rawValue: row[1]), name: row[2], state: state,
            parent: (row[4] as Int64?).map { CIID($0) }, created: CommitNumber(rawValue: row[5]), version: row[6])
    }

    /// The records of `rows` as they were at `asOf`; those made later are left out.
    static func records(_ rows: [Row], asOf: CommitNumber?, _ db: Database) throws -> [CIRecord] {
        guard let asOf else { return try rows.map(record) }
        return try rows.compactMap { row in
            let created: Int64 = row[5]
            let since: Int64 = row[7]
            guard created <= asOf.rawValue else { return nil }
            var found = try record(row)
            if since > asOf.rawValue { try rewind(&found, to: asOf, db) }
            return found
        }
    }

    static func find(_ id: CIID, asOf: CommitNumber?, _ db: Database) throws -> CIRecord? {
        let statement = try db.cachedStatement(sql: "SELECT \(columns) FROM \(tables) WHERE c.id = ?")
        return try records(Row.fetchAll(statement, arguments: [id.rawValue]), asOf: asOf, db).first
    }

    private static func rewind(_ record: inout CIRecord, to asOf: CommitNumber, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: "SELECT name, state FROM ci_past WHERE ci = ? AND to_commit > ? ORDER BY to_commit LIMIT 1")
        guard let past = try Row.fetchOne(statement, arguments: [record.id.rawValue, asOf.rawValue]),
            let state = CIState(code: past[1])
        else { return }
        record.name = past[0]
        record.state = state
    }
}
