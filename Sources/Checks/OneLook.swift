import LinuxSystem
import Synchronization

/// Looks of one check that may hang in the kernel or in the system's resolver: what does not answer holds one thread, not one
/// more with each run.
final class OneLook: Sendable {
    private let isUnderWay = Mutex(false)

    /// Runs `work` on a thread of its own and waits a little longer than `time`, so that work that keeps the time itself tells its
    /// end; nil when it takes longer or when an earlier look still hangs.
    func run<Found: Sendable>(within time: Duration, _ work: @escaping @Sendable () -> Found) async -> Found? {
        let isFirst = isUnderWay.withLock { isUnderWay in
            defer { isUnderWay = true }
            return !isUnderWay
        }
        guard isFirst else { return nil }
        return await BlockingThread.run(atMost: time + .milliseconds(250)) {
            defer { self.isUnderWay.withLock { $0 = false } }
            return work()
        }
    }
}
