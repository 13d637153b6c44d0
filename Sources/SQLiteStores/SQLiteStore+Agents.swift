import GRDB
import Model
import Stores

extension SQLiteStore: AgentReading {
    /// The agent with this id.
    public func agent(_ id: String) async throws -> AgentRecord? {
        try await read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM agent WHERE id = ?", arguments: [id]).map(AgentRecord.init)
        }
    }

    /// Agents that match, in order of id.
    public func agents(_ query: AgentQuery) async throws -> [AgentRecord] {
        let standing =
            switch query.standing {
            case nil: ""
            case .heard: "AND revoked_reason IS NULL AND NOT silent"
            case .silent: "AND revoked_reason IS NULL AND silent"
            case .revoked: "AND revoked_reason IS NOT NULL"
            }
        let sql = """
            SELECT * FROM agent WHERE id > :after \(standing)
            AND (:text = '' OR instr(lower(hostname), lower(:text)) OR instr(lower(id), lower(:text)))
            ORDER BY id LIMIT :limit
            """
        let arguments: StatementArguments = [
            "after": query.after ?? "", "text": query.text, "limit": query.limit,
        ]
        return try await read { db in
            try Row.fetchAll(db.cachedStatement(sql: sql), arguments: arguments).map(AgentRecord.init)
        }
    }

    /// The certificates that were issued to an agent last, newest first.
    public func newestCertificates(of agent: String, limit: Int) async throws -> [CertificateRecord] {
        try await read { db in
            let sql = """
                SELECT serial, issued_ms, not_after_ms FROM certificate WHERE agent = ?
                ORDER BY issued_ms DESC, not_after_ms DESC LIMIT ?
                """
            return try Row.fetchAll(db, sql: sql, arguments: [agent, limit]).map { row in
                CertificateRecord(
                    serial: row["serial"], issuedAt: Timestamp(milliseconds: row["issued_ms"]),
                    notAfter: Timestamp(milliseconds: row["not_after_ms"]))
            }
        }
    }

    /// Those of `sequences` that were taken already.
    public func known(agent: String, epoch: UInt64, sequences: [UInt64]) async throws -> Set<UInt64> {
        try await read { db in
            var known: Set<UInt64> = []
            for sequence in sequences
            where try LedgerRanges.contains(agent: agent, epoch: epoch, sequence: sequence, db: db) {
                known.insert(sequence)
            }
            return known
        }
    }

    /// The ledger of every epoch of an agent, newest epoch first.
    public func ledger(of agent: String) async throws -> [LedgerRecord] {
        try await read { db in
            let epochs = try Row.fetchAll(
                db, sql: "SELECT * FROM agent_epoch WHERE agent = ? ORDER BY first_ms DESC, epoch", arguments: [agent])
            return try epochs.map { try SQLiteStore.ledgerRecord($0, agent: agent, db: db) }
        }
    }

    /// The newest receipt of each source of an agent.
    public func receipts(of agent: String) async throws -> [Receipt] {
        try await read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM receipt WHERE agent = ? ORDER BY source", arguments: [agent])
                .map(Receipt.init)
        }
    }

    /// nil when no token has this hash, else why it may not be used at `moment`, else `""`.
    public func tokenProblem(hash: String, at moment: Timestamp) async throws -> String? {
        try await read { db in
            let row = try Row.fetchOne(
                db, sql: "SELECT used_by, expires_ms FROM join_token WHERE hash = ?", arguments: [hash])
            guard let row else { return nil }
            if row["used_by"] as String? != nil { return "it was used already" }
            let expires = Timestamp(milliseconds: row["expires_ms"])
            return expires <= moment ? "it ended at \(expires.rfc3339)" : ""
        }
    }

    /// Whether the certificate was issued to the agent and the agent is not revoked.
    public func isAccepted(serial: String, agent: String) async throws -> Bool {
        try await read { db in
            try Bool.fetchOne(
                db,
                sql: """
                    SELECT agent.revoked_reason IS NULL FROM certificate JOIN agent ON agent.id = certificate.agent
                    WHERE certificate.serial = ? AND certificate.agent = ?
                    """, arguments: [serial, agent]) ?? false
        }
    }

    /// Name and scope of the API token that holds at `moment`.
    public func apiToken(hash: String, at moment: Timestamp) async throws -> (name: String, scope: String)? {
        try await read { db in
            try Row.fetchOne(
                db, sql: "SELECT name, scope FROM api_token WHERE hash = ? AND expires_ms > ?",
                arguments: [hash, moment.milliseconds]
            ).map { (name: $0["name"], scope: $0["scope"]) }
        }
    }

    private static func ledgerRecord(_ row: Row, agent: String, db: Database) throws -> LedgerRecord {
        let bits: Int64 = row["epoch"]
        let ranges: [(first: Int64, last: Int64)] = try Row.fetchAll(
            db, sql: "SELECT first, last FROM ledger_range WHERE agent = ? AND epoch = ?", arguments: [agent, bits]
        ).map { ($0["first"], $0["last"]) }
        let gaps: [(first: Int64, last: Int64, count: Int64)] = try Row.fetchAll(
            db, sql: "SELECT first, last, count FROM gap WHERE agent = ? AND epoch = ?", arguments: [agent, bits]
        ).map { ($0["first"], $0["last"], $0["count"]) }
        let taken = ranges.reduce(Int64(0)) { $0 + ($1.last - $1.first + 1) }
        let lost = LedgerHoles.lost(gaps: gaps, stored: ranges)
        let refused: Int64 = row["refused"]
        return LedgerRecord(
            agent: agent, epoch: UInt64(bitPattern: bits),
            enqueued: UInt64(clamping: row["enqueued"] as Int64),
            acknowledged: UInt64(clamping: row["acknowledged"] as Int64),
            stored: UInt64(clamping: taken - refused), refused: UInt64(clamping: refused),
            gaps: UInt64(clamping: lost), highest: UInt64(clamping: ranges.map(\.last).max() ?? 0))
    }
}

extension AgentRecord {
    init(_ row: Row) {
        self.init(
            id: row["id"], hostname: row["hostname"], version: row["version"],
            ci: (row["ci"] as Int64?).map { CIID($0) },
            heardAt: (row["heard_ms"] as Int64?).map { Timestamp(milliseconds: $0) },
            clockSkew: row["clock_skew_ms"], heartbeatSeconds: row["heartbeat_seconds"], isSilent: row["silent"],
            revokedReason: row["revoked_reason"], bootID: row["boot_id"],
            generation: UInt64(bitPattern: row["generation"] as Int64), policy: row["policy"],
            sweeps: (row["sweeps"] as String).split(separator: " ").map(String.init))
    }
}
