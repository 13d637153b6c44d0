import Model

/// A position in the change feed; opaque outside the store.
public struct FeedCursor: RawRepresentable, Hashable, Comparable, Sendable, Codable {
    /// The position of the last entry that was read; 0 before the first.
    public let rawValue: Int64

    /// The position `rawValue`.
    public init(rawValue: Int64) { self.rawValue = rawValue }

    /// Before the first entry.
    public static let start = FeedCursor(rawValue: 0)

    /// Earlier positions first.
    public static func < (left: FeedCursor, right: FeedCursor) -> Bool { left.rawValue < right.rawValue }
}

/// A durable reader of the feed, by name.
public struct FeedReader: RawRepresentable, Hashable, Sendable, Codable, ExpressibleByStringLiteral {
    /// The name under which its cursor is kept.
    public let rawValue: String

    /// The reader called `rawValue`.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The reader called `value`.
    public init(stringLiteral value: String) { rawValue = value }
}

/// One thing that happened, as the feed tells it: the only input of graph, rules, live pages and webhooks.
public enum FeedEvent: Hashable, Sendable, Codable {
    /// A CI came into being.
    case ciCreated(ci: CIID, className: CIClass, name: String)
    /// A CI vanished, returned or was retired.
    case ciStateChanged(ci: CIID, from: CIState, to: CIState)
    /// A CI was renamed.
    case ciRenamed(ci: CIID, from: String, to: String)
    /// Attributes of a CI's record changed. `firstSight` is true for the values it was created with.
    case attributesChanged(ci: CIID, changes: [AttributeChange], source: String, firstSight: Bool)
    /// Items of a section changed. Lists hold at most 100 entries each; `total` counts all.
    case itemsChanged(
        ci: CIID, section: SectionName, changes: [ItemChange], total: Int, source: String, firstSight: Bool)
    /// An edge appeared.
    case relationAdded(RelationEdge)
    /// An edge ended.
    case relationEnded(RelationEdge)
    /// A check reported about a CI: every change of state, and every failing run until ten in a row.
    case checkReported(ci: CIID, agent: String, result: CheckResult)
    /// A device told something by itself, or something was seen of it. `isLate` when newer reports of its agent came before.
    case deviceReported(ci: CIID, agent: String, event: DeviceEvent, isLate: Bool)
    /// An agent said something again after it was silent, or was heard for the first time.
    case agentHeard(ci: CIID?, agent: String)
    /// An agent has been silent for longer than it promised.
    case agentSilent(ci: CIID?, agent: String, seconds: Int64)
    /// An alarm moved.
    case alarmChanged(id: Int64, key: AlarmKey, from: AlarmState?, to: AlarmState)
    /// An incident was opened, updated or moved.
    case incidentChanged(number: Int64, state: IncidentState)
    /// Something was found in a network, or it was decided what becomes of it; `to` is nil where it was forgotten.
    case discoveryChanged(id: Int64, name: String, from: DiscoveryState?, to: DiscoveryState?, ci: CIID?)
    /// A notification was delivered or given up.
    case notificationEnded(id: Int64, delivered: Bool)
}

/// One attribute's change.
public struct AttributeChange: Hashable, Sendable, Codable {
    /// The attribute's name.
    public var name: String
    /// The value before; nil when there was none.
    public var before: AttributeValue?
    /// The value after; nil when there is none.
    public var after: AttributeValue?

    /// A change.
    public init(name: String, before: AttributeValue?, after: AttributeValue?) {
        self.name = name
        self.before = before
        self.after = after
    }
}

/// One item's change.
public struct ItemChange: Hashable, Sendable, Codable {
    /// The item's key.
    public var key: String
    /// Its attributes before; nil when it was added.
    public var before: [String: AttributeValue]?
    /// Its attributes after; nil when it was removed.
    public var after: [String: AttributeValue]?

    /// A change.
    public init(key: String, before: [String: AttributeValue]?, after: [String: AttributeValue]?) {
        self.key = key
        self.before = before
        self.after = after
    }
}

/// An edge between two CIs, with who says so.
public struct RelationEdge: Hashable, Sendable, Codable {
    /// Read from here …
    public var source: CIID
    /// … as this …
    public var kind: RelationKind
    /// … to here.
    public var target: CIID
    /// The source object whose statement it is (see ``SourceObjectRecord``).
    public var object: Int64
    /// How sure the derivation is, 0 to 100.
    public var confidence: Int
    /// What it rests on; nil for what an agent or a file says outright.
    public var evidence: RelationEvidence?

    /// An edge.
    public init(
        source: CIID, kind: RelationKind, target: CIID, object: Int64, confidence: Int,
        evidence: RelationEvidence? = nil
    ) {
        self.source = source
        self.kind = kind
        self.target = target
        self.object = object
        self.confidence = confidence
        self.evidence = evidence
    }
}

/// An event with its place.
public struct FeedEntry: Hashable, Sendable, Codable {
    /// Its position.
    public var cursor: FeedCursor
    /// The commit it was written in.
    public var commit: CommitNumber
    /// Wall time of that commit at the collector.
    public var time: Timestamp
    /// What happened.
    public var event: FeedEvent

    /// An entry.
    public init(cursor: FeedCursor, commit: CommitNumber, time: Timestamp, event: FeedEvent) {
        self.cursor = cursor
        self.commit = commit
        self.time = time
        self.event = event
    }
}

/// Reads the feed.
public protocol FeedReading: Sendable {
    /// At most `limit` entries behind `cursor`, in order, none skipped.
    func entries(after cursor: FeedCursor, limit: Int) async throws -> [FeedEntry]
    /// The cursor a reader committed last; `.start` if it never did.
    func cursor(of reader: FeedReader) async throws -> FeedCursor
    /// The position of the newest entry.
    func newestCursor() async throws -> FeedCursor
    /// Returns when there is an entry behind `cursor`, or when the task is cancelled.
    func waitForEntries(after cursor: FeedCursor) async throws
}

extension FeedEvent {
    /// The CIs the event is about; both ends of a relation.
    public var subjects: [CIID] {
        switch self {
        case .ciCreated(let ci, _, _), .ciStateChanged(let ci, _, _), .ciRenamed(let ci, _, _),
            .attributesChanged(let ci, _, _, _), .itemsChanged(let ci, _, _, _, _, _), .checkReported(let ci, _, _),
            .deviceReported(let ci, _, _, _):
            [ci]
        case .relationAdded(let edge), .relationEnded(let edge): [edge.source, edge.target]
        case .agentHeard(let ci, _), .agentSilent(let ci, _, _): ci.map { [$0] } ?? []
        case .alarmChanged(_, let key, _, _): [key.ci]
        case .discoveryChanged(_, _, _, _, let ci): ci.map { [$0] } ?? []
        case .incidentChanged, .notificationEnded: []
        }
    }
}
