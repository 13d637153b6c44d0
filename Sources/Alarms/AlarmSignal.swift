import Model

/// What a rule, a timer or a person says about one alarm.
public enum AlarmSignal: Hashable, Sendable {
    /// The condition holds; the alarm fires when it has held for `hold` seconds.
    case met(AlarmFinding, hold: Int64)
    /// The condition does not hold; the alarm clears when that has lasted for `hold` seconds.
    case unmet(hold: Int64, why: String)
    /// Neither: within the hysteresis, or too few failures so far.
    case between
    /// Something happened; the alarm fires and clears itself after `clearAfter` seconds.
    case occurred(AlarmFinding, clearAfter: Int64)
    /// The alarm's timer may be due.
    case due
    /// What the alarm was about is gone: its rule or its CI.
    case gone(why: String)
    /// A person knows.
    case acknowledge(by: String)
    /// The wall clock was found to stand before the alarm's own times: its timer keeps its length from now on.
    case clockMovedBack
}

/// What an alarm says when its condition holds.
public struct AlarmFinding: Hashable, Sendable {
    /// How bad it is.
    public var severity: Severity
    /// One line.
    public var summary: String
    /// The value that made it so, as text.
    public var value: String
    /// Whether a firing alarm takes over a new summary; false where values move all the time.
    public var refreshes: Bool

    /// A reading.
    public init(severity: Severity, summary: String, value: String, refreshes: Bool) {
        self.severity = severity
        self.summary = summary
        self.value = value
        self.refreshes = refreshes
    }
}

/// A signal with the alarm it is for.
public struct RuleHit: Hashable, Sendable {
    /// The alarm.
    public var key: AlarmKey
    /// What is said.
    public var signal: AlarmSignal

    /// A hit.
    public init(key: AlarmKey, signal: AlarmSignal) {
        self.key = key
        self.signal = signal
    }

    /// Whether the hit can do nothing when there is no open alarm with its key.
    public var needsOpenAlarm: Bool {
        switch signal {
        case .met, .occurred: false
        case .unmet, .between, .due, .gone, .acknowledge, .clockMovedBack: true
        }
    }
}
