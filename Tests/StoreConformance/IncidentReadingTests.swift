import Model
import Stores
import Testing

@Suite("Store: incidents")
struct IncidentReadingTests {
    static func incident(_ number: Int64, _ state: IncidentState = .new, ci: Int64 = 3) -> IncidentRecord {
        IncidentRecord(
            number: number, state: state, title: "t", ci: CIID(ci), impact: .medium, urgency: .high,
            priority: Priority(rawValue: 2),
            affected: [AffectedCI(ci: CIID(9), className: .businessService, name: "a'\u{4e8b}", path: ["x", "y"])],
            team: "net", assignee: nil, openedAt: Timestamp(seconds: 1), resolvedAt: Timestamp(seconds: 2),
            heldByPerson: ["state", "title"])
    }

    static func commit(
        _ store: any AlarmStore, _ changes: [IncidentChange], expecting expectations: [Stores.Expectation] = []
    ) async throws {
        var set = ChangeSet()
        set.incidents = changes
        set.expectations = expectations
        _ = try await store.commit(set)
    }

    @Test("an incident comes back as it was put, its version counted up", arguments: Engine.allCases)
    func roundTrip(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try await bench.alarmStore()
        var incident = Self.incident(40)
        for version in 1...2 {
            try await Self.commit(store, [.put(incident)])
            incident.version = Int64(version)
            #expect(try await store.incident(number: 40) == incident)
            incident.assignee = "ann"
            incident.state = .assigned
        }
        await #expect(throws: StoreError.self) {
            try await Self.commit(store, [.put(incident)], expecting: [.incident(number: 40, version: 1)])
        }
    }

    @Test("a list can be one person's", arguments: Engine.allCases)
    func assignee(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try await bench.alarmStore()
        for (number, name) in [(Int64(40), "ann"), (41, nil), (42, "ann"), (43, "an")] {
            var incident = Self.incident(number)
            incident.assignee = name
            try await Self.commit(store, [.put(incident)])
        }
        func found(_ query: IncidentQuery) async throws -> [Int64] { try await store.incidents(query).map(\.number) }
        #expect(try await found(IncidentQuery(assignee: "ann")) == [42, 40])
        #expect(try await found(IncidentQuery(assignee: "ann", after: 42)) == [40])
        #expect(try await found(IncidentQuery(states: [.closed], assignee: "ann")) == [])
        #expect(try await found(IncidentQuery(assignee: "' OR 1=1 --")) == [])
        #expect(try await found(IncidentQuery(limit: 2)) == [43, 42])
    }

    @Test("the timeline keeps the order in which it was written, also within one commit", arguments: Engine.allCases)
    func timeline(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try await bench.alarmStore()
        let lines = (0..<20).map {
            TimelineEntry(time: Timestamp(seconds: 5), kind: .note, who: "ann", text: "line \($0)\n;")
        }
        try await Self.commit(store, [.put(Self.incident(40))] + lines.map { .note(number: 40, $0) })
        #expect(try await store.timeline(of: 40) == lines)
        await #expect(throws: (any Error).self) { try await Self.commit(store, [.note(number: 41, lines[0])]) }
    }

    @Test("the incident of a CI is its newest that is not closed", arguments: Engine.allCases)
    func open(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try await bench.alarmStore()
        #expect(try await store.openIncident(of: CIID(3)) == nil)
        try await Self.commit(store, [.put(Self.incident(40, .resolved)), .put(Self.incident(41, .closed))])
        #expect(try await store.openIncident(of: CIID(3))?.number == 40)
        try await Self.commit(store, [.put(Self.incident(42)), .put(Self.incident(43, ci: 5))])
        #expect(try await store.openIncident(of: CIID(3))?.number == 42)
        let listed = try await store.incidents(in: [.new, .resolved], after: 43, limit: 9).map(\.number)
        #expect(listed == [42, 40])
    }

    @Test("an incident has an open alarm while one fires that is no info", arguments: Engine.allCases)
    func openAlarms(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try await bench.alarmStore()
        var alarm = AlarmReadingTests.alarm(100, .firing)
        alarm.incident = 40
        try await store.commit([.put(alarm, reason: "")])
        #expect(try await store.hasOpenAlarm(ofIncident: 40, otherThan: 1))
        #expect(try await !store.hasOpenAlarm(ofIncident: 40, otherThan: 100))
        #expect(try await !store.hasOpenAlarm(ofIncident: 41, otherThan: 1))
        alarm.severity = .info
        try await store.commit([.put(alarm, reason: "")])
        #expect(try await !store.hasOpenAlarm(ofIncident: 40, otherThan: 1))
    }
}
