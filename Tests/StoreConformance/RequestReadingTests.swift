import Model
import Stores
import Testing

@Suite("Store: requests that may be sent again")
struct RequestReadingTests {
    typealias RequestStore = ChangeCommitting & RequestReading & AccountReading

    private let now = Timestamp(seconds: 1_000)
    private let far = Timestamp(seconds: 4_000_000_000)

    private func claim(_ key: String, _ fingerprint: String = "f", by caller: String = "mei") -> RequestClaim {
        RequestClaim(caller: caller, key: key, fingerprint: fingerprint, expires: far)
    }

    private func commit(_ store: any RequestStore, _ change: RequestChange, addUser name: String? = nil) async throws {
        var set = ChangeSet()
        set.requests = [change]
        if let name { set.accounts = [.addUser(name: name, role: .viewer)] }
        _ = try await store.commit(set)
    }

    @Test("a claim and its effect are there together or not at all", arguments: Engine.allCases)
    func together(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try #require(bench.store as? any RequestStore)
        try await commit(store, .claim(claim("k"), limit: 10), addUser: "abe")
        await #expect(throws: StoreError.self) {
            try await commit(store, .claim(claim("k", "other"), limit: 10), addUser: "bob")
        }
        #expect(try await store.user("bob") == nil)
        await #expect(throws: StoreError.self) {
            try await commit(store, .claim(claim("j"), limit: 10), addUser: "abe")
        }
        #expect(try await store.claimedRequest(caller: "mei", key: "j", at: now) == nil)
        let found = try #require(try await store.claimedRequest(caller: "mei", key: "k", at: now))
        #expect(found.claim == claim("k"))
        #expect(found.answer == nil)
        #expect(try await store.claimedRequest(caller: "bob", key: "k", at: now) == nil)
        #expect(try await store.claimedRequest(caller: "mei", key: "k", at: far) == nil)
    }

    @Test("an answer is kept with its claim, and without one claims by itself", arguments: Engine.allCases)
    func answers(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try #require(bench.store as? any RequestStore)
        let answer = KeptAnswer(status: 201, body: [0, 1, 255])
        try await commit(store, .claim(claim("k"), limit: 10))
        for key in ["k", "fresh"] {
            try await commit(store, .keep(claim(key), answer, limit: 10))
            #expect(try await store.claimedRequest(caller: "mei", key: key, at: now)?.answer == answer)
        }
    }

    @Test("of one caller's claims the newest stay, other callers keep theirs", arguments: Engine.allCases)
    func bounded(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try #require(bench.store as? any RequestStore)
        try await commit(store, .claim(claim("k0", by: "bob"), limit: 3))
        for number in 0..<6 { try await commit(store, .claim(claim("k\(number)"), limit: 3)) }
        var left: [Int] = []
        for number in 0..<6 where try await store.claimedRequest(caller: "mei", key: "k\(number)", at: now) != nil {
            left.append(number)
        }
        #expect(left.count == 3)
        #expect(left.contains(5))
        #expect(try await store.claimedRequest(caller: "bob", key: "k0", at: now) != nil)
    }

    @Test("what the running request carries is in every commit it makes, and in no other's", arguments: Engine.allCases)
    func scope(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try #require(bench.store as? any RequestStore)
        var set = ChangeSet()
        set.accounts = [.addUser(name: "abe", role: .viewer)]
        let scope = CommitScope(claim: .claim(claim("k"), limit: 10))
        try await CommitScope.$current.withValue(scope) { _ = try await store.commit(set) }
        #expect(try await store.claimedRequest(caller: "mei", key: "k", at: now) != nil)
        var other = ChangeSet()
        other.accounts = [.addUser(name: "bob", role: .viewer)]
        let stale = CommitScope(expectations: [.incident(number: 77, version: 3)])
        await #expect(throws: StoreError.self) {
            try await CommitScope.$current.withValue(stale) { _ = try await store.commit(other) }
        }
        _ = try await store.commit(other)
    }
}
