import Logging
import Model
import Notifications
import ServiceDesk
import Stores
import Synchronization
import Testing

@testable import CollectorServices

/// A channel that answers from a list, then with acceptance, and remembers what it was given.
final class ScriptedChannel: NotificationChannel {
    let name: String
    private let answers: Mutex<[DeliveryOutcome]>
    private let seen = Mutex<[NotificationRecord]>([])
    private let delay: Duration
    private let beforehand: @Sendable (NotificationRecord) async -> Void

    /// `beforehand` is run with each notification before it counts as given.
    init(
        _ name: String, answers: [DeliveryOutcome] = [], delay: Duration = .zero,
        beforehand: @escaping @Sendable (NotificationRecord) async -> Void = { _ in }
    ) {
        self.name = name
        self.answers = Mutex(answers)
        self.delay = delay
        self.beforehand = beforehand
    }

    var given: [NotificationRecord] { seen.withLock { $0 } }

    func send(_ notification: NotificationRecord) async -> DeliveryOutcome {
        await beforehand(notification)
        seen.withLock { $0.append(notification) }
        if delay > .zero { try? await Task.sleep(for: delay) }
        return answers.withLock { $0.isEmpty ? .delivered("taken") : $0.removeFirst() }
    }
}

@Suite("sending notifications")
struct NotifierServiceTests {
    static func notifier(_ bench: PipelineBench, _ channels: [any NotificationChannel], attempts: Int = 30)
        -> NotifierService
    {
        NotifierService(
            store: bench.store, channels: channels, retry: RetrySchedule(delays: [0], attempts: attempts),
            texts: bench.texts, clock: bench.time.clock, logger: Logger(label: "test"))
    }

    /// Waits, at most ten seconds, until the notification of the one incident stands at `state`.
    static func waitFor(_ state: NotificationState, _ bench: PipelineBench, channel: String = "ops") async throws
        -> NotificationRecord?
    {
        for _ in 0..<500 {
            if let number = try await bench.allIncidents().first?.number,
                let found = try await bench.store.notifications(ofIncident: number)
                    .first(where: { $0.channel == channel && $0.state == state })
            {
                return found
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        return nil
    }

    @Test("a failure is tried again, and first failure and delivery stand in the timeline")
    func retried() async throws {
        let bench = try await PipelineBench()
        try await bench.check(.critical)
        try await bench.settle()
        let channel = ScriptedChannel("ops", answers: [.failed("refused\r\nX: y"), .failed("refused")])
        let service = Self.notifier(bench, [channel])
        let task = Task { try await service.run() }
        let done = try #require(try await Self.waitFor(.delivered, bench))
        task.cancel()
        #expect(done.attempts == 3)
        #expect(Set(channel.given.map(\.dedupeKey)).count == 1)
        let lines = try await bench.store.timeline(of: done.incident).filter { $0.kind == .notification }.map(\.text)
        #expect(lines.count == 2)
        #expect(lines.first?.contains("failed at attempt 1") == true)
        #expect(lines.first?.contains("\n") == false)
        #expect(lines.last?.contains("delivered through ops") == true)
    }

    @Test("C6: after the last attempt it is given up, visibly")
    func givenUp() async throws {
        let bench = try await PipelineBench()
        try await bench.check(.critical)
        try await bench.settle()
        let channel = ScriptedChannel("ops", answers: Array(repeating: .failed("no"), count: 9))
        let service = Self.notifier(bench, [channel], attempts: 3)
        let task = Task { try await service.run() }
        let done = try #require(try await Self.waitFor(.failed, bench))
        task.cancel()
        #expect(done.attempts == 3)
        #expect(done.nextAttemptAt == nil)
        let lines = try await bench.store.timeline(of: done.incident).map(\.text)
        #expect(lines.contains { $0.contains("given up after 3 attempts: no") })
    }

    @Test("C6: a receiver that hangs holds no other channel up")
    func hanging() async throws {
        let bench = try await PipelineBench(routes: [ChannelRoute(channel: "slow"), ChannelRoute(channel: "ops")])
        try await bench.check(.critical)
        try await bench.settle()
        let slow = ScriptedChannel("slow", delay: .seconds(60))
        let service = Self.notifier(bench, [slow, ScriptedChannel("ops")])
        let task = Task { try await service.run() }
        #expect(try await Self.waitFor(.delivered, bench) != nil)
        #expect(try await Self.waitFor(.waiting, bench, channel: "slow") != nil)
        task.cancel()
    }

    @Test("C5: a crash between sending and recording sends again under the same key")
    func crash() async throws {
        let bench = try await PipelineBench()
        try await bench.check(.critical)
        try await bench.settle()
        let record = try #require(try await bench.store.dueNotifications(at: bench.time.now, limit: 9).first)
        let channel = ScriptedChannel("ops")
        _ = await channel.send(record)
        try await bench.restart()
        let service = Self.notifier(bench, [channel])
        let task = Task { try await service.run() }
        _ = try await Self.waitFor(.delivered, bench)
        task.cancel()
        #expect(channel.given.map(\.dedupeKey) == [record.dedupeKey, record.dedupeKey])
    }

    @Test("C5: while it is sent, a notification stands in the store as waiting, so that a crash then sends it again")
    func recordedFirst() async throws {
        let bench = try await PipelineBench()
        try await bench.check(.critical)
        try await bench.settle()
        let states = Mutex<[NotificationState?]>([])
        let store = bench.store
        let channel = ScriptedChannel("ops", answers: [.failed("refused")]) { notification in
            let stored = try? await store.notifications(ofIncident: notification.incident)
            let state = stored?.first { $0.dedupeKey == notification.dedupeKey }?.state
            states.withLock { $0.append(state) }
        }
        let service = Self.notifier(bench, [channel])
        let task = Task { try await service.run() }
        _ = try #require(try await Self.waitFor(.delivered, bench))
        task.cancel()
        #expect(states.withLock { $0 } == [.waiting, .waiting])
    }

    @Test("what waits for a channel that no longer exists is ended and not kept for ever")
    func orphan() async throws {
        let bench = try await PipelineBench()
        try await bench.check(.critical)
        try await bench.settle()
        let service = Self.notifier(bench, [ScriptedChannel("other")])
        let task = Task { try await service.run() }
        let done = try await Self.waitFor(.failed, bench)
        task.cancel()
        #expect(done?.lastAnswer == "the channel is no longer configured")
    }
}

@Suite("the whole way with running services")
struct LatencyTests {
    @Test("from the check's commit to the sent notification takes less than a second")
    func latency() async throws {
        let bench = try await PipelineBench()
        let channel = ScriptedChannel("ops")
        let (alarms, incidents) = (bench.alarms, bench.incidents)
        let notifier = NotifierServiceTests.notifier(bench, [channel])
        let clock = ContinuousClock()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await alarms.run() }
            group.addTask { try await incidents.run() }
            group.addTask { try await notifier.run() }
            try await Task.sleep(for: .milliseconds(200))
            // Other suites share the processors: the fastest of five counts, each with a CI of its own.
            var fastest = Duration.seconds(10)
            for round in 0..<5 {
                let ci = CIID(Int64(910_000 + round))
                try await bench.addCI(ci, .service, "s\(round)", parent: nil)
                let start = clock.now
                try await bench.check(.critical, ci: ci)
                while channel.given.count <= round, clock.now - start < .seconds(10) {
                    try await Task.sleep(for: .milliseconds(2))
                }
                fastest = min(fastest, clock.now - start)
            }
            #expect(channel.given.count == 5)
            #expect(fastest < .seconds(1))
            print("check to sent notification, fastest of five: \(fastest)")
            group.cancelAll()
        }
    }
}
