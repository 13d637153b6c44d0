import Glibc
import Model
import Notifications
import ServiceDesk
import Stores
import Testing

@Suite("stages of a notification")
struct NotificationStagesTests {
    static let now = Timestamp(seconds: 1000)
    static let key = AlarmKey(ci: CIID(1), rule: "r", instance: "")

    static func texts() throws -> StringCatalogue {
        let path = try #require(realpath(#filePath, nil))
        defer { free(path) }
        let root = String(cString: path).split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        return try StringCatalogue.load(
            directory: root.joined(separator: "/") + "/collector-config/strings", language: "en")
    }

    static func draft(_ event: IncidentEvent, priority: Int = 2, alarm: AlarmKey? = key) throws -> NotificationDraft {
        let incident = IncidentRecord(
            number: 12, state: .new, title: "t", ci: CIID(1), impact: .low, urgency: .low,
            priority: Priority(rawValue: priority), affected: [], openedAt: now, version: 3)
        let message = IncidentMessage(
            event, incident: incident, ciName: "web", alarm: "a", severity: .major, texts: try texts())
        return NotificationDraft(event: event, incident: incident, alarm: alarm, message: message)
    }

    static func records(
        _ draft: NotificationDraft, silences: [SilenceRecord] = [], told: Set<String> = []
    ) throws -> [NotificationRecord] {
        let stages = NotificationStages(
            routes: [
                ChannelRoute(channel: "all"),
                ChannelRoute(channel: "urgent", events: [.opened], lowestPriority: Priority(rawValue: 2)),
            ], texts: try texts())
        var next: Int64 = 100
        return stages.records(for: draft, silences: silences, told: told, now: now) {
            next += 1
            return next
        }
    }

    @Test(
        "routes take what they ask for",
        arguments: [
            (IncidentEvent.opened, 2, ["all", "urgent"]), (.opened, 3, ["all"]), (.resolved, 1, ["all"]),
        ])
    func routed(event: IncidentEvent, priority: Int, channels: [String]) throws {
        #expect(try Self.records(Self.draft(event, priority: priority)).map(\.channel) == channels)
    }

    @Test("the dedupe key is stable for one event and channel and differs for others")
    func deduped() throws {
        let keys = try Self.records(Self.draft(.opened)).map(\.dedupeKey)
        #expect(keys == ["incident-12-opened-3-all", "incident-12-opened-3-urgent"])
        #expect(try Self.records(Self.draft(.opened)).map(\.dedupeKey) == keys)
    }

    @Test(
        "a silence suppresses with its reason, unless it is about something else",
        arguments: [
            (CIID(1) as CIID?, nil as String?, true), (nil, "r", true), (CIID(1), "r", true), (CIID(2), nil, false),
            (CIID(1), "other", false), (CIID(2), "r", false),
        ])
    func silenced(ci: CIID?, rule: String?, isSilent: Bool) throws {
        let silence = SilenceRecord(id: 1, ci: ci, rule: rule, until: Self.now, reason: "patching", by: "ann")
        let record = try #require(try Self.records(Self.draft(.opened), silences: [silence]).first)
        #expect((record.state == .suppressed) == isSilent)
        #expect(record.lastAnswer.contains("patching") == isSilent)
        #expect((record.nextAttemptAt == nil) == isSilent)
    }

    @Test("who was told of the start is told of the end in spite of a silence")
    func endIsTold() throws {
        let silence = SilenceRecord(id: 1, ci: CIID(1), rule: nil, until: Self.now, reason: "x", by: "ann")
        let told = try Self.records(Self.draft(.resolved), silences: [silence], told: ["all"])
        #expect(told.map(\.state) == [.waiting])
        #expect(try Self.records(Self.draft(.resolved), silences: [silence]).map(\.state) == [.suppressed])
    }

    @Test("attempts are spaced further and further, and end", arguments: 1...30)
    func retries(attempts: Int) throws {
        let schedule = RetrySchedule()
        var record = try #require(try Self.records(Self.draft(.opened)).first)
        record.attempts = attempts - 1
        let next = schedule.record(record, after: .failed("x\r\ny"), now: Self.now)
        #expect(next.attempts == attempts)
        #expect(!next.lastAnswer.contains("\n"))
        if attempts == 30 {
            #expect((next.state, next.nextAttemptAt) == (.failed, nil))
        } else {
            let wait = try #require(next.nextAttemptAt).milliseconds(since: Self.now) / 1000
            #expect((5...4320).contains(wait))
            #expect(attempts < 7 || wait >= 3600)
        }
        #expect(schedule.record(record, after: .delivered("ok"), now: Self.now).state == .delivered)
    }
}
