import Model
import ServiceDesk
import Stores

/// Something to tell, on its way through the stages; one draft becomes one per channel.
public struct NotificationDraft: Hashable, Sendable {
    /// What happened.
    public var event: IncidentEvent
    /// The incident, as it is after the decision.
    public var incident: IncidentRecord
    /// The alarm that made it happen; nil when a person did.
    public var alarm: AlarmKey?
    /// One line and the text.
    public var message: IncidentMessage
    /// The channel; nil before routing.
    public var channel: String?
    /// The key of this event on this channel; nil before it is given.
    public var dedupeKey: String?
    /// Why it is not sent; nil when it is.
    public var suppressedBecause: String?

    /// A draft.
    public init(event: IncidentEvent, incident: IncidentRecord, alarm: AlarmKey?, message: IncidentMessage) {
        self.event = event
        self.incident = incident
        self.alarm = alarm
        self.message = message
    }
}
