import Alarms
import CollectorServices
import FoundationEssentials
import Glibc
import Logging
import Model
import Notifications
import SQLiteStores
import ServiceDesk
import Stores
import Synchronization

@testable import CollectorServices

/// A time that tests set.
final class ManualTime: Sendable {
    private let moment: Mutex<Timestamp>

    init(seconds: Int64) { moment = Mutex(Timestamp(seconds: seconds)) }

    var now: Timestamp { moment.withLock { $0 } }

    func advance(seconds: Int64) { moment.withLock { $0 = $0.adding(seconds: seconds) } }

    var clock: AlarmClock {
        AlarmClock(now: { self.now }, sleep: { try await Task.sleep(for: min($0, .milliseconds(20))) })
    }
}

/// What tests say is affected by each CI.
struct TableImpact: ImpactSource {
    var table: [CIID: [AffectedCI]] = [:]

    func affected(by ci: CIID) async throws -> [AffectedCI] { table[ci] ?? [] }
}

/// A real store in a directory of its own with both pipelines over it; ``restart()`` opens the same file anew.
final class PipelineBench {
    static let host = CIID(900_001)
    static let service = CIID(900_002)
    static let shop = CIID(900_003)
    static let files = shippedFiles()

    let directory: String
    let time = ManualTime(seconds: 1_800_000_000)
    var rules: RuleSet
    let texts: StringCatalogue
    let matrix: PriorityMatrix
    let impact: TableImpact
    let routes: [ChannelRoute]
    private(set) var store: SQLiteStore
    private(set) var alarms: AlarmPipeline
    private(set) var incidents: IncidentPipeline

    init(rules: RuleSet? = nil, routes: [ChannelRoute] = [ChannelRoute(channel: "ops")]) async throws {
        directory = FileManager.default.temporaryDirectory.path + "/muster-pipeline-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        self.rules = try rules ?? RuleSet.load(directory: Self.files + "/rules")
        texts = try StringCatalogue.load(directory: Self.files + "/strings", language: "en")
        matrix = try PriorityMatrix.load(Self.files + "/priority.toml")
        let shop = AffectedCI(
            ci: Self.shop, className: .businessService, name: "Demo shop", path: ["nginx", "Demo shop"])
        impact = TableImpact(table: [Self.service: [shop], Self.host: [shop]])
        self.routes = routes
        store = try Self.open(directory, time)
        (alarms, incidents) = Self.pipelines(store, self.rules, impact, matrix, texts, routes, time)
        try await addCI(Self.host, .host, "web-01", parent: nil)
        try await addCI(Self.service, .service, "nginx", parent: Self.host)
        try await addCI(Self.shop, .businessService, "Demo shop", parent: nil)
        try await alarms.start()
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// Ends this store and opens the file again, as a new process would.
    func restart() async throws {
        try store.close()
        store = try Self.open(directory, time)
        (alarms, incidents) = Self.pipelines(store, rules, impact, matrix, texts, routes, time)
        try await alarms.start()
    }

    private static func open(_ directory: String, _ time: ManualTime) throws -> SQLiteStore {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        return try SQLiteStore(path: directory + "/muster.db", now: { time.now })
    }

    private static func pipelines(
        _ store: SQLiteStore, _ rules: RuleSet, _ impact: TableImpact, _ matrix: PriorityMatrix,
        _ texts: StringCatalogue, _ routes: [ChannelRoute], _ time: ManualTime
    ) -> (AlarmPipeline, IncidentPipeline) {
        let logger = Logger(label: "test")
        return (
            AlarmPipeline(store: store, rules: rules, clock: time.clock, logger: logger),
            IncidentPipeline(
                store: store, rules: rules, impact: impact, decider: IncidentDecider(matrix: matrix, texts: texts),
                stages: NotificationStages(routes: routes, texts: texts), clock: time.clock, logger: logger)
        )
    }

    func addCI(_ id: CIID, _ className: CIClass, _ name: String, parent: CIID?) async throws {
        var set = ChangeSet()
        set.cmdb.append(.addCI(id: id, className: className, name: name, parent: parent))
        _ = try await store.commit(set)
    }

    @discardableResult
    func emit(_ events: [FeedEvent]) async throws -> CommitNumber {
        var set = ChangeSet()
        set.events = events
        return try await store.commit(set)
    }

    func check(
        _ state: CheckState, ci: CIID = PipelineBench.service, name: String = "web", message: String = "refused"
    ) async throws {
        let result = CheckResult(
            check: name, kind: "tcp", subject: .host, state: state, message: message,
            failuresInRow: state == .ok ? 0 : 2, milliseconds: 1)
        try await emit([.checkReported(ci: ci, agent: "a1", result: result)])
    }

    /// Lets both pipelines take in everything that is in the feed.
    func settle() async throws {
        try await settleAlarms()
        var cursor = try await store.cursor(of: IncidentPipeline.reader)
        var saved = cursor
        while try await !store.entries(after: cursor, limit: 1).isEmpty {
            (cursor, saved) = try await incidents.step(from: cursor, saved: saved)
        }
    }

    func settleAlarms() async throws {
        var cursor = try await store.cursor(of: AlarmPipeline.reader)
        var saved = cursor
        while try await !store.entries(after: cursor, limit: 1).isEmpty {
            (cursor, saved) = try await alarms.step(from: cursor, saved: saved)
        }
    }

    /// Moves alarms whose timer is due.
    func serveTimers() async throws {
        let due = try await store.dueAlarms(at: time.now, limit: 100_000)
        try await alarms.move(due.map { RuleHit(key: $0.key, signal: .due) }, among: due)
    }

    func allAlarms() async throws -> [AlarmRecord] {
        try await store.alarms(in: Set(AlarmState.allCases), after: nil, limit: 100_000)
    }

    func allIncidents() async throws -> [IncidentRecord] {
        try await store.incidents(in: Set(IncidentState.allCases), after: nil, limit: 100_000)
    }
}

/// The shipped configuration, three directories above this file; links are resolved.
private func shippedFiles() -> String {
    guard let path = realpath(#filePath, nil) else { return "collector-config" }
    defer { free(path) }
    return String(cString: path).split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        .joined(separator: "/") + "/collector-config"
}
