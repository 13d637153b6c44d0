import Model
import Stores
import Testing

/// The sides of a store that hold alarms, incidents and notifications.
typealias AlarmStore = ChangeCommitting & AlarmReading & IncidentReading & NotificationReading

extension Bench {
    /// The store with a host (CI 3) and a service (CI 5) in it, as a store of alarms.
    func alarmStore() async throws -> any AlarmStore {
        _ = try await seed()
        return try #require(store as? any AlarmStore)
    }
}

extension ChangeCommitting {
    /// Commits changes to alarms.
    @discardableResult
    func commit(_ alarms: [AlarmChange], expecting expectations: [Stores.Expectation] = []) async throws -> CommitNumber
    {
        var set = ChangeSet()
        set.alarms = alarms
        set.expectations = expectations
        return try await commit(set)
    }
}

@Suite("Store: alarms")
struct AlarmReadingTests {
    static func alarm(_ id: Int64, _ state: AlarmState, instance: String = "", due: Int64? = nil) -> AlarmRecord {
        AlarmRecord(
            id: id, key: AlarmKey(ci: CIID(3), rule: "r", instance: instance), state: state, severity: .major,
            summary: "s\u{0301}", value: "v", since: Timestamp(seconds: 5),
            dueAt: due.map { Timestamp(seconds: $0) }, incident: nil, occurrences: state == .pending ? 0 : 1)
    }

    @Test("an alarm comes back as it was put, and each put counts the version up", arguments: Engine.allCases)
    func roundTrip(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try await bench.alarmStore()
        var alarm = AlarmRecord(
            id: 100, key: AlarmKey(ci: CIID(3), rule: "r", instance: "/a'b\"c"), state: .acknowledged,
            severity: .critical, summary: "x'; DROP TABLE alarm; --", value: "0.5", since: Timestamp(milliseconds: -1),
            firedAt: Timestamp(seconds: 1), clearedAt: Timestamp(seconds: 2), dueAt: Timestamp(milliseconds: .max),
            acknowledgedBy: "ann", incident: 7, occurrences: 3)
        for version in 1...3 {
            try await store.commit([.put(alarm, reason: "move \(version)")])
            alarm.version = Int64(version)
            #expect(try await store.alarm(alarm.key) == alarm)
            #expect(try await store.alarm(id: 100) == alarm)
        }
        #expect(try await store.alarmHistory(id: 100).map(\.reason) == ["move 1", "move 2", "move 3"])
        #expect(try await store.alarms(ofIncident: 7) == [alarm])
        #expect(try await store.alarm(id: 101) == nil)
    }

    @Test("one key has one row: a second number for it is a conflict", arguments: Engine.allCases)
    func noTwin(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try await bench.alarmStore()
        try await store.commit([.put(Self.alarm(100, .cleared), reason: "")])
        await #expect(throws: StoreError.self) {
            try await store.commit([.put(Self.alarm(101, .firing), reason: "")])
        }
        #expect(try await store.alarms(in: Set(AlarmState.allCases), after: nil, limit: 9).map(\.id) == [100])
    }

    @Test("an expectation that no longer holds refuses the whole set", arguments: Engine.allCases)
    func expectations(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try await bench.alarmStore()
        let alarm = Self.alarm(100, .firing)
        try await store.commit([.put(alarm, reason: "")], expecting: [.alarm(alarm.key, version: 0)])
        for version in [Int64(0), 2] {
            await #expect(throws: StoreError.self) {
                try await store.commit([.put(alarm, reason: "")], expecting: [.alarm(alarm.key, version: version)])
            }
        }
        try await store.commit([.put(alarm, reason: "")], expecting: [.alarm(alarm.key, version: 1)])
        #expect(try await store.alarm(alarm.key)?.version == 2)
    }

    @Test("only a pending alarm that never fired is forgotten", arguments: Engine.allCases)
    func drop(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try await bench.alarmStore()
        for (id, state) in [(Int64(100), AlarmState.pending), (101, .firing)] {
            let alarm = Self.alarm(id, state, instance: "\(id)")
            try await store.commit([.put(alarm, reason: "")])
            try await store.commit([.drop(alarm.key)])
        }
        #expect(try await store.alarm(id: 100) == nil)
        #expect(try await store.alarmHistory(id: 100).isEmpty)
        #expect(try await store.alarm(id: 101)?.state == .firing)
    }

    @Test("lists are by state, newest first, in pages; none and unknown ones are empty", arguments: Engine.allCases)
    func lists(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try await bench.alarmStore()
        for id in Int64(1)...10 {
            try await store.commit([
                .put(Self.alarm(id, id.isMultiple(of: 2) ? .firing : .cleared, instance: "\(id)"), reason: "")
            ])
        }
        var seen: [Int64] = []
        var after: Int64?
        while case let page = try await store.alarms(in: [.firing, .pending], after: after, limit: 2), !page.isEmpty {
            seen += page.map(\.id)
            after = page.last?.id
        }
        #expect(seen == [10, 8, 6, 4, 2])
        #expect(try await store.alarms(in: [], after: nil, limit: 9).isEmpty)
        #expect(try await store.openAlarms(of: CIID(3)).map(\.id) == [2, 4, 6, 8, 10])
        #expect(try await store.openAlarms(of: CIID(5)).isEmpty)
    }

    @Test(
        "what fired as of a commit is what the last move up to it says, in the state of then",
        arguments: Engine.allCases)
    func past(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try await bench.alarmStore()
        var commits: [CommitNumber] = []
        for state in [AlarmState.pending, .firing, .acknowledged, .cleared, .firing] {
            commits.append(try await store.commit([.put(Self.alarm(100, state), reason: "")]))
        }
        var seen: [AlarmState?] = []
        for commit in commits {
            let found = try await store.firingAlarms(of: [CIID(3), CIID(5)], asOf: commit, limit: 9)
            #expect(found.allSatisfy { $0.id == 100 && $0.acknowledgedBy == nil && $0.incident == nil })
            seen.append(found.first?.state)
        }
        #expect(seen == [nil, .firing, .acknowledged, nil, .firing])
        let last = try #require(commits.last)
        #expect(try await store.firingAlarms(of: [CIID(5)], asOf: last, limit: 9).isEmpty)
        #expect(try await store.firingAlarms(of: [], asOf: last, limit: 9).isEmpty)
        try await store.commit([.put(Self.alarm(101, .firing, instance: "b"), reason: "")])
        #expect(try await store.firingAlarms(of: [CIID(3)], asOf: last, limit: 9).map(\.id) == [100])
    }

    @Test("a list takes every condition of its query, and text is text", arguments: Engine.allCases)
    func query(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try await bench.alarmStore()
        var first = Self.alarm(1, .firing, instance: "/srv")
        first.summary = "Disk 100% full'; DROP TABLE alarm; --"
        var second = Self.alarm(2, .firing, instance: "")
        (second.key.ci, second.key.rule, second.severity) = (CIID(5), "other", .info)
        let third = Self.alarm(3, .cleared, instance: "_")
        try await store.commit([first, second, third].map { .put($0, reason: "") })
        func found(_ query: AlarmQuery) async throws -> [Int64] { try await store.alarms(query).map(\.id) }
        #expect(try await found(AlarmQuery()) == [3, 2, 1])
        #expect(try await found(AlarmQuery(limit: 2)) == [3, 2])
        #expect(try await found(AlarmQuery(after: 3, limit: 1)) == [2])
        #expect(try await found(AlarmQuery(severities: [.info])) == [2])
        #expect(try await found(AlarmQuery(severities: [])) == [])
        #expect(try await found(AlarmQuery(cis: [CIID(3), CIID(99)])) == [3, 1])
        #expect(try await found(AlarmQuery(cis: [])) == [])
        #expect(try await found(AlarmQuery(rule: "other")) == [2])
        #expect(try await found(AlarmQuery(text: "FULL'; drop")) == [1])
        #expect(try await found(AlarmQuery(text: "100%")) == [1])
        #expect(try await found(AlarmQuery(text: "%")) == [1])
        #expect(try await found(AlarmQuery(text: "_")) == [3])
        #expect(try await found(AlarmQuery(text: "SRV")) == [1])
        #expect(try await found(AlarmQuery(text: "oth")) == [2])
        #expect(try await found(AlarmQuery(text: "One")) == [3, 1])
        #expect(try await found(AlarmQuery(states: [.firing], cis: [CIID(3)], rule: "r", text: "disk")) == [1])
    }

    @Test("the worst severity of each CI counts what fires, acknowledged or not", arguments: Engine.allCases)
    func severities(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try await bench.alarmStore()
        var changes: [AlarmChange] = []
        let cases: [(AlarmState, Severity)] = [
            (.firing, .warning), (.acknowledged, .major), (.cleared, .critical), (.pending, .critical),
            (.firing, .info),
        ]
        for (index, (state, severity)) in cases.enumerated() {
            var alarm = Self.alarm(Int64(200 + index), state, instance: "\(index)")
            alarm.severity = severity
            changes.append(.put(alarm, reason: ""))
        }
        try await store.commit(changes)
        #expect(try await store.firingSeverities(of: [CIID(3), CIID(5), CIID(99)]) == [CIID(3): .major])
        #expect(try await store.firingSeverities(of: []).isEmpty)
        #expect(try await store.firingSeverities(of: [CIID(5)]).isEmpty)
    }

    @Test("timers come due in order of time", arguments: Engine.allCases)
    func timers(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try await bench.alarmStore()
        #expect(try await store.nextAlarmDue() == nil)
        for (id, due) in [(Int64(1), Int64(30)), (2, 10), (3, 20)] {
            try await store.commit([.put(Self.alarm(id, .pending, instance: "\(id)", due: due), reason: "")])
        }
        #expect(try await store.nextAlarmDue() == Timestamp(seconds: 10))
        #expect(try await store.dueAlarms(at: Timestamp(seconds: 20), limit: 9).map(\.id) == [2, 3])
        #expect(try await store.dueAlarms(at: Timestamp(seconds: 99), limit: 1).map(\.id) == [2])
    }

    @Test("a silence holds until its end and can be ended earlier", arguments: Engine.allCases)
    func silences(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try await bench.alarmStore()
        var silence = SilenceRecord(
            id: 1, ci: CIID(3), rule: nil, until: Timestamp(seconds: 50), reason: "r", by: "ann")
        try await store.commit([.addSilence(silence)])
        #expect(try await store.silences(at: Timestamp(seconds: 49)) == [silence])
        #expect(try await store.silences(at: Timestamp(seconds: 50)).isEmpty)
        silence.until = Timestamp(seconds: 10)
        try await store.commit([.addSilence(silence)])
        #expect(try await store.silences(at: Timestamp(seconds: 20)).isEmpty)
    }
}
