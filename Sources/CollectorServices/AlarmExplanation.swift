import Model
import Stores

/// Why an alarm is as it is: the answer to `muster alarm explain`.
public struct AlarmExplanation: Sendable, Codable {
    /// The alarm.
    public var alarm: AlarmRecord
    /// The name of its CI.
    public var ciName: String
    /// What its rule is for; nil when the rule no longer exists.
    public var rule: String?
    /// The rule's condition in words, with the limits it uses.
    public var condition: String
    /// Every move with time and reason, oldest first.
    public var moves: [AlarmMove]
    /// Silences that cover it now.
    public var silences: [SilenceRecord]
    /// The incident it belongs to; nil for none.
    public var incident: IncidentRecord?
    /// What was sent for that incident, or why not.
    public var notifications: [NotificationRecord]
    /// The same in lines for people: value, rule, why now, why paged or not.
    public var lines: [String]
}
