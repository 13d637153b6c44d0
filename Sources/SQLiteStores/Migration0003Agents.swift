import GRDB

/// Tables of agents, tokens, certificates, ledger, receipts and the audit log.
///
/// Sequence numbers that were taken are kept as ranges: one row per agent and epoch as long as none is missing, one
/// more per hole, so the ledger is exact and does not grow with the reports. 64-bit numbers from outside (epochs) are
/// kept as their bit pattern.
enum Migration0003Agents {
    static func apply(_ db: Database) throws {
        for statement in statements { try db.execute(sql: statement) }
    }

    private static let statements = [
        """
        CREATE TABLE agent (
            id TEXT PRIMARY KEY NOT NULL,
            hostname TEXT NOT NULL,
            machine_id TEXT NOT NULL,
            version TEXT NOT NULL,
            created_ms INTEGER NOT NULL,
            ci INTEGER,
            heard_ms INTEGER,
            clock_skew_ms INTEGER NOT NULL DEFAULT 0,
            heartbeat_seconds INTEGER NOT NULL DEFAULT 60,
            silent INTEGER NOT NULL DEFAULT 0,
            revoked_reason TEXT,
            boot_id TEXT NOT NULL DEFAULT '',
            generation INTEGER NOT NULL DEFAULT 0
        ) WITHOUT ROWID, STRICT
        """,
        """
        CREATE TABLE join_token (
            hash TEXT PRIMARY KEY NOT NULL,
            created_ms INTEGER NOT NULL,
            expires_ms INTEGER NOT NULL,
            note TEXT NOT NULL,
            made_by TEXT NOT NULL,
            used_by TEXT,
            used_ms INTEGER
        ) WITHOUT ROWID, STRICT
        """,
        """
        CREATE TABLE certificate (
            serial TEXT PRIMARY KEY NOT NULL,
            agent TEXT NOT NULL REFERENCES agent (id),
            issued_ms INTEGER NOT NULL,
            not_after_ms INTEGER NOT NULL
        ) WITHOUT ROWID, STRICT
        """,
        """
        CREATE TABLE agent_epoch (
            agent TEXT NOT NULL REFERENCES agent (id),
            epoch INTEGER NOT NULL,
            first_ms INTEGER NOT NULL,
            enqueued INTEGER NOT NULL DEFAULT 0,
            acknowledged INTEGER NOT NULL DEFAULT 0,
            dropped INTEGER NOT NULL DEFAULT 0,
            refused INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (agent, epoch)
        ) WITHOUT ROWID, STRICT
        """,
        """
        CREATE TABLE ledger_range (
            agent TEXT NOT NULL,
            epoch INTEGER NOT NULL,
            first INTEGER NOT NULL,
            last INTEGER NOT NULL,
            PRIMARY KEY (agent, epoch, first),
            FOREIGN KEY (agent, epoch) REFERENCES agent_epoch (agent, epoch)
        ) WITHOUT ROWID, STRICT
        """,
        """
        CREATE TABLE refused_frame (
            agent TEXT NOT NULL,
            epoch INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            reason TEXT NOT NULL,
            time_ms INTEGER NOT NULL,
            PRIMARY KEY (agent, epoch, sequence),
            FOREIGN KEY (agent, epoch) REFERENCES agent_epoch (agent, epoch)
        ) WITHOUT ROWID, STRICT
        """,
        """
        CREATE TABLE gap (
            agent TEXT NOT NULL REFERENCES agent (id),
            epoch INTEGER NOT NULL,
            first INTEGER NOT NULL,
            last INTEGER NOT NULL,
            count INTEGER NOT NULL,
            cause TEXT NOT NULL,
            time_ms INTEGER NOT NULL,
            PRIMARY KEY (agent, epoch, first, last)
        ) WITHOUT ROWID, STRICT
        """,
        """
        CREATE TABLE receipt (
            agent TEXT NOT NULL REFERENCES agent (id),
            source TEXT NOT NULL,
            outcome TEXT NOT NULL,
            found INTEGER NOT NULL,
            milliseconds INTEGER NOT NULL,
            message TEXT NOT NULL,
            time_ms INTEGER NOT NULL,
            PRIMARY KEY (agent, source)
        ) WITHOUT ROWID, STRICT
        """,
        """
        CREATE TABLE api_token (
            hash TEXT PRIMARY KEY NOT NULL,
            name TEXT NOT NULL UNIQUE,
            scope TEXT NOT NULL,
            created_ms INTEGER NOT NULL,
            expires_ms INTEGER NOT NULL
        ) WITHOUT ROWID, STRICT
        """,
        """
        CREATE TABLE audit (
            id INTEGER PRIMARY KEY,
            time_ms INTEGER NOT NULL,
            who TEXT NOT NULL,
            action TEXT NOT NULL,
            target TEXT NOT NULL,
            detail TEXT NOT NULL
        ) STRICT
        """,
    ]
}
