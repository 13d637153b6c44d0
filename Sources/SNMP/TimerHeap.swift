/// What waits for a moment. Timers are never taken back: a late one finds nothing to do.
enum Timer: Hashable {
    case retry(token: UInt64, serial: UInt64)
    case deadline(operation: UInt64)
    case sweep
}

/// The next timer first: a binary heap.
struct TimerHeap {
    private var entries: [(moment: Int64, timer: Timer)] = []

    var nextMoment: Int64? { entries.first?.moment }

    mutating func add(_ timer: Timer, at moment: Int64) {
        entries.append((moment, timer))
        var child = entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard entries[child].moment < entries[parent].moment else { break }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    mutating func takeDue(_ now: Int64) -> Timer? {
        guard let first = entries.first, first.moment <= now else { return nil }
        let last = entries.removeLast()
        if !entries.isEmpty {
            entries[0] = last
            sinkRoot()
        }
        return first.timer
    }

    private mutating func sinkRoot() {
        var parent = 0
        while true {
            let left = 2 * parent + 1
            let right = left + 1
            var smallest = parent
            if left < entries.count, entries[left].moment < entries[smallest].moment { smallest = left }
            if right < entries.count, entries[right].moment < entries[smallest].moment { smallest = right }
            if smallest == parent { return }
            entries.swapAt(parent, smallest)
            parent = smallest
        }
    }
}
