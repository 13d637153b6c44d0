import LinuxSystem
import Synchronization

/// Counts the listeners that stand; when all do, the service manager is told.
final class Readiness: Sendable {
    private let expected: Int
    private let standing = Mutex(0)

    /// Ready when `expected` listeners stand.
    init(expected: Int) { self.expected = expected }

    /// Whether all stand.
    var isReady: Bool { standing.withLock { $0 >= expected } }

    /// One more stands.
    func noteListener() {
        let isLast = standing.withLock { count in
            count += 1
            return count == expected
        }
        if isLast { ServiceManager.notify("READY=1") }
    }
}
