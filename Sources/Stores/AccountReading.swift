import Model

/// A person who may sign in.
public struct UserRecord: Hashable, Sendable, Codable {
    /// The account's name: lower-case letters, digits, `.`, `_`, `-`.
    public var name: String
    /// What it may do.
    public var role: UserRole
    /// The password's hash in its own text form; nil when there is no password and only sign-in links open it.
    public var passwordHash: String?
    /// The language of pages, as a catalogue's tag; nil follows the browser.
    public var language: String?
    /// Whether signing in is refused.
    public var isDisabled: Bool
    /// When it was made.
    public var createdAt: Timestamp
    /// When it signed in last; nil never.
    public var signedInAt: Timestamp?

    /// A user.
    public init(
        name: String, role: UserRole, passwordHash: String? = nil, language: String? = nil, isDisabled: Bool = false,
        createdAt: Timestamp, signedInAt: Timestamp? = nil
    ) {
        self.name = name
        self.role = role
        self.passwordHash = passwordHash
        self.language = language
        self.isDisabled = isDisabled
        self.createdAt = createdAt
        self.signedInAt = signedInAt
    }
}

/// A session as stored; its secret is only known to the browser.
public struct SessionRecord: Hashable, Sendable {
    /// Whose it is.
    public var user: UserRecord
    /// When it was used last.
    public var seenAt: Timestamp
    /// When it ends however often it is used.
    public var expiresAt: Timestamp

    /// A session.
    public init(user: UserRecord, seenAt: Timestamp, expiresAt: Timestamp) {
        self.user = user
        self.seenAt = seenAt
        self.expiresAt = expiresAt
    }
}

/// Reads users and their sessions.
public protocol AccountReading: Sendable {
    /// The user called `name`.
    func user(_ name: String) async throws -> UserRecord?
    /// Users in order of name behind `after`.
    func users(after: String?, limit: Int) async throws -> [UserRecord]
    /// The session with this hash, whatever its age; nil when there is none or it was ended.
    func session(hash: String) async throws -> SessionRecord?
    /// Whose sign-in link has this hash, if it is unused and holds at `moment`.
    func signInLink(hash: String, at moment: Timestamp) async throws -> String?
}
