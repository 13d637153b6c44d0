import Alarms
import LinuxSystem
import Logging
import Model
import Notifications
import ServiceDesk
import ServiceLifecycle
import Stores

/// Moved alarms in, incidents and notifications out, in one commit with the reader's cursor.
public final class IncidentPipeline: Service {
    /// What the pipeline needs of the store.
    public typealias Store = ChangeCommitting & FeedReading & CMDBReading & AlarmReading & IncidentReading
        & NotificationReading

    static let reader: FeedReader = "incidents"
    static let batch = 200
    static let unsavedEntries: Int64 = 1000

    private let store: any Store
    private let rules: RuleSet
    private let impact: any ImpactSource
    private let decider: IncidentDecider
    private let stages: NotificationStages
    private let clock: AlarmClock
    private let logger: Logger
    private let pulse: Pulse

    /// A pipeline over a store.
    public init(
        store: any Store, rules: RuleSet, impact: any ImpactSource, decider: IncidentDecider,
        stages: NotificationStages, clock: AlarmClock, logger: Logger, pulse: Pulse = .unwatched
    ) {
        self.store = store
        self.rules = rules
        self.impact = impact
        self.decider = decider
        self.stages = stages
        self.clock = clock
        self.logger = logger
        self.pulse = pulse
    }

    /// Runs until the task is cancelled or the process shuts down.
    public func run() async throws {
        await cancelWhenGracefulShutdown { await self.followFeed() }
    }

    private func followFeed() async {
        var cursor: FeedCursor?
        var saved = FeedCursor.start
        while !Task.isCancelled {
            do {
                if cursor == nil { saved = try await store.cursor(of: Self.reader) }
                let moved = try await step(from: cursor ?? saved, saved: saved)
                (cursor, saved) = (moved.cursor, moved.saved)
            } catch is CancellationError {
                return
            } catch {
                logger.error("incidents wait for the store", metadata: ["error": "\(error)"])
                await clock.pause(.seconds(1))
            }
        }
    }

    /// One batch: returns where the reader stands and what of it is saved.
    func step(from cursor: FeedCursor, saved: FeedCursor) async throws -> (cursor: FeedCursor, saved: FeedCursor) {
        pulse.expect(within: .seconds(300))
        let entries = try await store.entries(after: cursor, limit: Self.batch)
        guard let last = entries.last?.cursor else {
            pulse.rest()
            try await store.waitForEntries(after: cursor)
            return (cursor, saved)
        }
        while true {
            var set = try await decide(entries)
            if set.isEmpty, last.rawValue - saved.rawValue < Self.unsavedEntries { return (last, saved) }
            set.cursors[Self.reader] = last
            set.expectations.append(.cursor(Self.reader, saved))
            do {
                _ = try await store.commit(set)
                return (last, last)
            } catch StoreError.conflict {
                // An alarm moved meanwhile: decide again. A cursor that moved means the batch is done already.
                let stored = try await store.cursor(of: Self.reader)
                if stored != saved { return (stored, stored) }
            }
        }
    }

    private func decide(_ entries: [FeedEntry]) async throws -> ChangeSet {
        var bench = IncidentWorkbench(store: store, impact: impact)
        for entry in entries {
            guard case .alarmChanged(let id, _, _, let state) = entry.event else { continue }
            // An alarm that stands elsewhere by now has a later entry of its own.
            guard let alarm = try await bench.alarm(id), alarm.state == state, alarm.severity != .info else { continue }
            try await judge(alarm, &bench)
        }
        var set = bench.set
        for item in bench.news { try await tell(item, &set) }
        return set
    }

    private func judge(_ alarm: AlarmRecord, _ bench: inout IncidentWorkbench) async throws {
        guard let ci = try await bench.ci(alarm.key.ci) else { return }
        let isOpen = alarm.state == .firing || alarm.state == .acknowledged
        var hasOthers = false
        if alarm.state == .cleared, let number = alarm.incident {
            hasOthers = try await bench.hasOpenAlarm(ofIncident: number, otherThan: alarm.id)
        }
        let situation = IncidentSituation(
            alarm: alarm, ruleUrgency: rules.rule(named: alarm.key.rule)?.urgency, ciName: ci.name,
            candidates: try await bench.candidates(for: alarm, parent: ci.parent), hasOtherOpenAlarm: hasOthers,
            affected: isOpen ? try await bench.affected(by: ci.id) : [], now: clock.now())
        let number = isOpen ? try await store.reserveNumbers(1).lowerBound : 0
        guard let decision = decider.decide(situation, newNumber: { number }) else { return }
        bench.apply(decision, about: alarm)
    }

    private func tell(
        _ item: (event: IncidentEvent, incident: IncidentRecord, alarm: AlarmRecord), _ set: inout ChangeSet
    ) async throws {
        let now = clock.now()
        let name = try await store.ci(item.incident.ci, asOf: nil)?.name ?? "CI \(item.incident.ci)"
        let message = IncidentMessage(
            item.event, incident: item.incident, ciName: name, alarm: item.alarm.summary,
            severity: item.alarm.severity, texts: stages.texts)
        let draft = NotificationDraft(
            event: item.event, incident: item.incident, alarm: item.alarm.key, message: message)
        let told = Set(
            try await store.notifications(ofIncident: item.incident.number)
                .filter { $0.state == .delivered || $0.state == .waiting }.map(\.channel))
        var numbers = try await store.reserveNumbers(max(stages.routes.count, 1))
        let records = stages.records(
            for: draft, silences: try await store.silences(at: now), told: told, now: now,
            id: { numbers.removeFirstNumber() })
        for record in records {
            set.notifications.append(.put(record))
            if record.state == .suppressed {
                let text = stages.texts.text(
                    .suppressed,
                    [
                        "event": stages.texts.word(item.event), "channel": record.channel,
                        "reason": record.lastAnswer,
                    ])
                let line = TimelineEntry(
                    time: now, kind: .notification, who: IncidentDecider.collector, text: text)
                set.incidents.append(.note(number: record.incident, line))
            }
        }
    }
}

extension Range<Int64> {
    /// Takes the first number; the range must not be empty.
    mutating func removeFirstNumber() -> Int64 {
        defer { self = Swift.min(lowerBound + 1, upperBound)..<upperBound }
        return lowerBound
    }
}
