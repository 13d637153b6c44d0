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
        await withCheckedContinuation { continuation in start { continuation.resume(returning: work()) } }
    }

    /// Runs `work` on a new thread and waits for it no longer than `patience`; nil when it takes longer. The thread goes on until
    /// its work ends: who calls this takes care that there is no second one then.
    public static func run<Result: Sendable>(
        atMost patience: Duration, _ work: @escaping @Sendable () -> Result
    ) async -> Result? {
        let answer = Answer<Result>()
        start { answer.give(work()) }
        return await withTaskGroup(of: Result?.self) { group in
            group.addTask { await answer.wait() }
            group.addTask {
                try? await Task.sleep(for: patience)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }

    /// Runs `work` on a new thread that ends with it, and goes on at once.
    public static func start(_ work: @escaping @Sendable () -> Void) {
        let job = Unmanaged.passRetained(Job(work))
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

    /// What a thread found, for one who waits until it is there or until he is cancelled.
    private final class Answer<Result: Sendable>: Sendable {
        private enum State {
            case open
            case waiting(CheckedContinuation<Result?, Never>)
            case ended(Result?)
        }

        private let state = Mutex(State.open)

        func wait() async -> Result? {
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let ended: Result?? = state.withLock { state in
                        if case .ended(let result) = state { return .some(result) }
                        state = .waiting(continuation)
                        return nil
                    }
                    if let ended { continuation.resume(returning: ended) }
                }
            } onCancel: {
                give(nil)
            }
        }

        /// The first one counts.
        func give(_ result: Result?) {
            let waiting: CheckedContinuation<Result?, Never>? = state.withLock { state in
                defer { if case .ended = state {} else { state = .ended(result) } }
                if case .waiting(let continuation) = state { return continuation }
                return nil
            }
            waiting?.resume(returning: result)
        }
    }
}
