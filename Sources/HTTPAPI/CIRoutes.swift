import CollectorServices
import Model
import Stores
import Wire

/// Routes that read the CMDB.
struct CIRoutes: Sendable {
    let queries: QueryService

    var all: [Route] {
        [
            Route("GET", "/v1/ci", .accounts(.read), find),
            Route("GET", "/v1/ci/{ci}", .accounts(.read), show),
            Route("GET", "/v1/ci/{ci}/history", .accounts(.read), history),
            Route("GET", "/v1/ci/{ci}/relations", .accounts(.read), relations),
            Route("GET", "/v1/ci/{ci}/items/{section}", .accounts(.read), items),
        ]
    }

    @Sendable private func find(_ request: APIRequest) async throws -> APIResponse {
        try request.only("query", "class", "state", "after", "limit")
        let limit = try request.limit()
        var query = CIQuery(
            text: try request.query("query") ?? "", className: try request.query("class").map(CIClass.init(rawValue:)),
            after: try request.after().map { CIID($0) }, limit: limit)
        if let name = try request.query("state") {
            guard let state = CIState(rawValue: name) else {
                throw ProblemDetails.invalid("state must be active, vanished or retired")
            }
            query.states = [state]
        }
        let found = try await queries.find(query)
        let next = found.count == limit ? found.last?.id.description : nil
        return .json(.page(found.map(JSON.ci), next: next))
    }

    @Sendable private func show(_ request: APIRequest) async throws -> APIResponse {
        try request.only("as_of")
        let moment = try request.asOf()
        let ci = try await queries.resolve(request.parameter("ci"))
        return .json(.page(try await queries.page(of: ci, asOf: moment), asOf: moment))
    }

    @Sendable private func history(_ request: APIRequest) async throws -> APIResponse {
        try request.only("after", "limit")
        let limit = try request.limit()
        let ci = try await queries.resolve(request.parameter("ci"))
        let entries = try await queries.history(
            of: ci, before: try request.after().map(FeedCursor.init(rawValue:)), limit: limit)
        let next = entries.count == limit ? entries.last.map { String($0.cursor.rawValue) } : nil
        return .json(.page(entries.map(JSON.entry), next: next))
    }

    @Sendable private func relations(_ request: APIRequest) async throws -> APIResponse {
        try request.only("as_of")
        let ci = try await queries.resolve(request.parameter("ci"))
        let relations = try await queries.relations(of: ci, asOf: try request.asOf())
        return .json(.page(relations.map { .relation($0, seenFrom: ci) }, next: nil))
    }

    @Sendable private func items(_ request: APIRequest) async throws -> APIResponse {
        try request.only("as_of", "after", "limit")
        let limit = try request.limit()
        let ci = try await queries.resolve(request.parameter("ci"))
        let items = try await queries.items(
            of: ci, section: SectionName(rawValue: request.parameter("section")), asOf: try request.asOf(),
            after: try request.query("after"), limit: limit)
        return .json(.page(items.map(JSON.item), next: items.count == limit ? items.last?.item.key : nil))
    }
}
