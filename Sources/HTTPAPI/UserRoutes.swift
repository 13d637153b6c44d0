import CollectorServices
import Model
import Stores
import Wire

/// Routes about people who sign in to the console.
struct UserRoutes: Sendable {
    let accounts: AccountsService
    /// The console's own address: `https://collector.example.net:7600`.
    let origin: String

    var all: [Route] {
        [
            Route("GET", "/v1/users", .accounts(.admin), list),
            Route("POST", "/v1/users", .accounts(.admin), add),
            Route("POST", "/v1/users/{user}", .accounts(.admin), update),
            Route("POST", "/v1/users/{user}/sign-in-link", .accounts(.admin), link),
        ]
    }

    @Sendable private func list(_ request: APIRequest) async throws -> APIResponse {
        try request.only("after", "limit")
        let limit = try request.limit()
        let found = try await accounts.list(after: try request.query("after"), limit: limit)
        return .json(.page(found.map(JSON.user), next: found.count == limit ? found.last?.name : nil))
    }

    private struct Addition: Decodable {
        var name: String
        var role: String
    }

    @Sendable private func add(_ request: APIRequest) async throws -> APIResponse {
        try request.only()
        let order = try request.decoded(Addition.self)
        let user = try await accounts.add(order.name, role: try Self.role(order.role), by: request.caller.name)
        return .json(.user(user), status: 201)
    }

    private struct Update: Decodable {
        var role: String?
        var disabled: Bool?
        var password: String?
    }

    @Sendable private func update(_ request: APIRequest) async throws -> APIResponse {
        try request.only()
        let order = try request.decoded(Update.self)
        let name = request.parameter("user")
        var user = try await accounts.user(name)
        if let role = order.role {
            user = try await accounts.setRole(name, role: try Self.role(role), by: request.caller.name)
        }
        if let isDisabled = order.disabled {
            user = try await accounts.setDisabled(name, isDisabled: isDisabled, by: request.caller.name)
        }
        if let password = order.password {
            try await accounts.setPassword(name, password, by: request.caller.name)
            user = try await accounts.user(name)
        }
        return .json(.user(user))
    }

    @Sendable private func link(_ request: APIRequest) async throws -> APIResponse {
        try request.only()
        let (secret, expires) = try await accounts.makeSignInLink(
            request.parameter("user"), by: request.caller.name)
        return .json(
            .object([
                ("link", .text(origin + "/sign-in?link=" + secret.text)), ("expires_at", .time(expires)),
            ]), status: 201)
    }

    private static func role(_ word: String) throws -> UserRole {
        guard let role = UserRole(rawValue: word) else {
            throw ProblemDetails.invalid("role must be \(UserRole.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return role
    }
}

extension JSON {
    /// A user; whether there is a password is told, nothing of it.
    static func user(_ user: UserRecord) -> JSON {
        .object([
            ("name", .text(user.name)), ("role", .text(user.role.rawValue)), ("disabled", .flag(user.isDisabled)),
            ("has_password", .flag(user.passwordHash != nil)), ("language", .optional(user.language)),
            ("created_at", .time(user.createdAt)), ("signed_in_at", .time(user.signedInAt)),
        ])
    }
}
