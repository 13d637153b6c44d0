import Model
import Synchronization

/// The time of alarms, incidents and notifications: wall time when the collector started, moved on by a monotonic clock.
///
/// A wall clock that jumps (NTP, a person, a resumed machine) therefore fires no timer and delays none; after a restart
/// the wall clock counts again.
public struct AlarmClock: Sendable {
    /// The moment now.
    public let now: @Sendable () -> Timestamp
    /// Waits.
    public let sleep: @Sendable (Duration) async throws -> Void

    /// A clock made of these two; tests pass their own.
    public init(
        now: @escaping @Sendable () -> Timestamp, sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.now = now
        self.sleep = sleep
    }

    /// Starts at `wall` and goes on by the machine's monotonic clock, which stands still while the machine sleeps.
    public static func steady(from wall: Timestamp) -> AlarmClock {
        let clock = SuspendingClock()
        let start = clock.now
        return AlarmClock(
            now: {
                let (seconds, attoseconds) = start.duration(to: clock.now).components
                let (sum, overflow) = wall.adding(seconds: seconds).milliseconds.addingReportingOverflow(
                    attoseconds / 1_000_000_000_000_000)
                return Timestamp(milliseconds: overflow ? .max : sum)
            },
            sleep: { try await clock.sleep(for: $0) })
    }

    /// Waits for `duration`, or less when the task is cancelled.
    func pause(_ duration: Duration) async { try? await sleep(duration) }
}
