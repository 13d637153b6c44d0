import Model
import Stores

/// Everything a decision about one move of one alarm may look at.
public struct IncidentSituation: Sendable {
    /// The alarm as it stands.
    public var alarm: AlarmRecord
    /// What its rule says of urgency; nil takes it from the severity.
    public var ruleUrgency: Grade?
    /// The name of its CI.
    public var ciName: String
    /// Incidents it may belong to, the most fitting first: its own, that of its CI, that of its host when that is down.
    public var candidates: [IncidentRecord]
    /// Whether its own incident has another alarm that is open.
    public var hasOtherOpenAlarm: Bool
    /// What the failure reaches, business services first; empty unless the alarm fires.
    public var affected: [AffectedCI]
    /// The collector's time.
    public var now: Timestamp

    /// A situation.
    public init(
        alarm: AlarmRecord, ruleUrgency: Grade?, ciName: String, candidates: [IncidentRecord],
        hasOtherOpenAlarm: Bool, affected: [AffectedCI], now: Timestamp
    ) {
        self.alarm = alarm
        self.ruleUrgency = ruleUrgency
        self.ciName = ciName
        self.candidates = candidates
        self.hasOtherOpenAlarm = hasOtherOpenAlarm
        self.affected = affected
        self.now = now
    }
}

/// What happened to an incident that somebody may want to be told of.
public enum IncidentEvent: String, Hashable, Sendable, Codable, CaseIterable {
    /// It was opened.
    case opened
    /// Its priority rose.
    case updated
    /// It fires again.
    case reopened
    /// Service is restored.
    case resolved
}

/// What a decision changes.
public struct IncidentDecision: Hashable, Sendable {
    /// The incident as it shall be.
    public var incident: IncidentRecord
    /// Lines for its timeline.
    public var notes: [TimelineEntry]
    /// The alarm, when it was given to the incident.
    public var alarm: AlarmRecord?
    /// What to tell people; nil for nothing.
    public var event: IncidentEvent?
    /// Whether the incident's row changes, and not just its timeline.
    public var changesIncident: Bool
}
