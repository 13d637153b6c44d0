import CMDB
import CollectorServices
import Model
import Stores
import Wire

/// The route of impact analysis.
struct ImpactRoutes: Sendable {
    let queries: QueryService
    let graph: GraphService

    var all: [Route] { [Route("GET", "/v1/impact", .accounts(.read), impact)] }

    @Sendable private func impact(_ request: APIRequest) async throws -> APIResponse {
        try request.only("ci", "direction", "depth", "as_of")
        let names = request.queries("ci")
        guard (1...50).contains(names.count) else { throw ProblemDetails.invalid("name 1 to 50 CIs with ci=") }
        var roots: [CIID] = []
        for name in names { roots.append(try await queries.resolve(name)) }
        let direction: ImpactTravel
        switch try request.query("direction") {
        case nil, "dependents": direction = .dependents
        case "dependencies": direction = .dependencies
        default: throw ProblemDetails.invalid("direction must be dependents or dependencies")
        }
        let depth = try request.integer("depth", in: 0...1000, standard: 0)
        let moment = try request.asOf()
        let answer = try await graph.impact(
            of: roots, direction: direction, depth: depth == 0 ? nil : depth,
            asOf: try await queries.commit(asOf: moment))
        if let unknown = roots.first(where: { root in !answer.roots.contains { $0.ci == root } }) {
            throw ServiceRefusal.notFound(
                "CI \(unknown)" + (moment.map { " at \($0.rfc3339)" } ?? "") + " is not known")
        }
        return .json(
            .object([
                ("roots", .array(answer.roots.map(Self.node))), ("as_of", .time(moment)),
                ("affected", .array(answer.affected.map(Self.affected))), ("truncated", .flag(answer.truncated)),
            ]))
    }

    private static func node(_ node: GraphNode) -> JSON {
        .object([
            ("ci", .integer(node.ci.rawValue)), ("class", .text(node.className.rawValue)), ("name", .text(node.name)),
            ("state", .text(node.state.rawValue)),
        ])
    }

    private static func affected(_ affected: ImpactedCI) -> JSON {
        .object([
            ("ci", .integer(affected.ci.rawValue)), ("class", .text(affected.className.rawValue)),
            ("name", .text(affected.name)), ("state", .text(affected.state.rawValue)),
            ("distance", .integer(Int64(affected.distance))), ("path", .array(affected.path.map(JSON.text))),
        ])
    }
}
