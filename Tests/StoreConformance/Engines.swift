import FoundationEssentials
import Model
import SQLiteStores
import Stores
import Synchronization

/// The engines that must pass the suite; a new one is one case here.
enum Engine: String, CaseIterable, Sendable {
    case sqlite

    /// A store with nothing in it, and the clock its commits are stamped with.
    func make() throws -> Bench {
        switch self {
        case .sqlite: try Bench()
        }
    }
}

/// A store on probation.
final class Bench: Sendable {
    typealias Store = ChangeCommitting & FeedReading & CMDBReading & ReconcileReading & GraphReading

    let store: any Store
    let directory: String

    init() throws {
        directory = FileManager.default.temporaryDirectory.path + "/muster-store-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let moment = Moment()
        store = try SQLiteStore(path: directory + "/muster.db", now: { moment.next() })
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// Commits CMDB changes with events.
    @discardableResult
    func commit(_ changes: [CMDBChange], events: [FeedEvent] = []) async throws -> CommitNumber {
        var set = ChangeSet()
        set.cmdb = changes
        set.events = events
        return try await store.commit(set)
    }

    /// One source, a host with its object, and a second CI inside it.
    func seed() async throws -> CommitNumber {
        try await commit([
            .addSource(id: 1, kind: "agent", name: "a"),
            .addObject(id: 2, source: 1, scope: "host", key: "", className: .host, parent: nil),
            .addCI(id: CIID(3), className: .host, name: "one", parent: nil), .bind(object: 2, ci: CIID(3)),
            .addObject(id: 4, source: 1, scope: "host", key: "service:x", className: .service, parent: 2),
            .addCI(id: CIID(5), className: .service, name: "x", parent: CIID(3)), .bind(object: 4, ci: CIID(5)),
        ])
    }
}

/// Wall time that goes a second on with each commit.
private final class Moment: Sendable {
    private let seconds = Mutex(Int64(1_700_000_000))

    func next() -> Timestamp {
        seconds.withLock { seconds in
            seconds += 1
            return Timestamp(seconds: seconds)
        }
    }
}
