import Model
import Stores

/// What one section of one subject changes.
public struct ReconcileDecision: Sendable {
    /// Changes, in an order the store can apply.
    public var changes: [CMDBChange] = []
    /// What the feed tells.
    public var events: [FeedEvent] = []
    /// What must still be so.
    public var expectations: [Expectation] = []
    /// Lines for the audit log: keys that were not followed.
    public var audits: [AgentChange] = []
    /// The CI the section is about.
    public var ci: CIID
    /// Whether the subject's CI was made by this decision.
    public var isNew: Bool
}

/// Why no decision was made.
public enum ReconcileError: Error, Hashable, CustomStringConvertible {
    /// More numbers are needed than were reserved: reserve for the newer snapshot and decide again.
    case outOfNumbers

    /// One line.
    public var description: String { "not enough numbers were reserved for the decision" }
}
