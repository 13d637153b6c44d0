import CollectorServices
import Model
import Stores

/// Routes about people who sign in to the console.
struct UserRoutes: Sendable {
    let accounts: AccountsService
    /// The console's own address: `https://collector.example.net:7600`.
    let origin: String

    var all: [Route] {
        [
            Route(
                "GET", "/v1/users", .accounts(.admin), "People who may sign in, by name.", answers: .page(of: .user),
                list),
            Route("GET", "/v1/users/{user}", .accounts(.admin), "One user.", answers: .user, show).tagged(),
            Route(
                "POST", "/v1/users", .accounts(.admin), "Makes a user without a password; a sign-in link opens it.",
                answers: .user, status: 201, add),
            Route(
                "POST", "/v1/users/{user}", .accounts(.admin), "Changes a user.", answers: .user, update
            ).guarded(by: "/v1/users/{user}"),
            Route(
                "POST", "/v1/users/{user}/sign-in-link", .accounts(.admin),
                "Makes a link that signs the user in once within ten minutes.", answers: .signInLink, status: 201, link
            ).answeringSecrets(),
        ]
    }

    @Sendable private func list(
        _ input: Listed<NoInput, Listings.Users>, _ request: APIRequest
    ) async throws -> Page<UserRecord> {
        let found = try await accounts.list(after: input.after, limit: input.limit + 1)
        return Listings.Users.cursor.page(found, limit: input.limit) { $0.name }
    }

    private struct OneUser: Input {
        let user: String

        init(_ read: inout InputReader) throws {
            user = try read.required(.path, "user", .text(1...64), "The user's name.")
        }
    }

    @Sendable private func show(_ input: OneUser, _ request: APIRequest) async throws -> UserRecord {
        try await accounts.user(input.user)
    }

    private struct Addition: Input {
        let name: String
        let role: UserRole

        init(_ read: inout InputReader) throws {
            name = try read.required(
                .body, "name", .text(1...64), "Lower-case letters, digits, dot, underscore and hyphen.")
            role = try read.required(.body, "role", Kind<UserRole>.word, "What the user may do.")
        }
    }

    @Sendable private func add(_ input: Addition, _ request: APIRequest) async throws -> UserRecord {
        try await accounts.add(input.name, role: input.role, by: request.caller.name)
    }

    private struct Update: Input {
        let user: String
        let role: UserRole?
        let isDisabled: Bool?
        let password: String?

        init(_ read: inout InputReader) throws {
            user = try OneUser(&read).user
            role = try read.optional(.body, "role", Kind<UserRole>.word, "What the user may do.")
            isDisabled = try read.optional(.body, "disabled", .flag, "Whether signing in is refused.")
            password = try read.optional(
                .body, "password", .text(1...256), "A new password of 10 to 256 bytes; every session ends.")
        }
    }

    @Sendable private func update(_ input: Update, _ request: APIRequest) async throws -> UserRecord {
        let by = request.caller.name
        var user = try await accounts.user(input.user)
        if let role = input.role { user = try await accounts.setRole(user.name, role: role, by: by) }
        if let isDisabled = input.isDisabled {
            user = try await accounts.setDisabled(user.name, isDisabled: isDisabled, by: by)
        }
        if let password = input.password {
            try await accounts.setPassword(user.name, password, by: by)
            user = try await accounts.user(user.name)
        }
        return user
    }

    @Sendable private func link(_ input: OneUser, _ request: APIRequest) async throws -> NewSignInLink {
        let (secret, expires) = try await accounts.makeSignInLink(input.user, by: request.caller.name)
        return NewSignInLink(link: origin + "/sign-in?link=" + secret.text, expires: expires)
    }
}
