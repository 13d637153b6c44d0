import GRDB

/// Users, sessions and sign-in links.
enum Migration0004Accounts {
    static func apply(_ db: Database) throws {
        for statement in statements { try db.execute(sql: statement) }
    }

    private static let statements = [
        """
        CREATE TABLE user (
            name TEXT PRIMARY KEY NOT NULL,
            role TEXT NOT NULL,
            password_hash TEXT,
            language TEXT,
            disabled INTEGER NOT NULL DEFAULT 0,
            created_ms INTEGER NOT NULL,
            signed_in_ms INTEGER
        ) WITHOUT ROWID, STRICT
        """,
        """
        CREATE TABLE session (
            hash TEXT PRIMARY KEY NOT NULL,
            user TEXT NOT NULL REFERENCES user (name),
            created_ms INTEGER NOT NULL,
            seen_ms INTEGER NOT NULL,
            expires_ms INTEGER NOT NULL
        ) WITHOUT ROWID, STRICT
        """,
        "CREATE INDEX session_by_user ON session (user)",
        "CREATE INDEX session_by_end ON session (expires_ms)",
        """
        CREATE TABLE sign_in_link (
            hash TEXT PRIMARY KEY NOT NULL,
            user TEXT NOT NULL REFERENCES user (name),
            expires_ms INTEGER NOT NULL,
            used_ms INTEGER
        ) WITHOUT ROWID, STRICT
        """,
    ]
}
