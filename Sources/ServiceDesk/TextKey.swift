/// Every text the service desk writes; each language's catalogue has exactly these (`collector-config/strings`).
public enum TextKey: String, Hashable, Sendable, CaseIterable {
    case incidentTitle = "incident.title"

    case opened = "timeline.opened"
    case openedByPerson = "timeline.opened_by_person"
    case impact = "timeline.impact"
    case joined = "timeline.joined"
    case firedAgain = "timeline.fired_again"
    case acknowledged = "timeline.acknowledged"
    case cleared = "timeline.cleared"
    case raised = "timeline.raised"
    case resolved = "timeline.resolved"
    case leftOpen = "timeline.left_open"
    case reopened = "timeline.reopened"
    case fieldChanged = "timeline.field_changed"
    case delivered = "timeline.delivered"
    case attemptFailed = "timeline.attempt_failed"
    case givenUp = "timeline.given_up"
    case suppressed = "timeline.suppressed"

    case subject = "notification.subject"
    case body = "notification.body"
    case affectedLine = "notification.affected_line"
    case nothingAffected = "notification.nothing_affected"
    case silenced = "notification.silenced"

    case wordOpened = "word.opened"
    case wordUpdated = "word.updated"
    case wordReopened = "word.reopened"
    case wordResolved = "word.resolved"
    case wordHigh = "word.high"
    case wordMedium = "word.medium"
    case wordLow = "word.low"
    case wordNobody = "word.nobody"

    case severityCritical = "severity.critical"
    case severityMajor = "severity.major"
    case severityWarning = "severity.warning"
    case severityInfo = "severity.info"

    case stateNew = "incident_state.new"
    case stateAssigned = "incident_state.assigned"
    case stateInProgress = "incident_state.in_progress"
    case statePending = "incident_state.pending"
    case stateResolved = "incident_state.resolved"
    case stateClosed = "incident_state.closed"

    /// The names a text may use as places.
    public static let names = [
        "affected", "after", "alarm", "answer", "attempt", "before", "channel", "ci", "event", "field", "impact",
        "name",
        "names", "number", "others", "path", "priority", "reason", "rule", "services", "severity", "state", "summary",
        "time",
        "title", "until", "urgency", "who",
    ]
}
