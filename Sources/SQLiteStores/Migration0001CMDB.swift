import GRDB

/// Tables of the CMDB, its history and the change feed; docs/decisions/0001-data-model.md explains each choice.
///
/// History is validity in commit numbers, `from_commit` ≤ T < `to_commit`. `to_commit` 0 means "still so": it takes no
/// byte in the file, keeps current rows together at the front of their owner, and as part of the primary key lets at
/// most one current row exist.
enum Migration0001CMDB {
    static func apply(_ db: Database) throws {
        for statement in clock + records + observations + graph + feed { try db.execute(sql: statement) }
    }

    private static let clock = [
        """
        CREATE TABLE commit_time (
            number INTEGER PRIMARY KEY,
            time_ms INTEGER NOT NULL
        )
        """,
        "CREATE INDEX commit_time_by_time ON commit_time (time_ms)",
        "CREATE TABLE number_block (next INTEGER NOT NULL)",
        "INSERT INTO number_block (next) VALUES (1)",
        "CREATE TABLE name (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE)",
        "CREATE TABLE value (id INTEGER PRIMARY KEY, body TEXT NOT NULL UNIQUE)",
    ]

    private static let records = [
        """
        CREATE TABLE ci (
            id INTEGER PRIMARY KEY,
            class INTEGER NOT NULL REFERENCES name (id),
            name TEXT NOT NULL,
            state INTEGER NOT NULL,
            parent INTEGER REFERENCES ci (id),
            created INTEGER NOT NULL,
            since INTEGER NOT NULL,
            version INTEGER NOT NULL
        )
        """,
        "CREATE INDEX ci_by_name ON ci (name COLLATE NOCASE)",
        "CREATE INDEX ci_by_class ON ci (class)",
        "CREATE INDEX ci_by_parent ON ci (parent) WHERE parent IS NOT NULL",
        """
        CREATE TABLE ci_past (
            ci INTEGER NOT NULL REFERENCES ci (id),
            to_commit INTEGER NOT NULL,
            from_commit INTEGER NOT NULL,
            name TEXT NOT NULL,
            state INTEGER NOT NULL,
            PRIMARY KEY (ci, to_commit),
            CHECK (to_commit > from_commit)
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE identity_key (
            kind INTEGER NOT NULL REFERENCES name (id),
            value TEXT NOT NULL,
            to_commit INTEGER NOT NULL,
            from_commit INTEGER NOT NULL,
            ci INTEGER NOT NULL REFERENCES ci (id),
            PRIMARY KEY (kind, value, to_commit),
            CHECK (to_commit = 0 OR to_commit > from_commit)
        ) WITHOUT ROWID
        """,
        "CREATE INDEX identity_key_by_ci ON identity_key (ci)",
        "CREATE INDEX identity_key_by_value ON identity_key (value) WHERE to_commit = 0",
        """
        CREATE TABLE attribute (
            ci INTEGER NOT NULL REFERENCES ci (id),
            to_commit INTEGER NOT NULL,
            name INTEGER NOT NULL REFERENCES name (id),
            from_commit INTEGER NOT NULL,
            value INTEGER NOT NULL REFERENCES value (id),
            object INTEGER NOT NULL REFERENCES source_object (id),
            PRIMARY KEY (ci, to_commit, name),
            CHECK (to_commit = 0 OR to_commit > from_commit)
        ) WITHOUT ROWID
        """,
    ]

    private static let observations = [
        """
        CREATE TABLE source (
            id INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            UNIQUE (kind, name)
        )
        """,
        """
        CREATE TABLE source_object (
            id INTEGER PRIMARY KEY,
            source INTEGER NOT NULL REFERENCES source (id),
            scope TEXT NOT NULL,
            key TEXT NOT NULL,
            class INTEGER NOT NULL REFERENCES name (id),
            parent INTEGER REFERENCES source_object (id),
            UNIQUE (source, scope, key)
        )
        """,
        """
        CREATE TABLE binding (
            object INTEGER NOT NULL REFERENCES source_object (id),
            to_commit INTEGER NOT NULL,
            from_commit INTEGER NOT NULL,
            ci INTEGER NOT NULL REFERENCES ci (id),
            PRIMARY KEY (object, to_commit),
            CHECK (to_commit = 0 OR to_commit > from_commit)
        ) WITHOUT ROWID
        """,
        "CREATE INDEX binding_by_ci ON binding (ci, to_commit)",
        """
        CREATE TABLE observation (
            object INTEGER NOT NULL REFERENCES source_object (id),
            to_commit INTEGER NOT NULL,
            name INTEGER NOT NULL REFERENCES name (id),
            from_commit INTEGER NOT NULL,
            value INTEGER NOT NULL REFERENCES value (id),
            PRIMARY KEY (object, to_commit, name),
            CHECK (to_commit = 0 OR to_commit > from_commit)
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE item (
            object INTEGER NOT NULL REFERENCES source_object (id),
            section INTEGER NOT NULL REFERENCES name (id),
            to_commit INTEGER NOT NULL,
            key INTEGER NOT NULL REFERENCES name (id),
            from_commit INTEGER NOT NULL,
            value INTEGER NOT NULL REFERENCES value (id),
            PRIMARY KEY (object, section, to_commit, key),
            CHECK (to_commit = 0 OR to_commit > from_commit)
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE section (
            object INTEGER NOT NULL REFERENCES source_object (id),
            name INTEGER NOT NULL REFERENCES name (id),
            digest TEXT NOT NULL,
            is_complete INTEGER NOT NULL,
            claimed_ms INTEGER NOT NULL,
            taken INTEGER NOT NULL,
            PRIMARY KEY (object, name)
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE staged_part (
            object INTEGER NOT NULL REFERENCES source_object (id),
            section INTEGER NOT NULL REFERENCES name (id),
            digest TEXT NOT NULL,
            part INTEGER NOT NULL,
            parts INTEGER NOT NULL,
            items BLOB NOT NULL,
            PRIMARY KEY (object, section, digest, part)
        )
        """,
        """
        CREATE TABLE check_result (
            agent TEXT NOT NULL,
            name TEXT NOT NULL,
            ci INTEGER NOT NULL REFERENCES ci (id),
            body TEXT NOT NULL,
            taken_ms INTEGER NOT NULL,
            PRIMARY KEY (agent, name)
        ) WITHOUT ROWID
        """,
        "CREATE INDEX check_result_by_ci ON check_result (ci)",
    ]

    private static let graph = [
        """
        CREATE TABLE relation (
            source INTEGER NOT NULL REFERENCES ci (id),
            to_commit INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            target INTEGER NOT NULL REFERENCES ci (id),
            object INTEGER NOT NULL REFERENCES source_object (id),
            from_commit INTEGER NOT NULL,
            confidence INTEGER NOT NULL,
            PRIMARY KEY (source, to_commit, kind, target, object),
            CHECK (to_commit = 0 OR to_commit > from_commit),
            CHECK (source <> target)
        ) WITHOUT ROWID
        """,
        // Holds every column, so it is the same table the other way round, and the engine keeps the two alike.
        """
        CREATE UNIQUE INDEX relation_reverse
        ON relation (target, to_commit, kind, source, object, from_commit, confidence)
        """,
        "CREATE INDEX relation_by_object ON relation (object, kind) WHERE to_commit = 0 AND kind >= 3",
    ]

    private static let feed = [
        """
        CREATE TABLE feed (
            position INTEGER PRIMARY KEY AUTOINCREMENT,
            commit_number INTEGER NOT NULL REFERENCES commit_time (number),
            event TEXT NOT NULL
        )
        """,
        """
        CREATE TABLE feed_subject (
            ci INTEGER NOT NULL,
            position INTEGER NOT NULL REFERENCES feed (position),
            PRIMARY KEY (ci, position)
        ) WITHOUT ROWID
        """,
        "CREATE TABLE feed_cursor (reader TEXT PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID",
    ]
}
