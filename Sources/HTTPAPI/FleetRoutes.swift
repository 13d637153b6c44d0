import CollectorServices
import Model
import Stores
import Wire

/// Routes about agents, tokens and the audit log.
struct FleetRoutes: Sendable {
    /// What stands in a join token besides its secret.
    struct Join: Sendable {
        let host: String
        let port: Int
        let authority: SHA256Digest
    }

    let agents: AgentsService
    let join: Join

    var all: [Route] {
        [
            Route("GET", "/v1/agents", .accounts(.read), list),
            Route("GET", "/v1/agents/{agent}", .accounts(.read), show),
            Route("GET", "/v1/agents/{agent}/ledger", .accounts(.read), ledger),
            Route("GET", "/v1/agents/{agent}/receipts", .accounts(.read), receipts),
            Route("POST", "/v1/agents/{agent}/revoke", .accounts(.admin), revoke),
            Route("POST", "/v1/tokens", .accounts(.admin), makeJoinToken),
            Route("POST", "/v1/api-tokens", .accounts(.admin), makeAPIToken),
            Route("GET", "/v1/audit", .accounts(.admin), audit),
        ]
    }

    @Sendable private func list(_ request: APIRequest) async throws -> APIResponse {
        try request.only("after", "limit")
        let limit = try request.limit()
        let found = try await agents.list(after: try request.query("after"), limit: limit)
        return .json(.page(found.map(JSON.agent), next: found.count == limit ? found.last?.id : nil))
    }

    @Sendable private func show(_ request: APIRequest) async throws -> APIResponse {
        try request.only()
        return .json(.agent(try await agents.agent(request.parameter("agent"))))
    }

    @Sendable private func ledger(_ request: APIRequest) async throws -> APIResponse {
        try request.only()
        return .json(.account(try await agents.account(of: request.parameter("agent"))))
    }

    @Sendable private func receipts(_ request: APIRequest) async throws -> APIResponse {
        try request.only()
        return .json(.page(try await agents.receipts(of: request.parameter("agent")).map(JSON.receipt), next: nil))
    }

    private struct Revocation: Decodable { var reason: String }

    @Sendable private func revoke(_ request: APIRequest) async throws -> APIResponse {
        try request.only()
        let reason = try request.decoded(Revocation.self).reason
        guard (1...1000).contains(reason.utf8.count) else {
            throw ProblemDetails.invalid("reason must have 1 to 1000 bytes")
        }
        return .json(
            .agent(try await agents.revoke(request.parameter("agent"), reason: reason, by: request.caller.name)))
    }

    private struct JoinTokenOrder: Decodable {
        var life_seconds: Int64?
        var note: String?
    }

    @Sendable private func makeJoinToken(_ request: APIRequest) async throws -> APIResponse {
        try request.only()
        let order = try request.body.isEmpty ? JoinTokenOrder() : request.decoded(JoinTokenOrder.self)
        let (secret, expires) = try await agents.makeJoinSecret(
            seconds: order.life_seconds ?? 3600, note: order.note ?? "", by: request.caller.name)
        let token = JoinToken(host: join.host, port: join.port, authority: join.authority, secret: secret.text)
        return .json(.object([("token", .text(token.text)), ("expires_at", .time(expires))]), status: 201)
    }

    private struct APITokenOrder: Decodable {
        var name: String
        var scope: String
        var life_seconds: Int64?
    }

    @Sendable private func makeAPIToken(_ request: APIRequest) async throws -> APIResponse {
        try request.only()
        let order = try request.decoded(APITokenOrder.self)
        guard let scope = AgentsService.Scope(rawValue: order.scope) else {
            throw ProblemDetails.invalid("scope must be read, operate or admin")
        }
        let (secret, expires) = try await agents.makeAPIToken(
            name: order.name, scope: scope, seconds: order.life_seconds ?? 90 * 86_400, by: request.caller.name)
        return .json(
            .object([
                ("token", .text(secret.text)), ("name", .text(order.name)), ("scope", .text(scope.rawValue)),
                ("expires_at", .time(expires)),
            ]), status: 201)
    }

    @Sendable private func audit(_ request: APIRequest) async throws -> APIResponse {
        try request.only("after", "limit")
        let limit = try request.limit()
        let found = try await agents.audit(before: try request.after(), limit: limit)
        let next = found.count == limit ? found.last.map { String($0.id) } : nil
        return .json(.page(found.map(JSON.audit), next: next))
    }
}
