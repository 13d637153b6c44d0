import Model

/// A change to users, their sessions and sign-in links. Secrets arrive hashed.
public enum AccountChange: Sendable {
    /// A user came into being; refused with a conflict when the name is taken.
    case addUser(name: String, role: UserRole)
    /// What a user may do.
    case setRole(user: String, role: UserRole)
    /// A new password hash, or none; every session of the user ends.
    case setPassword(user: String, hash: String?)
    /// The language of the user's pages; nil follows the browser.
    case setLanguage(user: String, language: String?)
    /// Whether the user may sign in; every session of a disabled user ends.
    case setDisabled(user: String, isDisabled: Bool)
    /// A person signed in.
    case addSession(hash: String, user: String, expires: Timestamp)
    /// A session was used.
    case useSession(hash: String, at: Timestamp)
    /// A person signed out.
    case endSession(hash: String)
    /// A link that signs in once.
    case addSignInLink(hash: String, user: String, expires: Timestamp)
    /// The link was used; refused with a conflict when it was used before or has ended.
    case useSignInLink(hash: String)
}
