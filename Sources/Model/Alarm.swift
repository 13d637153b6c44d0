/// How bad a condition is; from worst to least.
public enum Severity: String, Hashable, Sendable, Codable, CaseIterable {
    /// Service is lost.
    case critical
    /// Service is degraded or redundancy is gone.
    case major
    /// Something needs work soon.
    case warning
    /// Worth knowing; nobody is called.
    case info
}

/// Where an alarm stands in its life.
public enum AlarmState: String, Hashable, Sendable, Codable, CaseIterable {
    /// The condition holds, but not yet as long as the rule asks.
    case pending
    /// The condition holds.
    case firing
    /// A person knows.
    case acknowledged
    /// The condition no longer holds.
    case cleared
}

/// What makes an alarm one and the same through restarts, renames and re-syncs.
public struct AlarmKey: Hashable, Sendable, Codable {
    /// The CI it is about.
    public var ci: CIID
    /// The rule's name.
    public var rule: String
    /// Which of several on one CI: the check's name, the mount point, the package; `""` where there is one.
    public var instance: String

    /// A key.
    public init(ci: CIID, rule: String, instance: String) {
        self.ci = ci
        self.rule = rule
        self.instance = instance
    }
}
