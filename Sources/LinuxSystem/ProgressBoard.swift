import Synchronization

/// The main loops of a program, each with the moment by which it must be heard of again.
///
/// Time is that of a clock that stands still while the machine sleeps: nobody is late after a suspend.
public final class ProgressBoard: Sendable {
    private struct Loop {
        var name: String
        var due: SuspendingClock.Instant?
    }

    private let loops = Mutex<[Loop]>([])
    private let now: @Sendable () -> SuspendingClock.Instant

    /// A board without loops; tests pass their own clock.
    public init(now: @escaping @Sendable () -> SuspendingClock.Instant = { SuspendingClock().now }) {
        self.now = now
    }

    /// A place for one more loop, which rests until it says otherwise.
    public func pulse(_ name: String) -> Pulse {
        loops.withLock { loops in
            loops.append(Loop(name: name, due: nil))
            return Pulse(board: self, number: loops.count - 1)
        }
    }

    /// The names of the loops that are overdue.
    public var stuck: [String] {
        let now = now()
        return loops.withLock { loops in loops.filter { loop in loop.due.map { $0 < now } ?? false }.map(\.name) }
    }

    fileprivate func set(_ number: Int, within span: Duration?) {
        let due = span.map { now() + $0 }
        loops.withLock { loops in
            if loops.indices.contains(number) { loops[number].due = due }
        }
    }
}

/// What one loop says of itself.
public struct Pulse: Sendable {
    fileprivate let board: ProgressBoard?
    fileprivate let number: Int

    /// A pulse that nobody watches.
    public static let unwatched = Pulse(board: nil, number: 0)

    /// The loop works or sleeps now and will say something again within `span`.
    public func expect(within span: Duration) { board?.set(number, within: span) }

    /// The loop waits for an event that may never come.
    public func rest() { board?.set(number, within: nil) }
}
