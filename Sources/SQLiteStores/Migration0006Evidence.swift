import GRDB

/// What a derived edge rests on, beside each edge.
enum Migration0006Evidence {
    static func apply(_ db: Database) throws {
        for statement in statements { try db.execute(sql: statement) }
    }

    private static let statements = [
        "ALTER TABLE relation ADD COLUMN evidence INTEGER",
        // The index holds every column, so that no question has to look into the table as well.
        "DROP INDEX relation_reverse",
        """
        CREATE UNIQUE INDEX relation_reverse
        ON relation (target, to_commit, kind, source, object, from_commit, confidence, evidence)
        """,
    ]
}
