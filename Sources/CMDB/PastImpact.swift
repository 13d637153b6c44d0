import Model
import Stores

/// Answers impact as of a commit: reads the edges of what is reached, ring by ring, and asks the same graph code.
public struct PastImpact: Sendable {
    private let store: any GraphReading
    private let asOf: CommitNumber
    private let listed: Int
    private let paths: Bool

    /// How many CIs are read at most; beyond, the answer says that it is cut short.
    public static let limit = 200_000

    /// Impact over the edges that held at `asOf`; an answer lists at most `listed` CIs.
    public init(store: any GraphReading, asOf: CommitNumber, listed: Int, paths: Bool = true) {
        self.store = store
        self.asOf = asOf
        self.listed = listed
        self.paths = paths
    }

    /// What the roots reached then.
    public func answer(of roots: [CIID], direction: ImpactTravel, depth: Int?) async throws -> ImpactAnswer {
        // In the order in which they were read, so that the same question has the same answer.
        var edges: [RelationEdge] = []
        var known: Set<RelationEdge> = []
        var records: [CIID: CIRecord] = [:]
        var expanded: Set<CIID> = []
        var frontier = roots
        while true {
            try await add(frontier, to: &records)
            let fresh = try await store.edges(touching: frontier, asOf: asOf).filter { known.insert($0).inserted }
            edges += fresh
            expanded.formUnion(frontier)
            try await add(fresh.flatMap { [$0.source, $0.target] }, to: &records)
            try await add(records.values.compactMap(\.parent), to: &records)
            var graph = graph(records, edges)
            let answer = graph.impact(
                of: roots, travel: direction, depth: depth, limit: PastImpact.limit, paths: paths)
            // What stands at the greatest depth leads no further: its edges need not be read.
            let inner = answer.affected.filter { $0.distance < depth ?? .max }
            let reached = inner.flatMap { ci in [ci.ci] + (records[ci.ci]?.parent.map { [$0] } ?? []) }
            frontier = Set(reached.filter { !expanded.contains($0) }).sorted()
            if frontier.isEmpty || expanded.count + frontier.count > PastImpact.limit {
                return bounded(answer, isWhole: frontier.isEmpty)
            }
        }
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

    private func bounded(_ answer: ImpactAnswer, isWhole: Bool) -> ImpactAnswer {
        var bounded = answer
        bounded.affected = Array(answer.affected.prefix(listed))
        bounded.truncated = !isWhole || bounded.affected.count < answer.total
        return bounded
    }
}
