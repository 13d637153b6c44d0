import GRDB
import Model
import Stores

extension SQLiteStore {
    /// Applies one change to agents, tokens, certificates, ledger, receipts or the audit log.
    func applyAgent(_ change: AgentChange, _ context: CommitContext) throws {
        switch change {
        case .addToken, .useToken, .addAPIToken, .audit: try applyAccess(change, context)
        case .ledger(let agent, let epoch, let sequence):
            try LedgerRanges.add(agent: agent, epoch: epoch, sequence: sequence, context)
        case .refused(let agent, let epoch, let sequence, let reason):
            try LedgerRanges.refuse(agent: agent, epoch: epoch, sequence: sequence, reason: reason, context)
        case .settled(let agent, let epoch, let through, let acknowledged, let dropped):
            try LedgerHoles.declare(
                agent: agent, epoch: epoch, through: through, acknowledged: acknowledged, dropped: dropped, context)
        case .gap, .setCounters, .receipt: try applyAccount(change, context)
        default: try applyIdentity(change, context)
        }
    }

    private func applyIdentity(_ change: AgentChange, _ context: CommitContext) throws {
        switch change {
        case .addAgent(let id, let hostname, let machineID, let version):
            try context.run(
                "INSERT INTO agent (id, hostname, machine_id, version, created_ms) VALUES (?, ?, ?, ?, ?)",
                [id, hostname, machineID, version, context.time.milliseconds])
        case .addCertificate(let serial, let agent, let notAfter):
            try context.run(
                "INSERT INTO certificate (serial, agent, issued_ms, not_after_ms) VALUES (?, ?, ?, ?)",
                [serial, agent, context.time.milliseconds, notAfter.milliseconds])
        case .revoke(let agent, let reason, let by):
            try update(agent, "UPDATE agent SET revoked_reason = ? WHERE id = ?", [reason, agent], context)
            try audit(who: by, action: "agent.revoke", target: agent, detail: reason, context)
        case .setHost(let agent, let ci):
            try update(agent, "UPDATE agent SET ci = ? WHERE id = ?", [ci.rawValue, agent], context)
        case .setStatus(let agent, let version, let bootID, let generation, let heartbeatSeconds):
            try update(
                agent,
                "UPDATE agent SET version = ?, boot_id = ?, generation = ?, heartbeat_seconds = ? WHERE id = ?",
                [version, bootID, Int64(bitPattern: generation), heartbeatSeconds, agent], context)
        case .setPolicy(let agent, let tag, let sweeps):
            try update(
                agent, "UPDATE agent SET policy = ?, sweeps = ? WHERE id = ?",
                [tag, sweeps.joined(separator: " "), agent], context)
        case .heard(let agent, let moment, let clockSkew):
            try update(
                agent, "UPDATE agent SET heard_ms = ?, clock_skew_ms = ? WHERE id = ?",
                [moment.milliseconds, clockSkew, agent], context)
        case .setSilent(let agent, let silent):
            try update(agent, "UPDATE agent SET silent = ? WHERE id = ?", [silent, agent], context)
        default: break
        }
    }

    private func applyAccess(_ change: AgentChange, _ context: CommitContext) throws {
        switch change {
        case .addToken(let hash, let expires, let note, let by):
            try context.run(
                "INSERT INTO join_token (hash, created_ms, expires_ms, note, made_by) VALUES (?, ?, ?, ?, ?)",
                [hash, context.time.milliseconds, expires.milliseconds, note, by])
        case .useToken(let hash, let agent):
            // One winner in a race: the writer is one connection, and the second update finds nothing to change.
            try context.run(
                "UPDATE join_token SET used_by = ?, used_ms = ? WHERE hash = ? AND used_by IS NULL AND expires_ms > ?",
                [agent, context.time.milliseconds, hash, context.time.milliseconds])
            guard context.db.changesCount == 1 else { throw StoreError.conflict("the join token is used or ended") }
        case .addAPIToken(let hash, let name, let scope, let expires):
            try context.run(
                "INSERT INTO api_token (hash, name, scope, created_ms, expires_ms) VALUES (?, ?, ?, ?, ?)",
                [hash, name, scope, context.time.milliseconds, expires.milliseconds])
        case .audit(let who, let action, let target, let detail):
            try audit(who: who, action: action, target: target, detail: detail, context)
        default: break
        }
    }

    private func applyAccount(_ change: AgentChange, _ context: CommitContext) throws {
        switch change {
        case .setCounters(let agent, let epoch, let enqueued, let acknowledged, let dropped):
            try LedgerRanges.open(agent: agent, epoch: epoch, context)
            try context.run(
                "UPDATE agent_epoch SET enqueued = ?, acknowledged = ?, dropped = ? WHERE agent = ? AND epoch = ?",
                [
                    Int64(clamping: enqueued), Int64(clamping: acknowledged), Int64(clamping: dropped), agent,
                    Int64(bitPattern: epoch),
                ])
        case .gap(let agent, let epoch, let first, let last, let count, let cause):
            try LedgerHoles.yield(agent: agent, epoch: epoch, first: first, last: last, context)
            try context.run(
                """
                INSERT INTO gap (agent, epoch, first, last, count, cause, time_ms) VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                """,
                [
                    agent, Int64(bitPattern: epoch), Int64(clamping: first), Int64(clamping: last),
                    Int64(clamping: count), cause, context.time.milliseconds,
                ])
        case .receipt(let agent, let receipt):
            try context.run(
                """
                INSERT INTO receipt (agent, source, outcome, found, milliseconds, message, time_ms)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (agent, source) DO UPDATE SET outcome = excluded.outcome, found = excluded.found,
                    milliseconds = excluded.milliseconds, message = excluded.message, time_ms = excluded.time_ms
                """,
                [
                    agent, receipt.source, receipt.outcome.rawValue, receipt.found, receipt.milliseconds,
                    receipt.message, context.time.milliseconds,
                ])
        default: break
        }
    }

    private func audit(
        who: String, action: String, target: String, detail: String, _ context: CommitContext
    ) throws {
        try context.run(
            "INSERT INTO audit (time_ms, who, action, target, detail) VALUES (?, ?, ?, ?, ?)",
            [context.time.milliseconds, who, action, target, detail])
    }

    private func update(
        _ agent: String, _ sql: String, _ arguments: StatementArguments, _ context: CommitContext
    ) throws {
        try context.run(sql, arguments)
        guard context.db.changesCount == 1 else { throw StoreError.notFound("agent \(agent)") }
    }
}
