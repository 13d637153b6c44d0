import FleetCA
import LinuxSystem
import Model
import Stores

/// People who sign in to the console: users, passwords, one-time links, sessions. Every change is audited.
public struct AccountsService: Sendable {
    /// What the service needs of the store.
    public typealias Store = AccountReading & ChangeCommitting

    /// A session ends when it was not used for so long, in seconds.
    public static let idleSeconds: Int64 = 12 * 3600
    /// A session ends after so long however often it is used, in seconds.
    public static let lifeSeconds: Int64 = 7 * 86_400
    /// A sign-in link lives so long, in seconds.
    public static let linkSeconds: Int64 = 600
    /// Bytes a password has.
    public static let passwordBytes = 10...256

    private let store: any Store
    private let now: @Sendable () -> Timestamp
    private let perAddress = AttemptLimit(perMinute: 10)
    private let perUser = AttemptLimit(perMinute: 10)
    private let overall = AttemptLimit(perMinute: 120)

    /// A service over a store; `now` is the collector's wall clock.
    public init(store: any Store, now: @escaping @Sendable () -> Timestamp) {
        self.store = store
        self.now = now
    }

    // MARK: Users

    /// Users in order of name behind `after`.
    public func list(after: String?, limit: Int) async throws -> [UserRecord] {
        try await store.users(after: after, limit: limit)
    }

    /// The user, or a refusal that names it.
    public func user(_ name: String) async throws -> UserRecord {
        guard let user = try await store.user(name) else {
            throw ServiceRefusal.notFound("no user is called \(name.shownOnOneLine(limit: 64))")
        }
        return user
    }

    /// Makes a user without a password; a sign-in link opens it.
    public func add(_ name: String, role: UserRole, by: String) async throws -> UserRecord {
        try Self.check(name: name)
        do {
            try await commit([.addUser(name: name, role: role)], by, "user.add", name, "role \(role.rawValue)")
        } catch StoreError.conflict {
            throw ServiceRefusal.conflict("a user called \(name) exists; choose another name")
        }
        return try await user(name)
    }

    /// Changes what a user may do.
    public func setRole(_ name: String, role: UserRole, by: String) async throws -> UserRecord {
        _ = try await user(name)
        try await commit([.setRole(user: name, role: role)], by, "user.role", name, role.rawValue)
        return try await user(name)
    }

    /// Lets a user sign in, or not; a disabled user's sessions end at once.
    public func setDisabled(_ name: String, isDisabled: Bool, by: String) async throws -> UserRecord {
        _ = try await user(name)
        try await commit(
            [.setDisabled(user: name, isDisabled: isDisabled)], by, isDisabled ? "user.disable" : "user.enable", name,
            "")
        return try await user(name)
    }

    /// Sets the language of a user's pages; nil follows the browser.
    public func setLanguage(_ name: String, language: String?) async throws {
        var set = ChangeSet()
        set.accounts = [.setLanguage(user: name, language: language)]
        _ = try await store.commit(set)
    }

    /// Sets a new password; every session of the user ends.
    public func setPassword(_ name: String, _ password: String, by: String) async throws {
        guard Self.passwordBytes.contains(password.utf8.count) else {
            throw ServiceRefusal.invalid(
                "a password has \(Self.passwordBytes.lowerBound) to \(Self.passwordBytes.upperBound) bytes")
        }
        _ = try await user(name)
        let hash = try await BlockingThread.run { Result { try PasswordHash.make(of: password).text } }.get()
        try await commit([.setPassword(user: name, hash: hash)], by, "user.password", name, "")
    }

    // MARK: Signing in

    /// A link's secret that signs `name` in once within ten minutes.
    public func makeSignInLink(_ name: String, by: String) async throws -> (Secret, expires: Timestamp) {
        let user = try await user(name)
        guard !user.isDisabled else {
            throw ServiceRefusal.conflict("user \(name) is disabled; enable it first")
        }
        let secret = try Secret.random()
        let expires = now().adding(seconds: Self.linkSeconds)
        try await commit(
            [.addSignInLink(hash: secret.hash, user: name, expires: expires)], by, "user.sign-in-link", name, "")
        return (secret, expires)
    }

    /// Signs in with a link's secret; the link is used up.
    public func signIn(link secret: String, from address: String) async throws -> Secret {
        try limit(address: address, user: nil)
        let hash = Secret.hash(of: secret)
        guard let name = try await store.signInLink(hash: hash, at: now()), let user = try await store.user(name),
            !user.isDisabled
        else {
            throw ServiceRefusal.forbidden(name: "sign-in-link", "the link was used or has ended; ask for a new one")
        }
        do {
            return try await open(user, first: [.useSignInLink(hash: hash)], how: "link from \(address)")
        } catch StoreError.conflict {
            throw ServiceRefusal.forbidden(name: "sign-in-link", "the link was used or has ended; ask for a new one")
        }
    }

    /// Signs in with name and password. Unknown names take as long as known ones, and the answer does not tell them apart.
    public func signIn(_ name: String, password: String, from address: String) async throws -> Secret {
        try limit(address: address, user: name)
        let user = try await store.user(name)
        let kept = PasswordHash(text: user?.passwordHash ?? Self.nobodysHash)
        let isRight =
            Self.passwordBytes.contains(password.utf8.count)
            ? await BlockingThread.run { kept.matches(password) } : false
        guard let user, isRight, user.passwordHash != nil, !user.isDisabled else {
            var set = ChangeSet()
            set.agents = [
                .audit(
                    who: name.shownOnOneLine(limit: 64), action: "user.sign-in-refused", target: "console",
                    detail: "password from \(address)")
            ]
            _ = try await store.commit(set)
            throw ServiceRefusal.forbidden(name: "sign-in", "name or password is wrong")
        }
        return try await open(user, first: [], how: "password from \(address)")
    }

    /// Whose session this secret opens; nil when none does.
    public func session(of secret: String) async throws -> SessionRecord? {
        guard secret.utf8.count == 64, let session = try await store.session(hash: Secret.hash(of: secret)) else {
            return nil
        }
        let moment = now()
        guard session.expiresAt > moment, session.seenAt.adding(seconds: Self.idleSeconds) > moment,
            !session.user.isDisabled
        else { return nil }
        if moment.milliseconds(since: session.seenAt) > 300_000 {
            var set = ChangeSet()
            set.accounts = [.useSession(hash: Secret.hash(of: secret), at: moment)]
            _ = try await store.commit(set)
        }
        return session
    }

    /// Ends a session.
    public func signOut(_ secret: String, user: String) async throws {
        try await commit([.endSession(hash: Secret.hash(of: secret))], user, "user.sign-out", "console", "")
    }

    // MARK: Private

    /// A hash that no password has, so that unknown names cost what known ones do.
    private static let nobodysHash =
        "scrypt$32768$8$1$00000000000000000000000000000000$" + String(repeating: "00", count: 32)

    private func open(_ user: UserRecord, first: [AccountChange], how: String) async throws -> Secret {
        let secret = try Secret.random()
        let session = AccountChange.addSession(
            hash: secret.hash, user: user.name, expires: now().adding(seconds: Self.lifeSeconds))
        try await commit(first + [session], user.name, "user.sign-in", "console", how)
        return secret
    }

    private func limit(address: String, user: String?) throws {
        let moment = now()
        let waits = [
            perAddress.attempt(by: address, at: moment), user.flatMap { perUser.attempt(by: $0, at: moment) },
            overall.attempt(by: "", at: moment),
        ].compactMap { $0 }
        if let wait = waits.max() {
            throw ServiceRefusal.busy(seconds: wait, "too many attempts to sign in; wait \(wait) seconds")
        }
    }

    private func commit(
        _ changes: [AccountChange], _ who: String, _ action: String, _ target: String, _ detail: String
    ) async throws {
        var set = ChangeSet()
        set.accounts = changes
        set.agents = [.audit(who: who, action: action, target: target, detail: detail)]
        _ = try await store.commit(set)
    }

    private static func check(name: String) throws {
        let accepted = name.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || [UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-")].contains(byte)
        }
        guard accepted, (1...64).contains(name.utf8.count) else {
            throw ServiceRefusal.invalid("a user's name has 1 to 64 of a-z, 0-9, dot, _ and -")
        }
    }
}

extension UserRole {
    /// What the role allows, in the scopes of API tokens.
    public var scope: AgentsService.Scope {
        switch self {
        case .viewer: .read
        case .operator: .operate
        case .admin: .admin
        }
    }
}

/// A person with the session a request came with.
public struct SignedInPerson: Sendable {
    /// The name of the session's cookie. The prefix makes browsers take it only over TLS, for this host and all paths.
    public static let cookie = "__Host-muster"

    /// The account.
    public var user: UserRecord
    /// The session's secret, for signing out and for the token in forms.
    public var secret: String

    /// A person.
    public init(user: UserRecord, secret: String) {
        self.user = user
        self.secret = secret
    }

    /// What the role allows.
    public var scope: AgentsService.Scope { user.role.scope }

    /// What every form of the session carries, so that no other site can post in the person's name.
    public var formToken: String { Secret.hash(of: "form:" + secret) }
}
