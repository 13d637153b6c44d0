import Wire

extension SpoolJournal {
    /// Whether more waits than one batch of these bounds holds.
    func waitsBeyond(bytes: Int, frames: Int) -> Bool {
        waitingBytes > Int64(bytes) || segments.reduce(0) { $0 + $1.entries.count } > frames
    }

    /// From now on what is enqueued is delivered before what waits already; ends by itself when that is delivered.
    ///
    /// The collector is told of each batch that was overtaken, so that old states do not replace new ones.
    func goAhead() {
        guard current.freshFrom == nil, !ledgers.isEmpty else { return }
        ledgers[ledgers.count - 1].freshFrom = current.enqueued &+ 1
        writePosition()
    }

    /// Whether something waits that others went ahead of.
    var hasOvertaken: Bool {
        let current = current
        return segments.contains { segment in
            segment.epoch != current.epoch && !segment.entries.isEmpty
                || segment.entries.first.map { $0.sequence < current.freshFrom ?? 0 } ?? false
        }
    }

    /// Whether newer reports than `frames` were acknowledged already.
    func isOvertaken(_ frames: [Frame], _ epoch: UInt64) -> Bool {
        guard let last = frames.last?.sequence, let place = ledgers.firstIndex(where: { $0.epoch == epoch }) else {
            return false
        }
        return ledgers[place].ahead.contains { $0.lowerBound > last }
            || ledgers[(place + 1)...].contains { $0.settled > 0 || !$0.ahead.isEmpty }
    }
}

/// What is left of `spans` without `taken`.
func remainder(_ spans: [ClosedRange<UInt64>], without taken: [ClosedRange<UInt64>]) -> [ClosedRange<UInt64>] {
    var left = spans
    for other in taken {
        left = left.flatMap { span -> [ClosedRange<UInt64>] in
            guard span.overlaps(other) else { return [span] }
            var parts: [ClosedRange<UInt64>] = []
            if span.lowerBound < other.lowerBound { parts.append(span.lowerBound...(other.lowerBound - 1)) }
            if span.upperBound > other.upperBound { parts.append((other.upperBound + 1)...span.upperBound) }
            return parts
        }
    }
    return left
}
