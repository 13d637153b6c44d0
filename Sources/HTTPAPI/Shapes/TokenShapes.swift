import CollectorServices
import Model

/// A join token that was made.
struct NewJoinToken: Sendable {
    let token: String
    let expires: Timestamp
}

extension Shape where Value == NewJoinToken {
    /// A join token, shown this once.
    static var joinToken: Shape {
        .object(
            "NewJoinToken",
            [Member("token", .text, "Shown this once.") { $0.token }, Member("expires_at", .time) { $0.expires }])
    }
}

/// An API token that was made.
struct NewAPIToken: Sendable {
    let token: String
    let name: String
    let scope: AgentsService.Scope
    let expires: Timestamp
}

extension Shape where Value == NewAPIToken {
    /// An API token, shown this once.
    static var apiToken: Shape {
        .object(
            "NewAPIToken",
            [
                Member("token", .text, "Shown this once.") { $0.token }, Member("name", .text) { $0.name },
                Member("scope", .word) { $0.scope }, Member("expires_at", .time) { $0.expires },
            ])
    }
}

/// A sign-in link that was made.
struct NewSignInLink: Sendable {
    let link: String
    let expires: Timestamp
}

extension Shape where Value == NewSignInLink {
    /// A link that signs a person in once.
    static var signInLink: Shape {
        .object(
            "NewSignInLink",
            [Member("link", .text, "Shown this once.") { $0.link }, Member("expires_at", .time) { $0.expires }])
    }
}
