import Alarms
import Model
import Stores

/// The alarms one batch of signals touches, as they stand after the signals so far, and the change set of it all.
struct AlarmWorkbench {
    let store: any ChangeCommitting & AlarmReading
    let now: Timestamp
    private(set) var set = ChangeSet()
    private var records: [AlarmKey: AlarmRecord] = [:]
    private var loaded: Set<AlarmKey> = []

    init(store: any ChangeCommitting & AlarmReading, now: Timestamp) {
        self.store = store
        self.now = now
    }

    /// Where the alarms stand that were touched; nil for those that are forgotten.
    var touched: [AlarmKey: AlarmRecord?] {
        Dictionary(uniqueKeysWithValues: loaded.map { ($0, records[$0]) })
    }

    /// Puts in an alarm that was read already.
    mutating func take(_ record: AlarmRecord) {
        guard loaded.insert(record.key).inserted else { return }
        records[record.key] = record
        set.expectations.append(.alarm(record.key, version: record.version))
    }

    /// Lets the engine judge a signal; `isOpen` tells cheaply whether an open alarm may exist.
    mutating func apply(_ hit: RuleHit, isOpen: (AlarmKey) -> Bool) async throws {
        if !loaded.contains(hit.key) {
            if hit.needsOpenAlarm, !isOpen(hit.key) { return }
            try await load(hit.key)
        }
        let current = records[hit.key]
        // Numbers come from a block in memory; one that stays unused is never given again, which is allowed.
        let id = current == nil && !hit.needsOpenAlarm ? try await store.reserveNumbers(1).lowerBound : 0
        guard let step = AlarmEngine.step(current, key: hit.key, signal: hit.signal, now: now, id: { id }) else {
            return
        }
        records[hit.key] = step.record
        if let record = step.record {
            set.alarms.append(.put(record, reason: step.reason))
        } else {
            set.alarms.append(.drop(hit.key))
        }
        guard step.isMove, let alarm = step.record ?? current else { return }
        set.events.append(
            .alarmChanged(id: alarm.id, key: hit.key, from: step.from, to: step.record?.state ?? .cleared))
    }

    private mutating func load(_ key: AlarmKey) async throws {
        let record = try await store.alarm(key)
        loaded.insert(key)
        records[key] = record
        set.expectations.append(.alarm(key, version: record?.version ?? 0))
    }
}
