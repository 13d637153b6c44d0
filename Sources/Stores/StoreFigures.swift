import Model

/// How much a store holds and how far its readers are, for metrics.
public struct StoreFigures: Hashable, Sendable {
    /// Agents heard and not silent.
    public var liveAgents: Int64 = 0
    /// Agents never heard.
    public var newAgents: Int64 = 0
    /// Agents that are silent.
    public var silentAgents: Int64 = 0
    /// Agents that are revoked.
    public var revokedAgents: Int64 = 0
    /// Alarms by state.
    public var alarms: [AlarmState: Int64] = [:]
    /// Incidents by state.
    public var incidents: [IncidentState: Int64] = [:]
    /// Notifications by state.
    public var notifications: [NotificationState: Int64] = [:]
    /// The newest entry of the feed.
    public var newest = FeedCursor.start
    /// How far each durable reader of the feed has come.
    public var readers: [FeedReader: FeedCursor] = [:]
    /// Bytes of the database.
    public var databaseBytes: Int64 = 0
    /// Bytes of its log.
    public var logBytes: Int64 = 0
    /// Change sets that wait for the writer.
    public var waitingCommits: Int64 = 0

    /// Nothing.
    public init() {}
}

/// Counts what a store holds.
public protocol StoreFigureReading: Sendable {
    /// Figures of one moment.
    func storeFigures() async throws -> StoreFigures
}
