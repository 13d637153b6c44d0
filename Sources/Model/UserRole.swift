/// What a person who signs in may do.
public enum UserRole: String, Hashable, Sendable, Codable, CaseIterable {
    /// Sees everything.
    case viewer
    /// Also acknowledges, silences and works on incidents.
    case `operator`
    /// Also manages users, agents and tokens, and reads the audit log.
    case admin
}
