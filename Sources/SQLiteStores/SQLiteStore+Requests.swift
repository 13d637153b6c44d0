import FoundationEssentials
import GRDB
import Model
import Stores

extension SQLiteStore: RequestReading {
    /// The claim of a key that holds at `moment`, with its answer where one was kept.
    public func claimedRequest(
        caller: String, key: String, at moment: Timestamp
    ) async throws -> (claim: RequestClaim, answer: KeptAnswer?)? {
        try await read { db in
            let sql = "SELECT * FROM claimed_request WHERE caller = ? AND key = ? AND expires_ms > ?"
            let arguments: StatementArguments = [caller, key, moment.milliseconds]
            guard let row = try Row.fetchOne(db.cachedStatement(sql: sql), arguments: arguments) else { return nil }
            let claim = RequestClaim(
                caller: caller, key: key, fingerprint: row["fingerprint"],
                expires: Timestamp(milliseconds: row["expires_ms"]))
            guard let status = row["status"] as Int?, let body = row["body"] as Data? else { return (claim, nil) }
            return (claim, KeptAnswer(status: status, body: Array(body)))
        }
    }

    func applyRequest(_ change: RequestChange, _ context: CommitContext) throws {
        switch change {
        case .claim(let claim, let limit): try put(claim, limit: limit, context)
        case .keep(let claim, let answer, let limit):
            try put(claim, limit: limit, context)
            try context.run(
                "UPDATE claimed_request SET status = ?, body = ? WHERE caller = ? AND key = ?",
                [answer.status, Data(answer.body), claim.caller, claim.key])
        }
    }

    private func put(_ claim: RequestClaim, limit: Int, _ context: CommitContext) throws {
        let now = context.time.milliseconds
        try context.run("DELETE FROM claimed_request WHERE expires_ms <= ?", [now])
        let stored = try context.one(
            String.self, "SELECT fingerprint FROM claimed_request WHERE caller = ? AND key = ?",
            [claim.caller, claim.key])
        if let stored {
            guard stored == claim.fingerprint else { throw StoreError.conflict("the key of another request") }
            return
        }
        try context.run(
            """
            INSERT INTO claimed_request (caller, key, fingerprint, made_ms, expires_ms) VALUES (?, ?, ?, ?, ?)
            """, [claim.caller, claim.key, claim.fingerprint, now, claim.expires.milliseconds])
        try context.run(
            """
            DELETE FROM claimed_request WHERE caller = ? AND key IN (
                SELECT key FROM claimed_request WHERE caller = ? AND key <> ? ORDER BY made_ms DESC, key LIMIT -1 OFFSET ?
            )
            """, [claim.caller, claim.caller, claim.key, max(limit - 1, 0)])
    }
}
