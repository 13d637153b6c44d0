import GRDB

/// Requests that were sent with an Idempotency-Key.
enum Migration0005Idempotency {
    static func apply(_ db: Database) throws {
        for statement in statements { try db.execute(sql: statement) }
    }

    private static let statements = [
        """
        CREATE TABLE claimed_request (
            caller TEXT NOT NULL,
            key TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            made_ms INTEGER NOT NULL,
            expires_ms INTEGER NOT NULL,
            status INTEGER,
            body BLOB,
            PRIMARY KEY (caller, key)
        ) WITHOUT ROWID, STRICT
        """,
        "CREATE INDEX claimed_request_by_end ON claimed_request (expires_ms)",
    ]
}
