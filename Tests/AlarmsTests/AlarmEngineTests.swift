import Alarms
import Model
import Stores
import Testing

@Suite("alarm engine")
struct AlarmEngineTests {
    static let key = AlarmKey(ci: CIID(7), rule: "r", instance: "/")
    static let now = Timestamp(seconds: 10_000)
    static let finding = AlarmFinding(severity: .major, summary: "bad", value: "9", refreshes: true)

    /// Every place an alarm can stand at; nil is "there is none".
    static let starts: [(name: String, record: AlarmRecord?)] = [
        ("none", nil),
        ("pending", record(.pending, due: 60)),
        ("pending, due", record(.pending, due: 0)),
        ("pending after it had fired", record(.pending, due: 60, occurrences: 2)),
        ("firing", record(.firing, occurrences: 1)),
        ("firing, about to clear", record(.firing, due: 60, occurrences: 1)),
        ("firing, due to clear", record(.firing, due: 0, occurrences: 1)),
        ("acknowledged", record(.acknowledged, occurrences: 1, by: "ann")),
        ("acknowledged, about to clear", record(.acknowledged, due: 60, occurrences: 1, by: "ann")),
        ("cleared", record(.cleared, occurrences: 1)),
    ]

    static let signals: [(name: String, signal: AlarmSignal)] = [
        ("met", .met(finding, hold: 0)), ("met, hold", .met(finding, hold: 60)),
        ("unmet", .unmet(hold: 0, why: "well")), ("unmet, hold", .unmet(hold: 60, why: "well")),
        ("between", .between), ("occurred", .occurred(finding, clearAfter: 60)), ("due", .due),
        ("gone", .gone(why: "gone")), ("ack", .acknowledge(by: "ann")), ("ack by bob", .acknowledge(by: "bob")),
        ("clock back", .clockMovedBack),
    ]

    /// What must come of each start (row) and signal (column): the state, `-` for no change, `x` for forgotten.
    static let table: [String: String] = [
        "none": "firing pending - - - firing - - - - -",
        "pending": "firing - x x x firing - x - - -",
        "pending, due": "firing firing x x x firing firing x - - -",
        "pending after it had fired": "firing - cleared cleared cleared firing - cleared - - -",
        "firing": "firing firing cleared firing - firing - cleared acknowledged acknowledged -",
        "firing, about to clear":
            "firing firing cleared - firing firing - cleared acknowledged acknowledged -",
        "firing, due to clear":
            "firing firing cleared cleared firing firing cleared cleared acknowledged acknowledged -",
        "acknowledged": "acknowledged acknowledged cleared acknowledged - firing - cleared - acknowledged -",
        "acknowledged, about to clear":
            "acknowledged acknowledged cleared - acknowledged firing - cleared - acknowledged -",
        "cleared": "firing pending - - - firing - - - - -",
    ]

    static func record(
        _ state: AlarmState, due: Int64? = nil, occurrences: Int = 0, by: String? = nil
    ) -> AlarmRecord {
        AlarmRecord(
            id: 5, key: key, state: state, severity: .major, summary: "old", value: "8",
            since: Timestamp(seconds: 9000),
            firedAt: occurrences > 0 ? Timestamp(seconds: 9000) : nil, dueAt: due.map { now.adding(seconds: $0) },
            acknowledgedBy: by, incident: 44, occurrences: occurrences, version: 3)
    }

    @Test("every state and every signal lead where the table says", arguments: starts.indices)
    func table(index: Int) throws {
        let start = Self.starts[index]
        let row = try #require(Self.table[start.name]).split(separator: " ").map(String.init)
        try #require(row.count == Self.signals.count)
        for (signal, wanted) in zip(Self.signals, row) {
            let step = AlarmEngine.step(start.record, key: Self.key, signal: signal.signal, now: Self.now, id: { 99 })
            let found = step.map { $0.record?.state.rawValue ?? "x" } ?? "-"
            #expect(found == wanted, "\(start.name) + \(signal.name)")
        }
    }

    @Test(
        "whatever happens, an alarm keeps its number, key and incident, and only counts up", arguments: starts.indices)
    func identity(index: Int) {
        let start = Self.starts[index].record
        for signal in Self.signals {
            let step = AlarmEngine.step(start, key: Self.key, signal: signal.signal, now: Self.now, id: { 99 })
            guard let record = step?.record else { continue }
            #expect(record.id == start?.id ?? 99)
            #expect(record.key == Self.key)
            #expect(record.incident == start?.incident)
            #expect(record.occurrences >= start?.occurrences ?? 0)
            #expect(record.state != .cleared || record.dueAt == nil)
            #expect(record.state != .firing || record.firedAt != nil)
            #expect(record.state != .pending || record.dueAt != nil)
            #expect(step?.from == start?.state)
        }
    }

    @Test("the same signal again changes nothing more", arguments: starts.indices)
    func idempotent(index: Int) {
        for signal in Self.signals {
            // Something that occurred twice is two events.
            if case .occurred = signal.signal { continue }
            let first = AlarmEngine.step(
                Self.starts[index].record, key: Self.key, signal: signal.signal, now: Self.now, id: { 99 })
            guard let record = first?.record else { continue }
            let second = AlarmEngine.step(record, key: Self.key, signal: signal.signal, now: Self.now, id: { 100 })
            #expect(second == nil, "\(Self.starts[index].name) + \(signal.name)")
        }
    }

    @Test("a clock that jumped back neither fires early nor waits longer than the rule asks")
    func clockBack() throws {
        var pending = Self.record(.pending, due: 60)
        pending.since = Self.now
        let earlier = Timestamp(seconds: 10_000 - 259_200)
        let met = AlarmEngine.step(
            pending, key: Self.key, signal: .met(Self.finding, hold: 60), now: earlier, id: { 99 })
        #expect(met?.record?.state == .pending)
        #expect(met?.record?.dueAt == earlier.adding(seconds: 60))
        let rebased = AlarmEngine.step(pending, key: Self.key, signal: .clockMovedBack, now: earlier, id: { 99 })
        #expect(rebased?.record?.dueAt == earlier.adding(seconds: 60))
        #expect(rebased?.record?.since == earlier)
        #expect(rebased?.isMove == false)
    }

    @Test("times at the ends of the scale do not trap", arguments: [Int64.min, -1, 0, Int64.max])
    func extremes(milliseconds: Int64) {
        let now = Timestamp(milliseconds: milliseconds)
        for start in Self.starts {
            for signal in Self.signals {
                let step = AlarmEngine.step(start.record, key: Self.key, signal: signal.signal, now: now, id: { 99 })
                #expect(step?.record?.key ?? Self.key == Self.key)
            }
        }
    }

    @Test("an alarm that fires again keeps its row and forgets who acknowledged it")
    func firesAgain() throws {
        let cleared = Self.record(.cleared, occurrences: 1, by: "ann")
        let step = try #require(
            AlarmEngine.step(cleared, key: Self.key, signal: .met(Self.finding, hold: 0), now: Self.now, id: { 99 }))
        let record = try #require(step.record)
        #expect(record.id == 5)
        #expect(record.occurrences == 2)
        #expect(record.acknowledgedBy == nil)
        #expect(record.since == Self.now)
        #expect(record.summary == "bad")
    }

    @Test("a value that moves while the alarm fires writes nothing")
    func quiet() {
        let moving = AlarmFinding(severity: .major, summary: "other", value: "10", refreshes: false)
        let step = AlarmEngine.step(
            Self.record(.firing, occurrences: 1), key: Self.key, signal: .met(moving, hold: 60), now: Self.now,
            id: { 99 })
        #expect(step == nil)
    }
}
