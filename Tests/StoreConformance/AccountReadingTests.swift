import Model
import Stores
import Testing

@Suite("Store: users, sessions, sign-in links")
struct AccountReadingTests {
    typealias AccountStore = ChangeCommitting & AccountReading

    static func store(_ bench: Bench) async throws -> any AccountStore {
        let store = try #require(bench.store as? any AccountStore)
        try await commit(store, .addUser(name: "mei", role: .operator))
        return store
    }

    static func commit(_ store: any AccountStore, _ changes: AccountChange...) async throws {
        var set = ChangeSet()
        set.accounts = changes
        _ = try await store.commit(set)
    }

    /// Long after any test runs.
    static let far = Timestamp(seconds: 4_000_000_000)

    @Test("a user is as it was made and changed; a name is given once", arguments: Engine.allCases)
    func users(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try await Self.store(bench)
        try await Self.commit(
            store, .setRole(user: "mei", role: .admin), .setLanguage(user: "mei", language: "zh-Hans"),
            .setPassword(user: "mei", hash: "h"))
        let user = try #require(try await store.user("mei"))
        #expect(user.role == .admin)
        #expect(user.language == "zh-Hans")
        #expect(user.passwordHash == "h")
        #expect(!user.isDisabled)
        #expect(user.signedInAt == nil)
        await #expect(throws: StoreError.self) { try await Self.commit(store, .addUser(name: "mei", role: .viewer)) }
        await #expect(throws: StoreError.self) { try await Self.commit(store, .setRole(user: "bob", role: .viewer)) }
        #expect(try await store.user("bob") == nil)
        #expect(try await store.user("MEI") == nil)
    }

    @Test("users come in order of name, page by page", arguments: Engine.allCases)
    func pages(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try await Self.store(bench)
        try await Self.commit(store, .addUser(name: "abe", role: .viewer), .addUser(name: "zoe", role: .viewer))
        #expect(try await store.users(after: nil, limit: 2).map(\.name) == ["abe", "mei"])
        #expect(try await store.users(after: "mei", limit: 2).map(\.name) == ["zoe"])
    }

    @Test("a session ends by signing out, by a new password and by disabling the user", arguments: Engine.allCases)
    func sessions(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try await Self.store(bench)
        let ends: [AccountChange] = [
            .endSession(hash: "s"), .setPassword(user: "mei", hash: "n"),
            .setDisabled(user: "mei", isDisabled: true),
        ]
        for end in ends {
            try await Self.commit(store, .addSession(hash: "s", user: "mei", expires: Self.far))
            #expect(try await store.session(hash: "s")?.user.name == "mei")
            try await Self.commit(store, end)
            #expect(try await store.session(hash: "s") == nil)
        }
        #expect(try await store.user("mei")?.signedInAt != nil)
    }

    @Test("use moves a session's time; those that have ended go when somebody signs in", arguments: Engine.allCases)
    func aging(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try await Self.store(bench)
        let past = Timestamp(seconds: 1)
        try await Self.commit(store, .addSession(hash: "old", user: "mei", expires: past))
        try await Self.commit(store, .useSession(hash: "old", at: Timestamp(seconds: 5)))
        #expect(try await store.session(hash: "old")?.seenAt == Timestamp(seconds: 5))
        try await Self.commit(store, .addSession(hash: "new", user: "mei", expires: Self.far))
        #expect(try await store.session(hash: "old") == nil)
        #expect(try await store.session(hash: "new")?.expiresAt == Self.far)
    }

    @Test("a sign-in link is used once and not after its end", arguments: Engine.allCases)
    func links(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try await Self.store(bench)
        try await Self.commit(
            store, .addSignInLink(hash: "l", user: "mei", expires: Self.far),
            .addSignInLink(hash: "past", user: "mei", expires: Timestamp(seconds: 1)))
        let now = Timestamp(seconds: 2_000_000_000)
        #expect(try await store.signInLink(hash: "l", at: now) == "mei")
        #expect(try await store.signInLink(hash: "past", at: now) == nil)
        await #expect(throws: StoreError.self) { try await Self.commit(store, .useSignInLink(hash: "past")) }
        try await Self.commit(store, .useSignInLink(hash: "l"))
        #expect(try await store.signInLink(hash: "l", at: now) == nil)
        await #expect(throws: StoreError.self) { try await Self.commit(store, .useSignInLink(hash: "l")) }
    }
}
