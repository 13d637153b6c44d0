import Model
import Synchronization

/// The wall time that commits are stamped with while a year passes in minutes.
final class YearClock: Sendable {
    /// The first moment.
    static let start = Timestamp(seconds: 1_764_000_000)
    /// Seconds of a year.
    static let year: Int64 = 365 * 86_400
    private let moment = Mutex(YearClock.start)

    var now: Timestamp {
        get { moment.withLock { $0 } }
        set { moment.withLock { $0 = newValue } }
    }
}
