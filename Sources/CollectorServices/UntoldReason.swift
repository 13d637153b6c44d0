import Stores

/// Why nobody knows of an incident.
public enum UntoldReason: String, Hashable, Sendable, CaseIterable {
    /// No channel takes its priority and event: nothing was to be sent.
    case noChannel = "no_channel"
    /// Every channel refused what was sent to it, and nothing more is tried.
    case allFailed = "all_failed"

    /// The reason, from the states of an incident's notifications; nil where somebody was told, is about to be, or where a
    /// silence held the message back on purpose.
    public init?(_ states: Set<NotificationState>) {
        switch states {
        case []: self = .noChannel
        case [.failed]: self = .allFailed
        default: return nil
        }
    }
}
