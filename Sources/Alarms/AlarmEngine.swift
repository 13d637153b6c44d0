import Model
import Stores

/// The life of one alarm as a state machine over values: record + signal + time → record, without any I/O.
///
/// One key has one record for ever: clearing and firing again move the same row, so that a restart, a replay or a
/// re-sync cannot make a twin.
public enum AlarmEngine {
    /// What a signal does to an alarm.
    public struct Step: Hashable, Sendable {
        /// The alarm afterwards; nil when it is forgotten (a pending alarm that never fired).
        public var record: AlarmRecord?
        /// Where it stood; nil for an alarm that was not there.
        public var from: AlarmState?
        /// Why, for the alarm's history.
        public var reason: String

        /// Whether the alarm is in another state, or fired anew in the same.
        public var isMove: Bool
    }

    /// What `signal` does to the alarm `key`, which stands at `current`; nil when nothing.
    ///
    /// - Parameter id: The number for an alarm that has to be made; only asked for then.
    public static func step(
        _ current: AlarmRecord?, key: AlarmKey, signal: AlarmSignal, now: Timestamp, id: () -> Int64
    ) -> Step? {
        switch signal {
        case .met(let reading, let hold): met(current, key, reading, hold, now, id)
        case .occurred(let reading, let clearAfter): occurred(current, key, reading, clearAfter, now, id)
        case .unmet(let hold, let why): current.flatMap { unmet($0, hold, why, now) }
        case .between: current.flatMap { between($0) }
        case .due: current.flatMap { due($0, now) }
        case .gone(let why): current.flatMap { end($0, why, now) }
        case .acknowledge(let by): current.flatMap { acknowledge($0, by) }
        case .clockMovedBack: current.flatMap { rebase($0, now) }
        }
    }

    private static func met(
        _ current: AlarmRecord?, _ key: AlarmKey, _ reading: AlarmFinding, _ hold: Int64, _ now: Timestamp,
        _ id: () -> Int64
    ) -> Step? {
        guard var record = current else {
            let new = AlarmRecord(
                id: id(), key: key, state: .pending, severity: reading.severity, summary: reading.summary,
                value: reading.value, since: now, dueAt: now.adding(seconds: hold))
            return hold > 0
                ? Step(record: new, from: nil, reason: "condition holds", isMove: true)
                : fire(new, from: nil, now, "condition holds")
        }
        switch record.state {
        case .cleared:
            record.take(reading)
            record.since = now
            if hold == 0 { return fire(record, from: .cleared, now, "condition holds again") }
            record.state = .pending
            record.dueAt = now.adding(seconds: hold)
            return Step(record: record, from: .cleared, reason: "condition holds again", isMove: true)
        case .pending:
            record.take(reading)
            let due = record.dueAt ?? now
            if due <= now || hold == 0 { return fire(record, from: .pending, now, "condition held \(hold) s") }
            guard due.milliseconds(since: now) > Timestamp(seconds: hold).milliseconds else { return nil }
            record.since = now
            record.dueAt = now.adding(seconds: hold)
            return Step(record: record, from: .pending, reason: "clock moved back", isMove: false)
        case .firing, .acknowledged:
            let wasClearing = record.dueAt != nil
            let isNews = reading.refreshes && (record.summary != reading.summary || record.severity != reading.severity)
            guard wasClearing || isNews else { return nil }
            record.dueAt = nil
            if isNews { record.take(reading) }
            let reason = wasClearing ? "condition holds again before it cleared" : reading.summary
            return Step(record: record, from: record.state, reason: reason, isMove: false)
        }
    }

    private static func occurred(
        _ current: AlarmRecord?, _ key: AlarmKey, _ reading: AlarmFinding, _ clearAfter: Int64, _ now: Timestamp,
        _ id: () -> Int64
    ) -> Step? {
        var record =
            current
            ?? AlarmRecord(
                id: id(), key: key, state: .firing, severity: reading.severity, summary: reading.summary,
                value: reading.value, since: now)
        record.take(reading)
        record.since = now
        var step = fire(record, from: current?.state, now, reading.summary)
        step.record?.dueAt = now.adding(seconds: clearAfter)
        return step
    }

    private static func unmet(_ current: AlarmRecord, _ hold: Int64, _ why: String, _ now: Timestamp) -> Step? {
        guard current.state == .firing || current.state == .acknowledged, hold > 0 else {
            return end(current, why, now)
        }
        var record = current
        if let due = record.dueAt, due.milliseconds(since: now) <= Timestamp(seconds: hold).milliseconds {
            return due <= now ? end(current, why, now) : nil
        }
        record.dueAt = now.adding(seconds: hold)
        return Step(record: record, from: current.state, reason: "clears if it stays so: \(why)", isMove: false)
    }

    private static func between(_ current: AlarmRecord) -> Step? {
        switch current.state {
        case .pending: return forget(current, "condition no longer holds")
        case .firing, .acknowledged:
            guard current.dueAt != nil else { return nil }
            var record = current
            record.dueAt = nil
            return Step(record: record, from: record.state, reason: "not yet well", isMove: false)
        case .cleared: return nil
        }
    }

    private static func due(_ current: AlarmRecord, _ now: Timestamp) -> Step? {
        guard let due = current.dueAt, due <= now else { return nil }
        switch current.state {
        case .pending: return fire(current, from: .pending, now, "condition held")
        case .firing, .acknowledged: return end(current, "time is over", now)
        case .cleared: return nil
        }
    }

    private static func end(_ current: AlarmRecord, _ why: String, _ now: Timestamp) -> Step? {
        switch current.state {
        case .pending: return forget(current, why)
        case .firing, .acknowledged:
            var record = current
            record.state = .cleared
            record.clearedAt = now
            record.dueAt = nil
            return Step(record: record, from: current.state, reason: why, isMove: true)
        case .cleared: return nil
        }
    }

    private static func acknowledge(_ current: AlarmRecord, _ by: String) -> Step? {
        guard current.state == .firing || (current.state == .acknowledged && current.acknowledgedBy != by) else {
            return nil
        }
        var record = current
        record.state = .acknowledged
        record.acknowledgedBy = by
        return Step(record: record, from: current.state, reason: "acknowledged by \(by)", isMove: true)
    }

    private static func rebase(_ current: AlarmRecord, _ now: Timestamp) -> Step? {
        guard current.state != .cleared, current.since > now else { return nil }
        var record = current
        let length = current.dueAt.map { max(0, $0.milliseconds(since: current.since)) }
        record.since = now
        record.dueAt = length.map { Timestamp(milliseconds: now.milliseconds.addingReportingOverflow($0).partialValue) }
        return Step(record: record, from: current.state, reason: "clock moved back", isMove: false)
    }

    private static func fire(_ current: AlarmRecord, from: AlarmState?, _ now: Timestamp, _ reason: String) -> Step {
        var record = current
        record.state = .firing
        record.firedAt = now
        record.clearedAt = nil
        record.dueAt = nil
        record.acknowledgedBy = nil
        record.occurrences += 1
        return Step(record: record, from: from, reason: reason, isMove: true)
    }

    /// A pending alarm that never fired is forgotten; one that fired before goes back to cleared and keeps its row.
    private static func forget(_ current: AlarmRecord, _ why: String) -> Step {
        guard current.occurrences > 0 else {
            return Step(record: nil, from: current.state, reason: why, isMove: true)
        }
        var record = current
        record.state = .cleared
        record.dueAt = nil
        return Step(record: record, from: current.state, reason: why, isMove: true)
    }
}

extension AlarmRecord {
    fileprivate mutating func take(_ reading: AlarmFinding) {
        severity = reading.severity
        summary = reading.summary
        value = reading.value
    }
}
