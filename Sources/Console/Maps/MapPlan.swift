import CMDB
import Model

/// What a map shows, before it is drawn: CIs, what was gathered into one node, and the ways between them.
///
/// Ways are those of the impact walk, so each CI hangs on the one that explains it. Leaves of one class on one CI are
/// gathered beyond a limit; those with alarms stay visible.
struct MapPlan: Sendable {
    /// A CI, or several of one class.
    struct Node: Sendable, Equatable {
        /// The CI; for a gathering the one it hangs on.
        var ci: CIID
        var className: CIClass
        var name: String
        var state: CIState
        /// Whether the map was asked about it.
        var isRoot = false
        /// How many CIs it stands for; 0 for one CI.
        var gathered = 0
    }

    /// A way along which failure travels, by position in ``nodes``.
    struct Way: Sendable, Equatable {
        var from: Int
        var to: Int
    }

    private(set) var nodes: [Node] = []
    private(set) var ways: [Way] = []
    /// CIs that stand in no node.
    private(set) var left = 0

    /// How many nodes a map has at most.
    static let nodeLimit = 240

    private var places: [CIID: Int] = [:]

    /// A map of roots with what hangs on them to their right and what they need to their left.
    init(
        roots: [GraphNode], dependents: [ImpactedCI], dependencies: [ImpactedCI], severities: [CIID: Severity],
        leaves: Int = 5
    ) {
        for root in roots {
            add(Node(ci: root.ci, className: root.className, name: root.name, state: root.state, isRoot: true))
        }
        // The wider the answer, the earlier leaves are gathered.
        let total = dependents.count + dependencies.count
        let limit = total > 2 * Self.nodeLimit ? 1 : total > Self.nodeLimit ? 3 : leaves
        add(dependencies, towardsRoot: true, limit, severities)
        add(dependents, towardsRoot: false, limit, severities)
    }

    private mutating func add(_ node: Node) {
        places[node.ci] = nodes.count
        nodes.append(node)
    }

    private mutating func add(
        _ reached: [ImpactedCI], towardsRoot: Bool, _ limit: Int, _ severities: [CIID: Severity]
    ) {
        let inner = Set(reached.compactMap(\.via))
        var bundles: [Bundle: [ImpactedCI]] = [:]
        var order: [Bundle] = []
        for ci in Self.nearestFirst(reached) where places[ci.ci] == nil {
            let isLeaf = !inner.contains(ci.ci) && ci.className != .businessService
            let bundle = Bundle(via: ci.via, className: ci.className, single: isLeaf ? nil : ci.ci)
            if bundles[bundle] == nil { order.append(bundle) }
            bundles[bundle, default: []].append(ci)
        }
        for bundle in order {
            let members = bundles[bundle] ?? []
            guard let via = bundle.via, let origin = places[via], nodes.count < Self.nodeLimit else {
                left += members.count
                continue
            }
            let shown = members.count > limit ? members.filter { severities[$0.ci] != nil }.prefix(5) : members[...]
            for ci in shown {
                add(Node(ci: ci.ci, className: ci.className, name: ci.name, state: ci.state))
                link(origin, nodes.count - 1, towardsRoot)
            }
            let rest = members.count - shown.count
            guard rest > 0 else { continue }
            nodes.append(Node(ci: via, className: bundle.className, name: "", state: .active, gathered: rest))
            link(origin, nodes.count - 1, towardsRoot)
        }
    }

    /// In order of distance, so that each comes after the one it hangs on.
    private static func nearestFirst(_ reached: [ImpactedCI]) -> [ImpactedCI] {
        var rings: [Int: [ImpactedCI]] = [:]
        for ci in reached { rings[ci.distance, default: []].append(ci) }
        return rings.keys.sorted().flatMap { rings[$0] ?? [] }
    }

    private mutating func link(_ origin: Int, _ reached: Int, _ towardsRoot: Bool) {
        ways.append(towardsRoot ? Way(from: reached, to: origin) : Way(from: origin, to: reached))
    }

    private struct Bundle: Hashable {
        var via: CIID?
        var className: CIClass
        /// Set for a CI that stays by itself.
        var single: CIID?
    }
}
