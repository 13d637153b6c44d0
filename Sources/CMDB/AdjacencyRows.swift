import Model

/// One end of an edge in four bytes: 29 bits of node, 3 bits of kind.
struct PackedEnd: Hashable, Sendable {
    private let bits: UInt32

    init(_ node: Int32, _ kind: RelationKind) {
        bits = UInt32(truncatingIfNeeded: node) << 3 | UInt32(kind.graphCode)
    }

    var node: Int32 { Int32(bitPattern: bits >> 3) }
    var kind: RelationKind { RelationKind(graphCode: UInt8(bits & 7)) }
}

/// An edge between two nodes.
struct PackedEdge: Hashable, Sendable {
    let source: Int32
    let target: Int32
    private let code: UInt8

    init(source: Int32, kind: RelationKind, target: Int32) {
        self.source = source
        self.target = target
        code = kind.graphCode
    }

    var kind: RelationKind { RelationKind(graphCode: code) }
}

extension RelationKind {
    fileprivate var graphCode: UInt8 {
        switch self {
        case .runsOn: 0
        case .partOf: 1
        case .connectsTo: 2
        case .connectedTo: 3
        case .dependsOn: 4
        case .hostedOn: 5
        }
    }

    fileprivate init(graphCode: UInt8) {
        switch graphCode {
        case 0: self = .runsOn
        case 1: self = .partOf
        case 2: self = .connectsTo
        case 3: self = .connectedTo
        case 5: self = .hostedOn
        default: self = .dependsOn
        }
    }
}

/// Neighbours of all nodes in one array, with where each node's begin (compressed sparse rows).
struct AdjacencyRows: Sendable {
    private var starts: [Int32] = [0]
    private var all: [PackedEnd] = []

    init() {}

    /// Sorts the edges by the node `split` names first, by counting.
    init(count: Int, edges: [PackedEdge], split: (PackedEdge) -> (Int32, PackedEnd)) {
        starts = Array(repeating: 0, count: count + 1)
        for edge in edges { starts[Int(split(edge).0) + 1] += 1 }
        for node in 0..<count { starts[node + 1] += starts[node] }
        var next = starts
        all = Array(repeating: PackedEnd(0, .runsOn), count: edges.count)
        for edge in edges {
            let (node, end) = split(edge)
            all[Int(next[Int(node)])] = end
            next[Int(node)] += 1
        }
    }

    /// Calls `body` with each neighbour of a node, without making a slice: questions spend their time here.
    @inline(__always)
    func forEachEnd(of node: Int32, _ body: (PackedEnd) -> Void) {
        guard Int(node) + 1 < starts.count else { return }
        for index in Int(starts[Int(node)])..<Int(starts[Int(node) + 1]) { body(all[index]) }
    }

    /// The neighbours of a node; none for a node added after packing.
    func ends(of node: Int32) -> ArraySlice<PackedEnd> {
        guard Int(node) + 1 < starts.count else { return [] }
        return all[Int(starts[Int(node)])..<Int(starts[Int(node) + 1])]
    }
}
