import GRDB
import Stores
import Synchronization

/// Change sets that wait for the writer, and the number of the newest commit.
final class CommitQueue: Sendable {
    /// A change set with the caller that waits for it.
    struct Pending: Sendable {
        let set: ChangeSet
        let continuation: CheckedContinuation<CommitNumber, any Error>
    }

    private struct State {
        var pending: [Pending] = []
        var isScheduled = false
        var newest: Int64 = 0
        var isStopped = false
    }

    /// What a caller does after adding a change set.
    enum Addition {
        /// Schedule a run of the writer.
        case schedule
        /// Nothing: a run is scheduled.
        case wait
        /// Fail: the writer has stopped.
        case refuse(StoreError)
    }

    /// Change sets that share one transaction at most: bounds how long readers of the feed wait behind one fsync.
    static let groupLimit = 256
    private let state = Mutex(State())

    func load(_ pool: DatabasePool) throws {
        let newest = try pool.read { db in
            try Int64.fetchOne(db, sql: "SELECT max(number) FROM commit_time") ?? 0
        }
        state.withLock { $0.newest = newest }
    }

    var newest: CommitNumber {
        get { CommitNumber(rawValue: state.withLock { $0.newest }) }
        set { state.withLock { $0.newest = newValue.rawValue } }
    }

    /// How many change sets wait.
    var waiting: Int64 { state.withLock { Int64($0.pending.count) } }

    /// Adds a change set.
    func add(_ pending: Pending) -> Addition {
        state.withLock { state in
            if state.isStopped { return .refuse(Self.failure) }
            state.pending.append(pending)
            defer { state.isScheduled = true }
            return state.isScheduled ? .wait : .schedule
        }
    }

    private static let failure = StoreError.unwritable(
        "the disk failed during a commit; restart the collector to recover the log")

    /// Why nothing is taken any more; nil while commits are taken.
    var stopped: StoreError? { state.withLock { $0.isStopped } ? Self.failure : nil }

    /// Refuses everything from now on: after a failed write or fsync the kernel may have dropped the very pages that the
    /// next fsync would report as safe (threats M8). Opening the file anew recovers from the log.
    func stop() { state.withLock { $0.isStopped = true } }

    /// Takes the next group; `more` is true when another run must be scheduled.
    func take() -> (group: [Pending], more: Bool) {
        state.withLock { state in
            let group = Array(state.pending.prefix(CommitQueue.groupLimit))
            state.pending.removeFirst(group.count)
            state.isScheduled = !state.pending.isEmpty
            return (group, state.isScheduled)
        }
    }
}
