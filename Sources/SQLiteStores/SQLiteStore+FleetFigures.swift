import GRDB
import Model
import Stores

extension SQLiteStore: FleetFigureReading {
    /// How much there is of everything now.
    public func fleetCounts() async throws -> FleetCounts {
        try await read { db in
            var counts = FleetCounts()
            let classes = try Row.fetchAll(
                db,
                sql: """
                    SELECT name.text AS class, count(*) AS count FROM ci JOIN name ON name.id = ci.class
                    WHERE ci.state = ? GROUP BY ci.class
                    """, arguments: [CIState.active.code])
            for row in classes { counts.activeCIs[CIClass(rawValue: row["class"])] = row["count"] }
            let alarms = try Row.fetchAll(
                db,
                sql: """
                    SELECT severity, count(*) AS count FROM alarm WHERE state IN ('firing', 'acknowledged')
                    GROUP BY severity
                    """)
            for row in alarms {
                if let severity = Severity(rawValue: row["severity"]) { counts.firing[severity] = row["count"] }
            }
            let incidents = try Row.fetchAll(db, sql: "SELECT state, count(*) AS count FROM incident GROUP BY state")
            for row in incidents {
                if let state = IncidentState(rawValue: row["state"]) { counts.incidents[state] = row["count"] }
            }
            let agents = try Row.fetchOne(
                db,
                sql: """
                    SELECT count(*) AS count, coalesce(sum(silent), 0) AS silent FROM agent
                    WHERE revoked_reason IS NULL
                    """)
            counts.agents = agents?["count"] ?? 0
            counts.silentAgents = agents?["silent"] ?? 0
            return counts
        }
    }

    /// Agents that are silent and not revoked, the longest silent first.
    public func silentAgents(limit: Int) async throws -> [AgentRecord] {
        try await read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM agent WHERE silent AND revoked_reason IS NULL ORDER BY heard_ms, id LIMIT ?
                    """, arguments: [limit]
            ).map(AgentRecord.init)
        }
    }

    /// The newest receipts that say failure or incomplete work, of agents that are not revoked.
    public func failedReceipts(limit: Int) async throws -> [(agent: String, hostname: String, receipt: Receipt)] {
        try await read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT receipt.*, agent.hostname FROM receipt JOIN agent ON agent.id = receipt.agent
                    WHERE receipt.outcome IN ('failure', 'truncated') AND agent.revoked_reason IS NULL
                    ORDER BY receipt.time_ms DESC, receipt.agent, receipt.source LIMIT ?
                    """, arguments: [limit]
            ).map { row in
                (agent: row["agent"], hostname: row["hostname"], receipt: Receipt(row))
            }
        }
    }

    /// How many of the newest entries of the audit log are looked at for doubts.
    private static let doubtsLooked = 2000

    /// Active CIs of which a key pointed at another CI and was not followed, the newest first.
    public func identityDoubts(limit: Int) async throws -> [IdentityDoubt] {
        try await read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT max(id) AS newest, time_ms, detail, CAST(substr(target, 4) AS INTEGER) AS ci
                    FROM (SELECT * FROM audit ORDER BY id DESC LIMIT ?)
                    WHERE action = 'identity-held' AND target LIKE 'ci:%'
                    GROUP BY target ORDER BY newest DESC
                    """, arguments: [Self.doubtsLooked])
            var doubts: [IdentityDoubt] = []
            for row in rows where doubts.count < limit {
                guard let ci = try CIRow.find(CIID(row["ci"]), asOf: nil, db), ci.state == .active else { continue }
                doubts.append(
                    IdentityDoubt(ci: ci, detail: row["detail"], time: Timestamp(milliseconds: row["time_ms"])))
            }
            return doubts
        }
    }
}

extension Receipt {
    init(_ row: Row) {
        self.init(
            source: row["source"], outcome: ReceiptOutcome(rawValue: row["outcome"]) ?? .failure,
            found: row["found"], milliseconds: row["milliseconds"], message: row["message"])
    }
}
