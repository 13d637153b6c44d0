import Model
import Stores
import Testing

/// What the suite about agents needs of a store.
typealias AgentStore = ChangeCommitting & AgentReading & AuditReading

@Suite("Store: agents, tokens, ledger")
struct AgentReadingTests {
    static func store(_ bench: Bench) async throws -> any AgentStore {
        let store = try #require(bench.store as? any AgentStore)
        try await commit(store, [.addAgent(id: "a", hostname: "h", machineID: "m", version: "1")])
        return store
    }

    static func commit(_ store: any AgentStore, _ changes: [AgentChange]) async throws {
        var set = ChangeSet()
        set.agents = changes
        _ = try await store.commit(set)
    }

    static func take(_ store: any AgentStore, _ sequences: [UInt64], epoch: UInt64 = 7) async throws {
        for sequence in sequences { try await commit(store, [.ledger(agent: "a", epoch: epoch, sequence: sequence)]) }
    }

    @Test("the ledger is exact in any order of arrival, against a set kept by the test", arguments: Engine.allCases)
    func ledger(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try await Self.store(bench)
        var random = SeededNumbers(seed: 20_261_123)
        let epochs: [UInt64] = [0, 7, .max]
        var taken: [UInt64: Set<UInt64>] = [:]
        for _ in 0..<300 {
            let epoch = epochs[Int(random.next() % 3)]
            let sequence = random.next() % 60 + 1
            let isNew = taken[epoch, default: []].insert(sequence).inserted
            do {
                try await Self.commit(store, [.ledger(agent: "a", epoch: epoch, sequence: sequence)])
                #expect(isNew)
            } catch StoreError.conflict {
                #expect(!isNew)
            }
        }
        for epoch in epochs {
            let all = Array(UInt64(1)...61)
            #expect(try await store.known(agent: "a", epoch: epoch, sequences: all) == taken[epoch] ?? [])
            let record = try #require(try await store.ledger(of: "a").first { $0.epoch == epoch })
            #expect(record.stored == UInt64(taken[epoch]?.count ?? 0))
            #expect(record.highest == taken[epoch]?.max())
        }
    }

    @Test(
        "C11: what an older state put back lacks becomes a gap when the agent says that it never comes again",
        arguments: Engine.allCases)
    func settled(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try await Self.store(bench)
        func settle(_ through: UInt64, acknowledged: UInt64, dropped: UInt64 = 0) async throws -> LedgerRecord {
            try await Self.commit(
                store,
                [.settled(agent: "a", epoch: 7, through: through, acknowledged: acknowledged, dropped: dropped)])
            return try #require(try await store.ledger(of: "a").first)
        }
        try await Self.take(store, Array(1...10))
        // In order: nothing is declared, neither below nor ahead of what is stored.
        #expect(try await settle(10, acknowledged: 10).gaps == 0)
        // Restored: 11 to 20 were acknowledged by the state that is lost; 21 and on come.
        try await Self.take(store, [21, 22, 25])
        #expect(try await settle(22, acknowledged: 22).gaps == 10)
        #expect(try await settle(22, acknowledged: 22).gaps == 10)
        #expect(try await store.gaps(of: "a", limit: 10).map(\.cause) == ["collector"])
        // 23 and 24 wait in the spool and come.
        try await Self.take(store, [23, 24])
        #expect(try await settle(25, acknowledged: 25).gaps == 10)
        // The agent dropped 26 to 30; its own record is on its way: nothing is said for it.
        try await Self.take(store, [31])
        #expect(try await settle(30, acknowledged: 15, dropped: 5).gaps == 10)
        // The agent's word about a span takes the place of the collector's, and spans that overlap count once.
        try await Self.commit(
            store, [.gap(agent: "a", epoch: 7, first: 9, last: 20, count: 12, cause: "bytes")])
        #expect(try await store.gaps(of: "a", limit: 10).map(\.cause) == ["bytes"])
        #expect(try await store.ledger(of: "a").first?.gaps == 10)
        try await Self.commit(store, [.gap(agent: "a", epoch: 7, first: 15, last: 18, count: 4, cause: "age")])
        #expect(try await store.ledger(of: "a").first?.gaps == 10)
    }

    @Test("a list takes standing and text; the newest certificates are known", arguments: Engine.allCases)
    func query(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try await Self.store(bench)
        let end = Timestamp(seconds: 9)
        try await Self.commit(
            store,
            [
                .addAgent(id: "b", hostname: "Web-01", machineID: "m", version: "1"),
                .addAgent(id: "c", hostname: "web-02", machineID: "m", version: "1"),
                .setSilent(agent: "b", silent: true), .setSilent(agent: "c", silent: true),
                .revoke(agent: "c", reason: "gone", by: "ann"),
                .addCertificate(serial: "1", agent: "b", notAfter: Timestamp(seconds: 3)),
                .addCertificate(serial: "2", agent: "b", notAfter: end),
            ])
        func found(_ query: AgentQuery) async throws -> [String] { try await store.agents(query).map(\.id) }
        #expect(try await found(AgentQuery()) == ["a", "b", "c"])
        #expect(try await found(AgentQuery(after: "a", limit: 1)) == ["b"])
        #expect(try await found(AgentQuery(standing: .heard)) == ["a"])
        #expect(try await found(AgentQuery(standing: .silent)) == ["b"])
        #expect(try await found(AgentQuery(standing: .revoked)) == ["c"])
        #expect(try await found(AgentQuery(text: "WEB")) == ["b", "c"])
        #expect(try await found(AgentQuery(text: "' OR 1=1 --")) == [])
        #expect(try await store.newestCertificates(of: "b", limit: 2).map(\.serial) == ["2", "1"])
        #expect(try await store.newestCertificates(of: "b", limit: 1).map(\.notAfter) == [end])
        #expect(try await store.newestCertificates(of: "a", limit: 2).isEmpty)
    }

    @Test("A2, C1: a repeat is a conflict and takes the rest of its change set with it", arguments: Engine.allCases)
    func repeated(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try await Self.store(bench)
        try await Self.take(store, [1, 2])
        for sequence: UInt64 in [1, 2] {
            await #expect(throws: StoreError.self) {
                try await Self.commit(
                    store, [.ledger(agent: "a", epoch: 7, sequence: sequence), .setSilent(agent: "a", silent: true)])
            }
        }
        #expect(try await store.agent("a")?.isSilent == false)
        #expect(try await store.ledger(of: "a").first?.stored == 2)
    }

    @Test("sequences that no agent gives are refused, and agents nobody knows", arguments: Engine.allCases)
    func outside(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try await Self.store(bench)
        for sequence: UInt64 in [0, UInt64(Int64.max), UInt64(Int64.max) + 1, .max] {
            await #expect(throws: StoreError.self) { try await Self.take(store, [sequence]) }
        }
        try await Self.take(store, [UInt64(Int64.max) - 1])
        await #expect(throws: StoreError.notFound("agent b")) {
            try await Self.commit(store, [.ledger(agent: "b", epoch: 7, sequence: 1)])
        }
        #expect(try await store.known(agent: "a", epoch: 7, sequences: [0, .max]) == [])
    }

    @Test("refused frames are taken and counted apart; gaps count what is not stored", arguments: Engine.allCases)
    func refusedAndGaps(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try await Self.store(bench)
        try await Self.take(store, [1, 2, 4])
        try await Self.commit(store, [.refused(agent: "a", epoch: 7, sequence: 3, reason: "bad")])
        await #expect(throws: StoreError.self) {
            try await Self.commit(store, [.refused(agent: "a", epoch: 7, sequence: 3, reason: "bad")])
        }
        let gap = AgentChange.gap(agent: "a", epoch: 7, first: 4, last: 9, count: 6, cause: "bytes")
        try await Self.commit(store, [gap])
        try await Self.commit(store, [gap])
        try await Self.commit(store, [.setCounters(agent: "a", epoch: 7, enqueued: 9, acknowledged: 4, dropped: 6)])
        let record = try #require(try await store.ledger(of: "a").first)
        #expect(record.stored == 3)
        #expect(record.refused == 1)
        // Sequence 4 was stored before the agent gave it up: five are lost, not six.
        #expect(record.gaps == 5)
        #expect(record.enqueued == record.stored + record.refused + record.gaps)
        #expect(try await store.refusals(of: "a", limit: 10).map(\.reason) == ["bad"])
        #expect(try await store.gaps(of: "a", limit: 10).map(\.count) == [6])
    }

    @Test("S5: a join token works once, before its end, and only its hash is there", arguments: Engine.allCases)
    func tokens(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try await Self.store(bench)
        let end = Timestamp(seconds: 1_800_000_000)
        try await Self.commit(store, [.addToken(hash: "good", expires: end, note: "", by: "root")])
        try await Self.commit(store, [.addToken(hash: "old", expires: Timestamp(seconds: 1), note: "", by: "root")])
        #expect(try await store.tokenProblem(hash: "good", at: Timestamp(seconds: 2)) == "")
        #expect(try await store.tokenProblem(hash: "good", at: end)?.isEmpty == false)
        #expect(try await store.tokenProblem(hash: "none", at: end) == nil)
        try await Self.commit(store, [.useToken(hash: "good", agent: "a")])
        for hash in ["good", "old", "none"] {
            await #expect(throws: StoreError.self) {
                try await Self.commit(store, [.useToken(hash: hash, agent: "a")])
            }
        }
        #expect(try await store.tokenProblem(hash: "good", at: Timestamp(seconds: 2))?.isEmpty == false)
    }

    @Test("a certificate is accepted for its agent alone and until it is revoked", arguments: Engine.allCases)
    func revocation(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try await Self.store(bench)
        try await Self.commit(
            store,
            [
                .addAgent(id: "b", hostname: "h", machineID: "m", version: "1"),
                .addCertificate(serial: "01", agent: "a", notAfter: Timestamp(seconds: 9)),
            ])
        #expect(try await store.isAccepted(serial: "01", agent: "a"))
        #expect(try await !store.isAccepted(serial: "01", agent: "b"))
        #expect(try await !store.isAccepted(serial: "02", agent: "a"))
        try await Self.commit(store, [.revoke(agent: "a", reason: "stolen", by: "root")])
        #expect(try await !store.isAccepted(serial: "01", agent: "a"))
        #expect(try await store.agent("a")?.revokedReason == "stolen")
        #expect(try await store.auditEntries(before: nil, limit: 1).map(\.action) == ["agent.revoke"])
        await #expect(throws: StoreError.notFound("agent c")) {
            try await Self.commit(store, [.revoke(agent: "c", reason: "", by: "root")])
        }
    }

    @Test("pages of agents follow each other; texts come back as they were", arguments: Engine.allCases)
    func pages(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try await Self.store(bench)
        let hostile = "'; DROP TABLE agent; --\u{202e}x"
        for id in ["b", "c", "d"] {
            try await Self.commit(store, [.addAgent(id: id, hostname: hostile, machineID: hostile, version: hostile)])
        }
        let first = try await store.agents(after: nil, limit: 2)
        let second = try await store.agents(after: first.last?.id, limit: 10)
        #expect((first + second).map(\.id) == ["a", "b", "c", "d"])
        #expect(second.last?.hostname.utf8.elementsEqual(hostile.utf8) == true)
        try await Self.commit(
            store,
            [
                .receipt(
                    agent: "a",
                    receipt: Receipt(source: "s", outcome: .failure, found: 1, milliseconds: 2, message: hostile)),
                .receipt(agent: "a", receipt: Receipt(source: "s", outcome: .success, found: 3, milliseconds: 4)),
            ])
        #expect(
            try await store.receipts(of: "a")
                == [Receipt(source: "s", outcome: .success, found: 3, milliseconds: 4)])
    }
}

/// SplitMix64: the same numbers for the same seed, so that a failing run can be repeated.
private struct SeededNumbers {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
