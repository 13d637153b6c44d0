import GRDB

/// Which policy an agent has in force.
enum Migration0007Policy {
    static func apply(_ db: Database) throws {
        try db.execute(sql: "ALTER TABLE agent ADD COLUMN policy TEXT NOT NULL DEFAULT ''")
    }
}
