import Model
import Stores

/// Why nobody knows of an incident.
public enum UntoldReason: String, Hashable, Sendable, CaseIterable {
    /// No channel takes its priority and event: nothing was to be sent.
    case noChannel = "no_channel"
    /// Every channel refused what was sent to it, and nothing more is tried.
    case allFailed = "all_failed"

    /// The reason, from an incident's notifications; nil where somebody was told, is about to be, or where a silence
    /// held the message back on purpose.
    public init?(_ notifications: [NotificationRecord]) {
        if notifications.isEmpty {
            self = .noChannel
        } else if notifications.allSatisfy({ $0.state == .failed }) {
            self = .allFailed
        } else {
            return nil
        }
    }
}

extension QueryService {
    /// Those of `incidents` that are not over and of which nobody knows, by number.
    public func untold(_ incidents: [IncidentRecord]) async throws -> [Int64: UntoldReason] {
        var found: [Int64: UntoldReason] = [:]
        for incident in incidents where ![.resolved, .closed].contains(incident.state) {
            found[incident.number] = UntoldReason(try await notifications(of: incident.number))
        }
        return found
    }
}
