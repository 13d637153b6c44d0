import GRDB
import Stores

/// Sequence numbers that are in no range of the ledger and never will be.
enum LedgerHoles {
    /// The cause of gaps that the collector declares itself: acknowledged by a later state that a backup replaced.
    static let cause = "collector"

    /// Declares what is neither taken nor declared up to `through`.
    ///
    /// An agent's own gap record may still be on its way: while fewer are declared than it dropped, and no fewer taken
    /// than it saw acknowledged, nothing is said.
    static func declare(
        agent: String, epoch: UInt64, through: UInt64, acknowledged: UInt64, dropped: UInt64,
        _ context: CommitContext
    ) throws {
        guard let through = Int64(exactly: through), through > 0 else { return }
        let bits = Int64(bitPattern: epoch)
        let first = try Row.fetchOne(
            context.db.cachedStatement(
                sql: "SELECT first, last FROM ledger_range WHERE agent = ? AND epoch = ? ORDER BY first LIMIT 1"),
            arguments: [agent, bits])
        // Nearly always: nothing is missing.
        if let first, (first[0] as Int64) == 1, (first[1] as Int64) >= through { return }
        let ranges = try spans(
            "SELECT first, last FROM ledger_range WHERE agent = ? AND epoch = ?", agent, bits, context)
        let gaps = try spans(
            "SELECT first, last FROM gap WHERE agent = ? AND epoch = ? AND count = last - first + 1", agent, bits,
            context)
        let holes = without([1...through], joined(ranges + gaps))
        guard !holes.isEmpty else { return }
        let declared = try context.one(
            Int64.self, "SELECT sum(count) FROM gap WHERE agent = ? AND epoch = ? AND cause <> ?", [agent, bits, cause])
        let taken = ranges.reduce(Int64(0)) { $0 + Int64($1.count) }
        guard declared ?? 0 >= Int64(clamping: dropped) || taken < Int64(clamping: acknowledged) else { return }
        for hole in holes {
            try context.run(
                "INSERT INTO gap (agent, epoch, first, last, count, cause, time_ms) VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    agent, bits, hole.lowerBound, hole.upperBound, Int64(hole.count), cause, context.time.milliseconds,
                ])
        }
    }

    /// The agent's own word about a span takes the place of what the collector said of it.
    static func yield(agent: String, epoch: UInt64, first: UInt64, last: UInt64, _ context: CommitContext) throws {
        try context.run(
            "DELETE FROM gap WHERE agent = ? AND epoch = ? AND cause = ? AND first >= ? AND last <= ?",
            [agent, Int64(bitPattern: epoch), cause, Int64(clamping: first), Int64(clamping: last)])
    }

    /// How many are declared lost and not stored: a frame whose acknowledgement was lost may be stored here and declared
    /// lost there, and two records may speak of the same span.
    static func lost(
        gaps: [(first: Int64, last: Int64, count: Int64)], stored: [(first: Int64, last: Int64)]
    ) -> Int64 {
        let taken = joined(stored.filter { $0.first <= $0.last }.map { $0.first...$0.last })
        var whole: [ClosedRange<Int64>] = []
        var others: Int64 = 0
        for gap in gaps {
            let (width, overflow) = gap.last.subtractingReportingOverflow(gap.first)
            if !overflow, gap.first <= gap.last, width < .max, gap.count == width + 1 {
                whole.append(gap.first...gap.last)
            } else {
                let overlap = taken.reduce(Int64(0)) { sum, range in
                    sum + max(0, min(gap.last, range.upperBound) - max(gap.first, range.lowerBound) + 1)
                }
                others += max(0, gap.count - overlap)
            }
        }
        return without(joined(whole), taken).reduce(others) { $0 + ($1.upperBound - $1.lowerBound + 1) }
    }

    private static func spans(
        _ sql: String, _ agent: String, _ bits: Int64, _ context: CommitContext
    ) throws -> [ClosedRange<Int64>] {
        try Row.fetchAll(context.db.cachedStatement(sql: sql), arguments: [agent, bits]).compactMap { row in
            let (first, last): (Int64, Int64) = (row[0], row[1])
            return first <= last ? first...last : nil
        }
    }

    /// Spans in ascending order, those that overlap or touch as one.
    private static func joined(_ spans: [ClosedRange<Int64>]) -> [ClosedRange<Int64>] {
        spans.sorted { $0.lowerBound < $1.lowerBound }.reduce(into: []) { all, span in
            if let last = all.last, span.lowerBound - 1 <= last.upperBound {
                all[all.count - 1] = last.lowerBound...max(last.upperBound, span.upperBound)
            } else {
                all.append(span)
            }
        }
    }

    /// What is left of `spans` without `taken`; both ascending and disjoint.
    private static func without(
        _ spans: [ClosedRange<Int64>], _ taken: [ClosedRange<Int64>]
    ) -> [ClosedRange<Int64>] {
        var left: [ClosedRange<Int64>] = []
        for span in spans {
            var next = span.lowerBound
            for other in taken where other.upperBound >= next && other.lowerBound <= span.upperBound {
                if other.lowerBound > next { left.append(next...(other.lowerBound - 1)) }
                next = other.upperBound + 1
                if next > span.upperBound { break }
            }
            if next <= span.upperBound { left.append(next...span.upperBound) }
        }
        return left
    }
}
