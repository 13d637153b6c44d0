import Model

/// An incident as stored.
public struct IncidentRecord: Hashable, Sendable, Codable {
    /// Its number.
    public var number: Int64
    /// Where it stands.
    public var state: IncidentState
    /// One line from the template.
    public var title: String
    /// The CI at the root.
    public var ci: CIID
    /// How many depend on it: computed from the services reached.
    public var impact: Grade
    /// How soon it must be fixed: from the alarm's severity.
    public var urgency: Grade
    /// Order of work from impact and urgency.
    public var priority: Priority
    /// Affected CIs, business services first.
    public var affected: [AffectedCI]
    /// Team that owns it; nil for nobody yet.
    public var team: String?
    /// Person who has it; nil for nobody yet.
    public var assignee: String?
    /// When it was opened.
    public var openedAt: Timestamp
    /// When service was restored; nil until then.
    public var resolvedAt: Timestamp?
    /// Fields a person set, which the collector does not overwrite.
    public var heldByPerson: Set<String>
    /// Counted up by each change.
    public var version: Int64

    /// An incident.
    public init(
        number: Int64, state: IncidentState, title: String, ci: CIID, impact: Grade, urgency: Grade,
        priority: Priority, affected: [AffectedCI], team: String? = nil, assignee: String? = nil,
        openedAt: Timestamp, resolvedAt: Timestamp? = nil, heldByPerson: Set<String> = [], version: Int64 = 0
    ) {
        self.number = number
        self.state = state
        self.title = title
        self.ci = ci
        self.impact = impact
        self.urgency = urgency
        self.priority = priority
        self.affected = affected
        self.team = team
        self.assignee = assignee
        self.openedAt = openedAt
        self.resolvedAt = resolvedAt
        self.heldByPerson = heldByPerson
        self.version = version
    }
}

/// A CI that an incident reaches.
public struct AffectedCI: Hashable, Sendable, Codable {
    /// The CI.
    public var ci: CIID
    /// Its class.
    public var className: CIClass
    /// Its name when the impact was computed.
    public var name: String
    /// The CIs between the root and this one, root first, in words.
    public var path: [String]

    /// An affected CI.
    public init(ci: CIID, className: CIClass, name: String, path: [String]) {
        self.ci = ci
        self.className = className
        self.name = name
        self.path = path
    }
}

/// A line of an incident's timeline.
public struct TimelineEntry: Hashable, Sendable, Codable {
    /// When, by the collector's clock.
    public var time: Timestamp
    /// What kind of line.
    public var kind: TimelineKind
    /// Who: `collector` or a person's account.
    public var who: String
    /// The text.
    public var text: String

    /// A line.
    public init(time: Timestamp, kind: TimelineKind, who: String, text: String) {
        self.time = time
        self.kind = kind
        self.who = who
        self.text = text
    }
}

/// A change to incidents.
public enum IncidentChange: Sendable {
    /// Inserts or replaces the incident; the store counts the version up.
    case put(IncidentRecord)
    /// Adds a line to its timeline.
    case note(number: Int64, TimelineEntry)
}

/// Reads incidents.
public protocol IncidentReading: Sendable {
    /// The incident numbered `number`.
    func incident(number: Int64) async throws -> IncidentRecord?
    /// The incident of `ci` that is not closed and may take another alarm; nil for none.
    func openIncident(of ci: CIID) async throws -> IncidentRecord?
    /// Incidents that match, newest first.
    func incidents(_ query: IncidentQuery) async throws -> [IncidentRecord]
    /// The timeline, oldest first.
    func timeline(of number: Int64) async throws -> [TimelineEntry]
    /// Whether an alarm other than `alarm` belongs to the incident, fires (acknowledged or not) and is no info.
    func hasOpenAlarm(ofIncident number: Int64, otherThan alarm: Int64) async throws -> Bool
    /// Alarms that belong to the incident.
    func alarms(ofIncident number: Int64) async throws -> [AlarmRecord]
}
