import GRDB

/// What agents find in networks, and the keys that tell one thing from another.
enum Migration0008Discovery {
    static func apply(_ db: Database) throws {
        for statement in statements { try db.execute(sql: statement) }
    }

    private static let statements = [
        """
        CREATE TABLE discovery (
            id INTEGER PRIMARY KEY,
            state TEXT NOT NULL,
            holder TEXT,
            version INTEGER NOT NULL,
            record TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX discovery_by_state ON discovery (state, id)",
        "CREATE INDEX discovery_by_holder ON discovery (holder, id) WHERE holder IS NOT NULL",
        """
        CREATE TABLE discovery_key (
            kind TEXT NOT NULL,
            value TEXT NOT NULL,
            discovery INTEGER NOT NULL,
            PRIMARY KEY (kind, value)
        ) WITHOUT ROWID, STRICT
        """,
        "CREATE INDEX discovery_key_by_discovery ON discovery_key (discovery)",
    ]
}
