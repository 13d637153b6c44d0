import Model

/// All rules in force, indexed by what they watch; a value that is loaded at start.
public struct RuleSet: Sendable {
    /// The rules in order of name.
    public let rules: [AlarmRule]

    let byMetric: [String: [AlarmRule]]
    let checks: [AlarmRule]
    let heartbeats: [AlarmRule]
    let changes: [AlarmRule]
    let events: [AlarmRule]
    let clearingMetrics: Set<String>
    private let byName: [String: AlarmRule]
    private let attributeAskers: [AlarmRule]

    /// A set of rules.
    public init(_ rules: [AlarmRule]) {
        self.rules = rules.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        var byMetric: [String: [AlarmRule]] = [:]
        var checks: [AlarmRule] = []
        var heartbeats: [AlarmRule] = []
        var changes: [AlarmRule] = []
        var events: [AlarmRule] = []
        var clearingMetrics: Set<String> = []
        var byName: [String: AlarmRule] = [:]
        for rule in self.rules {
            byName[rule.name] = rule
            switch rule.condition {
            case .threshold(let condition): byMetric[condition.metric, default: []].append(rule)
            case .check: checks.append(rule)
            case .heartbeat: heartbeats.append(rule)
            case .changed: changes.append(rule)
            case .event(let condition):
                events.append(rule)
                if let metric = condition.clearing?.metric { clearingMetrics.insert(metric) }
            }
        }
        self.byMetric = byMetric
        self.checks = checks
        self.heartbeats = heartbeats
        self.changes = changes
        self.events = events
        self.clearingMetrics = clearingMetrics
        self.byName = byName
        attributeAskers = self.rules.filter { rule in
            if case .threshold(let condition) = rule.condition, condition.per != nil { return true }
            return !rule.scope.attributes.isEmpty
        }
    }

    /// The rule called `name`.
    public func rule(named name: String) -> AlarmRule? { byName[name] }

    /// Whether some rule asks for attributes of CIs of this class.
    public func needsAttributes(of className: CIClass) -> Bool {
        attributeAskers.contains { $0.scope.classes.isEmpty || $0.scope.classes.contains(className) }
    }

    /// Whether some rule watches one of the metrics.
    public func watches(_ metric: String) -> Bool { byMetric[metric] != nil }
}
