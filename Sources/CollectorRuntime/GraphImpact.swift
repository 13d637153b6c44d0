import CMDB
import CollectorServices
import HTTPAPI
import Model
import Stores

extension IngestService: BatchAccepting {}

/// What a failure reaches, from the graph in memory.
struct GraphImpact: ImpactSource {
    let graph: GraphService

    func affected(by ci: CIID) async throws -> [AffectedCI] {
        try await graph.impact(of: [ci], direction: .dependents, depth: nil, asOf: nil).affected.map {
            AffectedCI(ci: $0.ci, className: $0.className, name: $0.name, path: $0.path)
        }
    }
}
