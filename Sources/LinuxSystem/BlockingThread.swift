import Glibc
import Synchronization

/// A thread of its own for work that blocks, so that none of the few threads of the executor waits.
public enum BlockingThread {
    private final class Job: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Runs `work` on a new thread that ends with it.
    public static func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            let job = Unmanaged.passRetained(Job { continuation.resume(returning: work()) })
            var thread = pthread_t()
            let status = pthread_create(
                &thread, nil,
                { argument in
                    if let argument { Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().run() }
                    return nil
                }, job.toOpaque())
            if status == 0 {
                pthread_detach(thread)
            } else {
                // No thread to be had: late is better than never.
                job.takeRetainedValue().run()
            }
        }
    }

    /// Runs `work` on a new thread and waits for it no longer than `patience`; nil when it takes longer. The thread goes on until
    /// its work ends: who calls this takes care that there is no second one then.
    public static func run<Result: Sendable>(
        atMost patience: Duration, _ work: @escaping @Sendable () -> Result
    ) async -> Result? {
        let waiter = Waiter<Result>()
        return await withCheckedContinuation { continuation in
            waiter.wait(continuation)
            let alarm = Task {
                try? await Task.sleep(for: patience)
                waiter.answer(nil)
            }
            Task {
                waiter.answer(await run(work))
                alarm.cancel()
            }
        }
    }

    /// A continuation that the first answer resumes.
    private final class Waiter<Result: Sendable>: Sendable {
        private let continuation = Mutex<CheckedContinuation<Result?, Never>?>(nil)

        func wait(_ waiting: CheckedContinuation<Result?, Never>) { continuation.withLock { $0 = waiting } }

        func answer(_ result: Result?) {
            let waiting = continuation.withLock { continuation in
                defer { continuation = nil }
                return continuation
            }
            waiting?.resume(returning: result)
        }
    }
}
