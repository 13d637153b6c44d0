/// Where an incident stands in its life.
public enum IncidentState: String, Hashable, Sendable, Codable, CaseIterable {
    /// Opened, nobody has it.
    case new
    /// It has an owner.
    case assigned
    /// Work is being done.
    case inProgress = "in-progress"
    /// Waiting for something named in the reason.
    case pending
    /// Service is restored.
    case resolved
    /// Done and accepted.
    case closed
}

/// Three grades, used for impact and for urgency.
public enum Grade: Int, Hashable, Sendable, Codable, CaseIterable {
    /// Greatest.
    case high = 1
    /// Between.
    case medium = 2
    /// Least.
    case low = 3

    /// The grade as interfaces write it: `high`, `medium`, `low`.
    public var word: String {
        switch self {
        case .high: "high"
        case .medium: "medium"
        case .low: "low"
        }
    }
}

/// Order of work: 1 is first, 5 is last.
public struct Priority: RawRepresentable, Hashable, Comparable, Sendable, Codable {
    /// 1 to 5.
    public let rawValue: Int

    /// A priority, clamped to 1…5.
    public init(rawValue: Int) { self.rawValue = min(max(rawValue, 1), 5) }

    /// More urgent first.
    public static func < (left: Priority, right: Priority) -> Bool { left.rawValue < right.rawValue }
}

/// What a line of an incident's timeline records.
public enum TimelineKind: String, Hashable, Sendable, Codable, CaseIterable {
    /// It was opened.
    case opened
    /// An alarm joined, cleared or reopened.
    case alarm
    /// State, owner or a field changed.
    case changed
    /// Somebody was told, or could not be.
    case notification
    /// A person's words.
    case note
    /// It was resolved or closed.
    case resolved
}
