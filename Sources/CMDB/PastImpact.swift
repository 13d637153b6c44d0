import Model
import Stores

/// Answers impact as of a commit: reads the edges of what is reached, ring by ring, and asks the same graph code; what
/// reaches far is answered from the whole graph of then, which costs one pass over all CIs and edges.
public struct PastImpact: Sendable {
    private let store: any GraphReading
    private let asOf: CommitNumber
    private let listed: Int
    private let paths: Bool

    private let oneByOne: Int

    /// Impact over the edges that held at `asOf`; an answer lists at most `listed` CIs. Up to `oneByOne` CIs are read
    /// one by one; for more, reading all is cheaper (docs/performance.md).
    public init(
        store: any GraphReading, asOf: CommitNumber, listed: Int, paths: Bool = true, oneByOne: Int = 500
    ) {
        self.store = store
        self.asOf = asOf
        self.listed = listed
        self.paths = paths
        self.oneByOne = oneByOne
    }

    /// What the roots reached then.
    public func answer(of roots: [CIID], direction: ImpactTravel, depth: Int?) async throws -> ImpactAnswer {
        // Each ring in an order of its own: the store reads edges that have ended since in another place than those
        // that hold, and the same question must have the same answer later.
        var edges: [RelationEdge] = []
        var known: Set<RelationEdge> = []
        var records: [CIID: CIRecord] = [:]
        var expanded: Set<CIID> = []
        var frontier = roots
        while true {
            try await add(frontier, to: &records)
            let fresh = try await store.edges(touching: frontier, asOf: asOf).filter { known.insert($0).inserted }
                .sorted(by: PastImpact.precedes)
            edges += fresh
            expanded.formUnion(frontier)
            try await add(fresh.flatMap { [$0.source, $0.target] }, to: &records)
            try await add(records.values.compactMap(\.parent), to: &records)
            var graph = graph(records, edges)
            let answer = graph.impact(
                of: roots, travel: direction, depth: depth, limit: oneByOne, paths: paths)
            // What stands at the greatest depth leads no further: its edges need not be read.
            let inner = answer.affected.filter { $0.distance < depth ?? .max }
            let reached = inner.flatMap { ci in [ci.ci] + (records[ci.ci]?.parent.map { [$0] } ?? []) }
            frontier = Set(reached.filter { !expanded.contains($0) }).sorted()
            if answer.truncated || expanded.count + frontier.count > oneByOne {
                return try await whole(roots, direction, depth)
            }
            if frontier.isEmpty { return bounded(answer) }
        }
    }

    private func whole(_ roots: [CIID], _ direction: ImpactTravel, _ depth: Int?) async throws -> ImpactAnswer {
        var graph = try await store.loadGraph(into: CIGraphBuilder(), asOf: asOf).graph()
        return graph.impact(of: roots, travel: direction, depth: depth, limit: listed, paths: paths)
    }

    private func add(_ cis: [CIID], to records: inout [CIID: CIRecord]) async throws {
        let missing = Set(cis.filter { records[$0] == nil })
        for record in try await store.cis(Array(missing), asOf: asOf) { records[record.id] = record }
    }

    private func graph(_ records: [CIID: CIRecord], _ edges: [RelationEdge]) -> CIGraph {
        var builder = CIGraphBuilder()
        for record in records.values.sorted(by: { $0.id < $1.id }) {
            builder.addNode(
                id: record.id, className: record.className, name: record.name, state: record.state,
                parent: record.parent)
        }
        for edge in edges { builder.addEdge(source: edge.source, kind: edge.kind, target: edge.target) }
        return builder.graph()
    }

    private static func precedes(_ left: RelationEdge, _ right: RelationEdge) -> Bool {
        (left.source, left.target, left.object, left.kind.rawValue)
            < (right.source, right.target, right.object, right.kind.rawValue)
    }

    private func bounded(_ answer: ImpactAnswer) -> ImpactAnswer {
        var bounded = answer
        bounded.affected = Array(answer.affected.prefix(listed))
        bounded.truncated = bounded.affected.count < answer.total
        return bounded
    }
}
