import Model

/// Everything one decision changes: applied whole or not at all, under one commit number.
///
/// Stores decide, then commit: a caller loads a snapshot, decides without a transaction, and commits the set with the
/// versions it relied on. On ``StoreError/conflict(_:)`` it loads again and decides again.
public struct ChangeSet: Sendable {
    /// What must still be so, or the set is refused with a conflict.
    public var expectations: [Expectation] = []
    /// Changes to CIs, observations, items and relations.
    public var cmdb: [CMDBChange] = []
    /// Changes to the newest results of checks.
    public var checks: [CheckChange] = []
    /// Changes to alarms and their timers.
    public var alarms: [AlarmChange] = []
    /// Changes to incidents.
    public var incidents: [IncidentChange] = []
    /// Changes to what was found in networks.
    public var discoveries: [DiscoveryChange] = []
    /// Changes to who looks through which network.
    public var sweeps: [SweepChange] = []
    /// Changes to notifications.
    public var notifications: [NotificationChange] = []
    /// Changes to agents, tokens, certificates, ledger and receipts.
    public var agents: [AgentChange] = []
    /// Changes to users, sessions and sign-in links.
    public var accounts: [AccountChange] = []
    /// Changes to what is kept of requests that may be sent again.
    public var requests: [RequestChange] = []
    /// How far a reader of the feed has come; moves with what it did about it.
    public var cursors: [FeedReader: FeedCursor] = [:]
    /// What happened, for the one change feed.
    public var events: [FeedEvent] = []

    /// An empty set.
    public init() {}

    /// Whether committing would change nothing.
    public var isEmpty: Bool {
        cmdb.isEmpty && checks.isEmpty && alarms.isEmpty && incidents.isEmpty && discoveries.isEmpty
            && sweeps.isEmpty && notifications.isEmpty && agents.isEmpty && accounts.isEmpty && requests.isEmpty
            && cursors.isEmpty
            && events.isEmpty
    }
}

/// A version a decision relied on.
public enum Expectation: Hashable, Sendable {
    /// The CI's version; 0 for one that must not exist.
    case ci(CIID, version: Int64)
    /// The newest digest of a section of a source object; nil for none yet.
    case section(object: Int64, section: SectionName, digest: String?)
    /// The alarm's version; 0 for one that must not exist.
    case alarm(AlarmKey, version: Int64)
    /// The incident's version.
    case incident(number: Int64, version: Int64)
    /// The version of what was found; 0 for what must not exist.
    case discovery(id: Int64, version: Int64)
    /// The reader's cursor.
    case cursor(FeedReader, FeedCursor)
}

/// Commits change sets.
public protocol ChangeCommitting: Sendable {
    /// Applies `set` whole and durably (flushed) before it returns; throws ``StoreError``.
    func commit(_ set: ChangeSet) async throws -> CommitNumber
    /// `count` numbers never given before, for CIs, source objects, alarms and incidents made by a decision.
    func reserveNumbers(_ count: Int) async throws -> Range<Int64>
}

/// Why a store refused.
public enum StoreError: Error, Hashable, CustomStringConvertible {
    /// Something changed since the snapshot: load again and decide again.
    case conflict(String)
    /// The disk is full or the file is read-only: nothing was written.
    case unwritable(String)
    /// The file is damaged or foreign.
    case unusable(String)
    /// The file was written by a newer version; it was left alone.
    case newer(String)
    /// Asked for something that does not exist.
    case notFound(String)
    /// Another process has the file open.
    case inUse(String)
    /// A value no store keeps: too long, not a number.
    case refused(String)

    /// One line: what, where, what to do.
    public var description: String {
        switch self {
        case .conflict(let what): "changed meanwhile: \(what); try again"
        case .unwritable(let what): "store cannot be written: \(what); free space or fix the mount"
        case .unusable(let what): "store cannot be used: \(what); restore a backup"
        case .newer(let what):
            "\(what) was written by a newer version of muster-collector and was left alone; install that version, or "
                + "restore a backup that this one made"
        case .notFound(let what): "\(what) does not exist"
        case .inUse(let what): "\(what) is in use by another collector; stop it first"
        case .refused(let what): "refused: \(what)"
        }
    }
}
