import Model

/// A CI as the graph knows it.
public struct GraphNode: Hashable, Sendable, Codable {
    /// Its number.
    public var ci: CIID
    /// Its class.
    public var className: CIClass
    /// Its name.
    public var name: String
    /// Its state.
    public var state: CIState
    /// The CI it lies inside; nil for none.
    public var parent: CIID?

    /// A node.
    public init(ci: CIID, className: CIClass, name: String, state: CIState, parent: CIID?) {
        self.ci = ci
        self.className = className
        self.name = name
        self.state = state
        self.parent = parent
    }
}

/// Which way a question travels.
public enum ImpactTravel: String, Hashable, Sendable, Codable, CaseIterable {
    /// What suffers when the roots fail.
    case dependents
    /// What the roots need.
    case dependencies
}

/// What the roots reach.
public struct ImpactAnswer: Hashable, Sendable, Codable {
    /// Where the question began.
    public var roots: [GraphNode]
    /// What is reached: business services first, then by distance, then by number.
    public var affected: [ImpactedCI]
    /// How many are reached in all.
    public var total: Int
    /// Whether `affected` was cut short.
    public var truncated: Bool

    /// An answer.
    public init(roots: [GraphNode], affected: [ImpactedCI], total: Int, truncated: Bool) {
        self.roots = roots
        self.affected = affected
        self.total = total
        self.truncated = truncated
    }
}

/// A CI that is reached.
public struct ImpactedCI: Hashable, Sendable, Codable {
    /// Its number.
    public var ci: CIID
    /// Its class.
    public var className: CIClass
    /// Its name.
    public var name: String
    /// Its state.
    public var state: CIState
    /// Edges between the nearest root and it.
    public var distance: Int
    /// The CIs on a shortest way, root first, itself last, as `class name`.
    public var path: [String]
    /// The CI before it on that way; nil only where nothing is known of it.
    public var via: CIID?

    /// A reached CI.
    public init(
        ci: CIID, className: CIClass, name: String, state: CIState, distance: Int, path: [String], via: CIID? = nil
    ) {
        self.ci = ci
        self.className = className
        self.name = name
        self.state = state
        self.distance = distance
        self.path = path
        self.via = via
    }
}
