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

    /// Adds a change set; true when the caller must schedule a run of the writer.
    func add(_ pending: Pending) -> Bool {
        state.withLock { state in
            state.pending.append(pending)
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
    }

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
