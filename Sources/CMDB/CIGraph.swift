import Model
import Stores

/// The whole graph in memory: compressed rows of neighbours, and beside them what changed since they were packed.
///
/// A million CIs and five million edges take about 100 MiB; a question visits each edge of what it reaches once. The
/// feed keeps it current (``apply(_:parent:)``); when the changes beside the rows grow, everything is packed anew.
public struct CIGraph: Sendable {
    var nodes: GraphNodes
    var out: AdjacencyRows
    var into: AdjacencyRows
    /// Changes beside the rows: how many statements of an edge came or went.
    var delta: [PackedEdge: Int32] = [:]
    var addedOut: [Int32: [PackedEnd]] = [:]
    var addedInto: [Int32: [PackedEnd]] = [:]
    var scratch = GraphScratch()

    private static let deltaLimit = 200_000

    /// An empty graph.
    public init() {
        nodes = GraphNodes()
        out = AdjacencyRows()
        into = AdjacencyRows()
    }

    init(nodes: GraphNodes, edges: [PackedEdge]) {
        self.nodes = nodes
        out = AdjacencyRows(count: nodes.count, edges: edges) { ($0.source, PackedEnd($0.target, $0.kind)) }
        into = AdjacencyRows(count: nodes.count, edges: edges) { ($0.target, PackedEnd($0.source, $0.kind)) }
    }

    /// How many CIs it holds.
    public var nodeCount: Int { nodes.count }

    /// The CI numbered `ci`; nil when the graph does not have it.
    public func node(_ ci: CIID) -> GraphNode? { nodes.index(of: ci).map { nodes.node($0) } }

    /// Applies what the feed tells; events that do not change the graph are passed over. `parent` is the CI a created
    /// one lies inside.
    public mutating func apply(_ event: FeedEvent, parent: CIID?) {
        switch event {
        case .ciCreated(let ci, let className, let name):
            nodes.add(id: ci, className: className, name: name, state: .active, parent: parent)
        case .ciStateChanged(let ci, _, let state): nodes.setState(state, of: ci)
        case .ciRenamed(let ci, _, let name): nodes.setName(name, of: ci)
        case .relationAdded(let edge): change(edge, by: 1)
        case .relationEnded(let edge): change(edge, by: -1)
        default: break
        }
    }

    private mutating func change(_ edge: RelationEdge, by step: Int32) {
        guard let source = nodes.index(of: edge.source), let target = nodes.index(of: edge.target) else { return }
        let packed = PackedEdge(source: source, kind: edge.kind, target: target)
        delta[packed, default: 0] += step
        if step > 0 {
            let (end, back) = (PackedEnd(target, edge.kind), PackedEnd(source, edge.kind))
            if addedOut[source]?.contains(end) != true {
                addedOut[source, default: []].append(end)
                addedInto[target, default: []].append(back)
            }
        }
        if delta.count > CIGraph.deltaLimit { pack() }
    }

    /// Calls `body` with each neighbour once per row it stands in; an edge that has no statement left is passed over.
    @inline(__always)
    func forEachEnd(of node: Int32, isOut: Bool, _ body: (PackedEnd) -> Void) {
        if delta.isEmpty {
            if isOut { out.forEachEnd(of: node, body) } else { into.forEachEnd(of: node, body) }
            return
        }
        let added = isOut ? addedOut[node] : addedInto[node]
        for end in (isOut ? out : into).ends(of: node) where holds(node, end, isOut: isOut) { body(end) }
        for end in added ?? [] where holds(node, end, isOut: isOut) { body(end) }
    }

    private func holds(_ node: Int32, _ end: PackedEnd, isOut: Bool) -> Bool {
        let edge =
            isOut
            ? PackedEdge(source: node, kind: end.kind, target: end.node)
            : PackedEdge(source: end.node, kind: end.kind, target: node)
        guard let change = delta[edge] else { return true }
        let packed = out.ends(of: edge.source).count { $0 == PackedEnd(edge.target, edge.kind) }
        return packed + Int(change) > 0
    }

    /// Packs rows and changes into new rows.
    private mutating func pack() {
        var edges: [PackedEdge] = []
        for node in 0..<Int32(nodes.count) {
            for end in out.ends(of: node) {
                let edge = PackedEdge(source: node, kind: end.kind, target: end.node)
                if let change = delta[edge], change < 0 { delta[edge] = change + 1 } else { edges.append(edge) }
            }
        }
        for (edge, count) in delta where count > 0 {
            edges.append(contentsOf: repeatElement(edge, count: Int(count)))
        }
        self = CIGraph(nodes: nodes, edges: edges)
    }
}

/// Collects rows and packs them into a graph.
public struct CIGraphBuilder: GraphBuilding {
    private var nodes = GraphNodes()
    private var edges: [PackedEdge] = []

    /// An empty builder.
    public init() {}

    /// A CI; CIs come in order of id.
    public mutating func addNode(id: CIID, className: CIClass, name: String, state: CIState, parent: CIID?) {
        nodes.add(id: id, className: className, name: name, state: state, parent: parent)
    }

    /// An edge between CIs that were added before; any other is passed over.
    public mutating func addEdge(source: CIID, kind: RelationKind, target: CIID) {
        guard let source = nodes.index(of: source), let target = nodes.index(of: target) else { return }
        edges.append(PackedEdge(source: source, kind: kind, target: target))
    }

    /// The graph.
    public func graph() -> CIGraph { CIGraph(nodes: nodes, edges: edges) }
}
