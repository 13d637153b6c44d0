import Glibc

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
}
