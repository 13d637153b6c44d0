import GRDB
import Model
import Stores

extension SQLiteStore: DoctorReading {
    /// Every channel with something waiting, or given up since `moment`.
    public func channelStandings(since moment: Timestamp) async throws -> [ChannelStanding] {
        try await read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT channel, sum(state = 'waiting') AS waiting, sum(state = 'waiting' AND attempts > 0) AS tried,
                        sum(state = 'failed') AS failed,
                        coalesce((SELECT last_answer FROM notification n WHERE n.channel = notification.channel
                            AND n.last_answer <> '' AND (n.state = 'failed' OR n.state = 'waiting')
                            ORDER BY n.id DESC LIMIT 1), '') AS answer
                    FROM notification WHERE state = 'waiting' OR (state = 'failed' AND ended_ms >= ?)
                    GROUP BY channel ORDER BY channel
                    """, arguments: [moment.milliseconds]
            ).map {
                ChannelStanding(
                    channel: $0["channel"], waiting: $0["waiting"], tried: $0["tried"], failed: $0["failed"],
                    lastAnswer: $0["answer"])
            }
        }
    }

    /// Agents whose newest certificate ends before `moment`.
    public func agentCertificates(endingBefore moment: Timestamp, limit: Int) async throws -> [AgentFigure] {
        try await figures(
            """
            SELECT agent.id, agent.hostname, max(certificate.not_after_ms) AS value, '' AS note
            FROM certificate JOIN agent ON agent.id = certificate.agent WHERE agent.revoked_reason IS NULL
            GROUP BY agent.id HAVING value < ? ORDER BY value, agent.id LIMIT ?
            """, [moment.milliseconds, limit])
    }

    /// Agents that told of envelopes waiting in their newest epoch.
    public func agentQueues(atLeast least: Int, limit: Int) async throws -> [AgentFigure] {
        // The newest epoch only: what an earlier one still had is in the spool of a host that lost its state, or gone.
        try await figures(
            """
            SELECT agent.id, agent.hostname, e.enqueued - e.acknowledged - e.dropped AS value, '' AS note
            FROM agent JOIN agent_epoch e ON e.agent = agent.id
            WHERE agent.revoked_reason IS NULL AND value >= ?
                AND e.first_ms = (SELECT max(first_ms) FROM agent_epoch WHERE agent = agent.id)
            ORDER BY value DESC, agent.id LIMIT ?
            """, [least, limit])
    }

    /// Agents that declared envelopes lost since `moment`.
    public func declaredLosses(since moment: Timestamp, limit: Int) async throws -> [AgentFigure] {
        try await figures(
            """
            SELECT agent.id, agent.hostname, sum(gap.count) AS value,
                (SELECT cause FROM gap g WHERE g.agent = agent.id ORDER BY time_ms DESC LIMIT 1) AS note
            FROM gap JOIN agent ON agent.id = gap.agent
            WHERE agent.revoked_reason IS NULL AND gap.time_ms >= ?
            GROUP BY agent.id HAVING value > 0 ORDER BY value DESC, agent.id LIMIT ?
            """, [moment.milliseconds, limit])
    }

    /// Agents whose clock is away from the collector's.
    public func skewedAgents(atLeast milliseconds: Int64, limit: Int) async throws -> [AgentFigure] {
        try await figures(
            """
            SELECT id, hostname, clock_skew_ms AS value, '' AS note FROM agent
            WHERE revoked_reason IS NULL AND heard_ms IS NOT NULL AND abs(clock_skew_ms) >= ?
            ORDER BY abs(clock_skew_ms) DESC, id LIMIT ?
            """, [milliseconds, limit])
    }

    /// How many agents are revoked.
    public func revokedAgents() async throws -> Int {
        try await read { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM agent WHERE revoked_reason IS NOT NULL") ?? 0
        }
    }

    private func figures(_ sql: String, _ arguments: StatementArguments) async throws -> [AgentFigure] {
        try await read { db in
            try Row.fetchAll(db.cachedStatement(sql: sql), arguments: arguments).map {
                AgentFigure(agent: $0["id"], hostname: $0["hostname"], value: $0["value"], note: $0["note"])
            }
        }
    }
}
