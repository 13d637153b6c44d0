import Model

/// An alarm as stored.
public struct AlarmRecord: Hashable, Sendable, Codable {
    /// Its number, for commands and links.
    public var id: Int64
    /// What it is about.
    public var key: AlarmKey
    /// Where it stands.
    public var state: AlarmState
    /// How bad it is.
    public var severity: Severity
    /// What is wrong, in one line from the rule's template.
    public var summary: String
    /// The value that made it so, as text.
    public var value: String
    /// Since when the condition holds (collector's clock).
    public var since: Timestamp
    /// When it began to fire; nil while pending.
    public var firedAt: Timestamp?
    /// When it cleared; nil until then.
    public var clearedAt: Timestamp?
    /// When a pending or event-like alarm is due to move by itself; nil for none. Timers are rows.
    public var dueAt: Timestamp?
    /// Who acknowledged it; nil for nobody.
    public var acknowledgedBy: String?
    /// The incident it belongs to; nil for none.
    public var incident: Int64?
    /// How often it fired since it was made.
    public var occurrences: Int
    /// Counted up by each change; for ``Expectation/alarm(_:version:)``.
    public var version: Int64

    /// An alarm.
    public init(
        id: Int64, key: AlarmKey, state: AlarmState, severity: Severity, summary: String, value: String,
        since: Timestamp, firedAt: Timestamp? = nil, clearedAt: Timestamp? = nil, dueAt: Timestamp? = nil,
        acknowledgedBy: String? = nil, incident: Int64? = nil, occurrences: Int = 0, version: Int64 = 0
    ) {
        self.id = id
        self.key = key
        self.state = state
        self.severity = severity
        self.summary = summary
        self.value = value
        self.since = since
        self.firedAt = firedAt
        self.clearedAt = clearedAt
        self.dueAt = dueAt
        self.acknowledgedBy = acknowledgedBy
        self.incident = incident
        self.occurrences = occurrences
        self.version = version
    }
}

/// A change to alarms.
public enum AlarmChange: Sendable {
    /// Inserts the alarm or replaces the one with its key; the store counts the version up and keeps every move in
    /// the alarm's history with commit and reason.
    case put(AlarmRecord, reason: String)
    /// Forgets a pending alarm whose condition went away before it fired.
    case drop(AlarmKey)
    /// A silence: alarms that match make no notification until it ends.
    case addSilence(SilenceRecord)
}

/// A silence as stored.
public struct SilenceRecord: Hashable, Sendable, Codable {
    /// Its number.
    public var id: Int64
    /// The CI it covers; nil for all.
    public var ci: CIID?
    /// The rule it covers; nil for all.
    public var rule: String?
    /// When it ends.
    public var until: Timestamp
    /// Why.
    public var reason: String
    /// Who.
    public var by: String

    /// A silence.
    public init(id: Int64, ci: CIID?, rule: String?, until: Timestamp, reason: String, by: String) {
        self.id = id
        self.ci = ci
        self.rule = rule
        self.until = until
        self.reason = reason
        self.by = by
    }
}

/// Reads alarms.
public protocol AlarmReading: Sendable {
    /// The alarm with `key`, whatever its state; nil if there never was one.
    func alarm(_ key: AlarmKey) async throws -> AlarmRecord?
    /// The alarm numbered `id`.
    func alarm(id: Int64) async throws -> AlarmRecord?
    /// Alarms that match, newest first.
    func alarms(_ query: AlarmQuery) async throws -> [AlarmRecord]
    /// Alarms of one CI that are not cleared.
    func openAlarms(of ci: CIID) async throws -> [AlarmRecord]
    /// The worst severity among the alarms of each of `cis` that fire, acknowledged or not; without those that have none.
    func firingSeverities(of cis: Set<CIID>) async throws -> [CIID: Severity]
    /// Alarms of `cis` that fired as of a commit, acknowledged or not, in the state they had then and since then; severity
    /// and summary are those they had last. Oldest number first, at most `limit`.
    func firingAlarms(of cis: Set<CIID>, asOf commit: CommitNumber, limit: Int) async throws -> [AlarmRecord]
    /// Alarms whose timer is due at `moment`.
    func dueAlarms(at moment: Timestamp, limit: Int) async throws -> [AlarmRecord]
    /// The earliest timer; nil for none.
    func nextAlarmDue() async throws -> Timestamp?
    /// Every move of an alarm with time and reason, oldest first.
    func alarmHistory(id: Int64) async throws -> [AlarmMove]
    /// Silences that hold at `moment`.
    func silences(at moment: Timestamp) async throws -> [SilenceRecord]
}

/// One move in an alarm's life.
public struct AlarmMove: Hashable, Sendable, Codable {
    /// When, by the collector's clock.
    public var time: Timestamp
    /// Where to.
    public var state: AlarmState
    /// Why.
    public var reason: String

    /// A move.
    public init(time: Timestamp, state: AlarmState, reason: String) {
        self.time = time
        self.state = state
        self.reason = reason
    }
}
