import Model

/// Where a notification stands.
public enum NotificationState: String, Hashable, Sendable, Codable, CaseIterable {
    /// Recorded, to be sent.
    case waiting
    /// A channel took it.
    case delivered
    /// Given up after the last attempt.
    case failed
    /// Not sent on purpose; the reason says why.
    case suppressed
}

/// A notification as stored: recorded before it is sent, sent at least once (threats M28).
public struct NotificationRecord: Hashable, Sendable, Codable {
    /// Its number.
    public var id: Int64
    /// Given to the receiver so that a repeat can be seen: stable for one event and channel.
    public var dedupeKey: String
    /// The channel's name in the configuration.
    public var channel: String
    /// The incident it tells of.
    public var incident: Int64
    /// What happened: `opened`, `updated`, `resolved`.
    public var event: String
    /// One line.
    public var subject: String
    /// The text.
    public var body: String
    /// Where it stands.
    public var state: NotificationState
    /// How often it was tried.
    public var attempts: Int
    /// When it is tried next; nil when it is ended.
    public var nextAttemptAt: Timestamp?
    /// What the channel said last.
    public var lastAnswer: String
    /// When it was recorded.
    public var createdAt: Timestamp
    /// When it ended; nil until then.
    public var endedAt: Timestamp?

    /// A notification.
    public init(
        id: Int64, dedupeKey: String, channel: String, incident: Int64, event: String, subject: String, body: String,
        state: NotificationState = .waiting, attempts: Int = 0, nextAttemptAt: Timestamp?, lastAnswer: String = "",
        createdAt: Timestamp, endedAt: Timestamp? = nil
    ) {
        self.id = id
        self.dedupeKey = dedupeKey
        self.channel = channel
        self.incident = incident
        self.event = event
        self.subject = subject
        self.body = body
        self.state = state
        self.attempts = attempts
        self.nextAttemptAt = nextAttemptAt
        self.lastAnswer = lastAnswer
        self.createdAt = createdAt
        self.endedAt = endedAt
    }
}

/// A change to notifications.
public enum NotificationChange: Sendable {
    /// Inserts or replaces; a second one with the same dedupe key is ignored.
    case put(NotificationRecord)
}

/// Reads notifications.
public protocol NotificationReading: Sendable {
    /// Waiting ones that are due at `moment`, oldest first.
    func dueNotifications(at moment: Timestamp, limit: Int) async throws -> [NotificationRecord]
    /// Waiting ones of one channel that are due at `moment`, oldest first.
    func dueNotifications(at moment: Timestamp, channel: String, limit: Int) async throws -> [NotificationRecord]
    /// When the next is due; nil for none.
    func nextNotificationDue() async throws -> Timestamp?
    /// Those of an incident, oldest first.
    func notifications(ofIncident number: Int64) async throws -> [NotificationRecord]
    /// In which states the notifications of each of these incidents are; an incident without any is left out.
    func notificationStates(ofIncidents numbers: [Int64]) async throws -> [Int64: Set<NotificationState>]
}
