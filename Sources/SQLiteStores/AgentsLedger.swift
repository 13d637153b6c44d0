import GRDB
import Stores

/// The sequence numbers that were taken, as ranges without holes.
enum LedgerRanges {
    /// How many refused frames of one epoch are kept with their reasons; all are counted.
    static let refusedKept = 1000

    /// Makes the row of an epoch that was not heard of before.
    static func open(agent: String, epoch: UInt64, _ context: CommitContext) throws {
        guard try context.one(Int64.self, "SELECT 1 FROM agent WHERE id = ?", [agent]) != nil else {
            throw StoreError.notFound("agent \(agent)")
        }
        try context.run(
            "INSERT INTO agent_epoch (agent, epoch, first_ms) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            [agent, Int64(bitPattern: epoch), context.time.milliseconds])
    }

    /// Takes `sequence`; a conflict when it was taken before. Neighbouring ranges become one.
    static func add(agent: String, epoch: UInt64, sequence: UInt64, _ context: CommitContext) throws {
        guard let number = Int64(exactly: sequence), number > 0, number < .max else {
            throw StoreError.refused("sequence \(sequence) is outside 1 to 2^63-2")
        }
        let bits = Int64(bitPattern: epoch)
        let row = try Row.fetchOne(
            context.db.cachedStatement(
                sql: """
                    SELECT first, last FROM ledger_range WHERE agent = ? AND epoch = ? AND first <= ?
                    ORDER BY first DESC LIMIT 1
                    """), arguments: [agent, bits, number])
        let before: (first: Int64, last: Int64)? = row.map { ($0[0], $0[1]) }
        if let before, number <= before.last {
            throw StoreError.conflict("sequence \(sequence) of \(agent) is stored already")
        }
        let after = try context.one(
            Int64.self, "SELECT last FROM ledger_range WHERE agent = ? AND epoch = ? AND first = ?",
            [agent, bits, number + 1])
        if after != nil {
            try context.run(
                "DELETE FROM ledger_range WHERE agent = ? AND epoch = ? AND first = ?", [agent, bits, number + 1])
        }
        if let before, before.last == number - 1 {
            try context.run(
                "UPDATE ledger_range SET last = ? WHERE agent = ? AND epoch = ? AND first = ?",
                [after ?? number, agent, bits, before.first])
            return
        }
        if before == nil { try open(agent: agent, epoch: epoch, context) }
        try context.run(
            "INSERT INTO ledger_range (agent, epoch, first, last) VALUES (?, ?, ?, ?)",
            [agent, bits, number, after ?? number])
    }

    /// Takes `sequence` as refused: it is counted, and the reason is kept while there are not too many.
    static func refuse(
        agent: String, epoch: UInt64, sequence: UInt64, reason: String, _ context: CommitContext
    ) throws {
        try takeUnlessTaken(agent: agent, epoch: epoch, sequence: sequence, context)
        let bits = Int64(bitPattern: epoch)
        try context.run(
            "UPDATE agent_epoch SET refused = refused + 1 WHERE agent = ? AND epoch = ?", [agent, bits])
        let kept = try context.one(
            Int.self, "SELECT count(*) FROM refused_frame WHERE agent = ? AND epoch = ?", [agent, bits])
        guard kept ?? 0 < refusedKept else { return }
        try context.run(
            "INSERT INTO refused_frame (agent, epoch, sequence, reason, time_ms) VALUES (?, ?, ?, ?, ?)",
            [agent, bits, Int64(clamping: sequence), reason, context.time.milliseconds])
    }

    /// A decision may name a refused frame both as taken and as refused in one change set.
    private static func takeUnlessTaken(
        agent: String, epoch: UInt64, sequence: UInt64, _ context: CommitContext
    ) throws {
        let isTaken = try contains(
            agent: agent, epoch: epoch, sequence: sequence, db: context.db)
        let isRefused = try context.one(
            Int64.self, "SELECT 1 FROM refused_frame WHERE agent = ? AND epoch = ? AND sequence = ?",
            [agent, Int64(bitPattern: epoch), Int64(clamping: sequence)])
        guard isRefused == nil else {
            throw StoreError.conflict("sequence \(sequence) of \(agent) is refused already")
        }
        if !isTaken { try add(agent: agent, epoch: epoch, sequence: sequence, context) }
    }

    /// Whether `sequence` was taken.
    static func contains(agent: String, epoch: UInt64, sequence: UInt64, db: Database) throws -> Bool {
        guard let number = Int64(exactly: sequence) else { return false }
        let last = try Int64.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT last FROM ledger_range WHERE agent = ? AND epoch = ? AND first <= ?
                    ORDER BY first DESC LIMIT 1
                    """), arguments: [agent, Int64(bitPattern: epoch), number])
        return last.map { number <= $0 } ?? false
    }
}
