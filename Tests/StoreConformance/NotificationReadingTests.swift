import Model
import Stores
import Testing

@Suite("Store: notifications")
struct NotificationReadingTests {
    static func record(_ id: Int64, key: String? = nil, channel: String = "ops", due: Int64 = 10) -> NotificationRecord
    {
        NotificationRecord(
            id: id, dedupeKey: key ?? "k\(id)", channel: channel, incident: 40, event: "opened", subject: "s",
            body: "b\n'",
            nextAttemptAt: Timestamp(seconds: due), createdAt: Timestamp(seconds: 1))
    }

    static func put(_ store: any AlarmStore, _ records: [NotificationRecord]) async throws {
        var set = ChangeSet()
        set.notifications = records.map { .put($0) }
        _ = try await store.commit(set)
    }

    static func store(_ bench: Bench) async throws -> any AlarmStore {
        let store = try await bench.alarmStore()
        try await IncidentReadingTests.commit(store, [.put(IncidentReadingTests.incident(40))])
        return store
    }

    @Test("a notification comes back as it was put; another with its dedupe key is ignored", arguments: Engine.allCases)
    func dedupe(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try await Self.store(bench)
        let first = Self.record(1, key: "same")
        try await Self.put(store, [first, Self.record(2, key: "same"), Self.record(3)])
        #expect(try await store.notifications(ofIncident: 40) == [first, Self.record(3)])
    }

    @Test(
        "what is due comes in order of time, by channel if asked, and ends leave the queue", arguments: Engine.allCases)
    func due(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try await Self.store(bench)
        #expect(try await store.nextNotificationDue() == nil)
        try await Self.put(
            store, [Self.record(1, due: 30), Self.record(2, due: 10), Self.record(3, channel: "chat", due: 20)])
        #expect(try await store.nextNotificationDue() == Timestamp(seconds: 10))
        let at = Timestamp(seconds: 29)
        #expect(try await store.dueNotifications(at: at, limit: 9).map(\.id) == [2, 3])
        #expect(try await store.dueNotifications(at: at, channel: "chat", limit: 9).map(\.id) == [3])
        for state in [NotificationState.delivered, .failed, .suppressed] {
            var ended = Self.record(2)
            ended.state = state
            ended.nextAttemptAt = nil
            ended.endedAt = at
            ended.attempts = 4
            ended.lastAnswer = "HTTP 204"
            try await Self.put(store, [ended])
            #expect(try await store.dueNotifications(at: at, limit: 9).map(\.id) == [3])
            #expect(try await store.notifications(ofIncident: 40).contains(ended))
        }
        #expect(
            try await store.notificationStates(ofIncidents: [40, 41]) == [40: [.waiting, .suppressed]])
        #expect(try await store.notificationStates(ofIncidents: []) == [:])
    }

    @Test("a notification of no incident is refused", arguments: Engine.allCases)
    func orphan(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try await bench.alarmStore()
        await #expect(throws: (any Error).self) { try await Self.put(store, [Self.record(1)]) }
    }
}
