import Synchronization
import Wire

/// Lets a bounded number of batches and documents of agents in at once, in the order in which they came.
///
/// A fleet that comes back with its backlog sends thousands at the same moment (fault C4). Each one that is unpacked takes many times
/// its size, and each that runs takes its share of the processors from people who look at pages: the rest waits as it came. What
/// has waited longer than an agent waits for its answer is refused when its turn comes, because nobody would hear the answer.
public final class IngestGate: Sendable {
    private struct Waiter {
        var since: ContinuousClock.Instant
        var continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var running = 0
        var waiting: ArraySlice<Waiter> = []
    }

    private let atOnce: Int
    private let most: Int
    private let patience: Duration
    private let state = Mutex(State())

    /// A gate in front of what is stored: `atOnce` run, `most` wait, none longer than `patience`.
    public init(atOnce: Int = 64, most: Int = 8192, patience: Duration = .seconds(25)) {
        self.atOnce = atOnce
        self.most = most
        self.patience = patience
    }

    /// Does the work when its turn comes; 503 when there is too much before it.
    public func pass<Answer>(_ work: () async throws -> Answer) async throws -> Answer {
        guard await enter() else {
            throw ProblemDetails(
                "busy", 503, "Too many reports", "more reports wait than can be stored now; send them again later")
        }
        defer { leave() }
        return try await work()
    }

    /// How many wait for their turn.
    var waiting: Int { state.withLock { $0.waiting.count } }

    private func enter() async -> Bool {
        await withCheckedContinuation { continuation in
            let mayEnter: Bool? = state.withLock { state in
                if state.running < atOnce {
                    state.running += 1
                    return true
                }
                if state.waiting.count >= most { return false }
                state.waiting.append(Waiter(since: .now, continuation: continuation))
                return nil
            }
            if let mayEnter { continuation.resume(returning: mayEnter) }
        }
    }

    private func leave() {
        let (next, late) = state.withLock { state -> (Waiter?, [Waiter]) in
            var late: [Waiter] = []
            while let waiter = state.waiting.popFirst() {
                if waiter.since.duration(to: .now) <= patience { return (waiter, late) }
                late.append(waiter)
            }
            state.running -= 1
            return (nil, late)
        }
        for waiter in late { waiter.continuation.resume(returning: false) }
        next?.continuation.resume(returning: true)
    }
}
