/// The books of one epoch: what was enqueued, what became of it.
public struct SpoolLedger: Hashable, Sendable {
    /// The epoch.
    public var epoch: UInt64
    /// Envelopes enqueued; the last sequence given.
    public var enqueued: UInt64 = 0
    /// Envelopes acknowledged by the collector.
    public var acknowledged: UInt64 = 0
    /// Envelopes dropped or lost and declared in gap records.
    public var dropped: UInt64 = 0
    /// Every sequence up to this one is acknowledged or declared.
    var settled: UInt64 = 0
    /// Lost spans behind ``settled`` that are declared already.
    var declared: [ClosedRange<UInt64>] = []
    /// Spans behind ``settled`` that are acknowledged already, because newer reports went ahead.
    var ahead: [ClosedRange<UInt64>] = []
    /// The first sequence that goes ahead of everything before it; nil when reports go in order.
    var freshFrom: UInt64?

    init(epoch: UInt64) { self.epoch = epoch }
}

/// The file `position`: the books, written after each acknowledgement and drop.
package struct SpoolPosition: Hashable {
    /// Seconds the agent has run in its life: age that no clock jump can change (threats M27).
    var activeSeconds: UInt64
    /// Epochs that still have records, oldest first; the last is the current one.
    var ledgers: [SpoolLedger]

    static let name = "position"
    private static let first = ["muster-position", "1"]

    func encoded() -> [UInt8] {
        var lines = [SpoolPosition.first, ["active", String(activeSeconds)]]
        for ledger in ledgers {
            let counts = [ledger.epoch, ledger.enqueued, ledger.acknowledged, ledger.dropped, ledger.settled]
            lines.append(["ledger"] + counts.map { String($0) })
            lines += ledger.declared.map { ["declared", String($0.lowerBound), String($0.upperBound)] }
            lines += ledger.ahead.map { ["ahead", String($0.lowerBound), String($0.upperBound)] }
            if let fresh = ledger.freshFrom { lines.append(["fresh", String(fresh)]) }
        }
        return SealedLines.encode(lines)
    }

    /// Reads the file; nil when it is not one.
    package static func decode(_ bytes: [UInt8]) -> SpoolPosition? {
        guard let lines = SealedLines.decode(bytes), lines.count >= 2, lines[0].map(String.init) == first,
            lines[1].count == 2, lines[1][0] == "active", let active = UInt64(lines[1][1])
        else { return nil }
        var position = SpoolPosition(activeSeconds: active, ledgers: [])
        for words in lines.dropFirst(2) {
            let numbers = words.dropFirst().compactMap { UInt64($0) }
            guard numbers.count == words.count - 1, position.take(words.first, numbers) else { return nil }
        }
        return position
    }

    private mutating func take(_ name: Substring?, _ numbers: [UInt64]) -> Bool {
        switch name {
        case "ledger" where numbers.count == 5:
            var ledger = SpoolLedger(epoch: numbers[0])
            ledger.enqueued = numbers[1]
            ledger.acknowledged = numbers[2]
            ledger.dropped = numbers[3]
            ledger.settled = numbers[4]
            ledgers.append(ledger)
            return true
        case "declared" where numbers.count == 2 && numbers[0] <= numbers[1] && !ledgers.isEmpty:
            ledgers[ledgers.count - 1].declared.append(numbers[0]...numbers[1])
            return true
        case "ahead" where numbers.count == 2 && numbers[0] <= numbers[1] && !ledgers.isEmpty:
            ledgers[ledgers.count - 1].ahead.append(numbers[0]...numbers[1])
            return true
        case "fresh" where numbers.count == 1 && !ledgers.isEmpty:
            ledgers[ledgers.count - 1].freshFrom = numbers[0]
            return true
        default: return false
        }
    }
}
