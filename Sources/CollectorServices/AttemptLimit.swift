import Model
import Synchronization

/// Counts attempts per caller in a window of one minute, so that guessing is slow; bounded in memory.
public final class AttemptLimit: Sendable {
    private struct Window {
        var start: Timestamp
        var count: Int
    }

    private let perMinute: Int
    private let callersKept: Int
    private let windows = Mutex<[String: Window]>([:])

    /// At most `perMinute` attempts of one caller; of more than `callersKept` callers the oldest are forgotten.
    public init(perMinute: Int, callersKept: Int = 10_000) {
        self.perMinute = perMinute
        self.callersKept = callersKept
    }

    /// Counts an attempt; nil when it may go on, else the seconds to wait.
    public func attempt(by caller: String, at now: Timestamp) -> Int? {
        windows.withLock { windows in
            if windows.count >= callersKept {
                windows = windows.filter { now.milliseconds(since: $0.value.start) < 60_000 }
                if windows.count >= callersKept { windows.removeAll() }
            }
            var window = windows[caller] ?? Window(start: now, count: 0)
            let age = now.milliseconds(since: window.start)
            if age >= 60_000 || age < 0 { window = Window(start: now, count: 0) }
            window.count = min(window.count + 1, perMinute + 1)
            windows[caller] = window
            return window.count > perMinute ? Int(max(1, (60_000 - max(age, 0)) / 1000)) : nil
        }
    }
}
