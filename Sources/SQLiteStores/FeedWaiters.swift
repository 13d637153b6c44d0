import GRDB
import Stores
import Synchronization

/// The newest position of the feed and the tasks that wait for a newer one.
final class FeedWaiters: Sendable {
    private struct State {
        var newest: Int64 = 0
        var nextID = 0
        var waiting: [Int: (after: Int64, continuation: CheckedContinuation<Void, Never>)] = [:]
    }

    private let state = Mutex(State())

    func load(_ pool: DatabasePool) throws {
        let newest = try pool.read(FeedWaiters.newestPosition)
        state.withLock { $0.newest = newest }
    }

    static func newestPosition(_ db: Database) throws -> Int64 {
        try Int64.fetchOne(db.cachedStatement(sql: "SELECT max(position) FROM feed")) ?? 0
    }

    var newest: FeedCursor { FeedCursor(rawValue: state.withLock { $0.newest }) }

    /// Returns when the feed goes beyond `position`, or when the task is cancelled.
    func wait(after position: Int64) async {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDone = state.withLock { state in
                    if state.newest > position || Task.isCancelled { return true }
                    state.waiting[id] = (position, continuation)
                    return false
                }
                if isDone { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: id) }?.continuation.resume()
        }
    }

    /// Wakes everyone who waits for something at or before `newest`.
    func wake(upTo newest: Int64) {
        let ready = state.withLock { state in
            state.newest = max(state.newest, newest)
            let ready = state.waiting.filter { $0.value.after < state.newest }
            for id in ready.keys { state.waiting[id] = nil }
            return ready.values.map(\.continuation)
        }
        for continuation in ready { continuation.resume() }
    }
}
