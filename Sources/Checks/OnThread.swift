import Glibc

/// Runs `work` on a thread of its own and waits for it without holding a thread of the executor.
///
/// For calls that block and cannot be made to wait otherwise (getaddrinfo). The thread ends with the work.
func onThread<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { continuation in
        let job = Unmanaged.passRetained(ThreadJob { continuation.resume(returning: work()) })
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<ThreadJob>.fromOpaque(argument).takeRetainedValue().run() }
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

private final class ThreadJob: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}
