import Model
import Stores
import Testing

typealias DiscoveryStore = ChangeCommitting & DiscoveryReading

extension Bench {
    /// The store as one of what was found in networks.
    func discoveryStore() async throws -> any DiscoveryStore { try #require(store as? any DiscoveryStore) }
}

@Suite("Store: what was found in networks")
struct DiscoveryReadingTests {
    private static func record(_ id: Int64, _ state: DiscoveryState = .waiting) -> DiscoveryRecord {
        var finding = DiscoveryFinding(addresses: ["192.0.2.\(id)"], ways: [.snmp, .arp])
        finding.name = "a'\u{4e8b}"
        finding.refusal = .unknownUser
        var record = DiscoveryRecord(
            id: id, finding: finding,
            sights: [DiscoverySight(agent: "a1", address: "192.0.2.\(id)", credential: "c", at: Timestamp(seconds: 1))],
            at: Timestamp(seconds: 2))
        record.state = state
        if state == .accepted { (record.holder, record.device) = ("a1", "d\(id)") }
        return record
    }

    private static func commit(
        _ store: any DiscoveryStore, _ changes: [DiscoveryChange], expecting expectations: [Stores.Expectation] = []
    ) async throws {
        var set = ChangeSet()
        set.discoveries = changes
        set.expectations = expectations
        _ = try await store.commit(set)
    }

    @Test("comes back as it was put, its version counted up", arguments: Engine.allCases)
    func roundTrip(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try await bench.discoveryStore()
        var record = Self.record(5)
        for version in 1...2 {
            try await Self.commit(
                store, [.put(record, keys: [])], expecting: [.discovery(id: 5, version: Int64(version - 1))])
            record.version = Int64(version)
            #expect(try await store.discovery(id: 5) == record)
            record.state = .ignored
        }
        await #expect(throws: StoreError.self) {
            try await Self.commit(store, [.put(record, keys: [])], expecting: [.discovery(id: 5, version: 1)])
        }
        #expect(try await store.discovery(id: 6) == nil)
    }

    @Test("is listed by state, newest first, and by the agent that probes it", arguments: Engine.allCases)
    func lists(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try await bench.discoveryStore()
        let states: [DiscoveryState] = [.waiting, .accepted, .ignored, .waiting, .linked]
        for (index, state) in states.enumerated() {
            try await Self.commit(store, [.put(Self.record(Int64(index + 1), state), keys: [])])
        }
        func found(_ query: DiscoveryQuery) async throws -> [Int64] { try await store.discoveries(query).map(\.id) }
        #expect(try await found(DiscoveryQuery()) == [4, 1])
        #expect(try await found(DiscoveryQuery(after: 4)) == [1])
        #expect(try await found(DiscoveryQuery(states: Set(DiscoveryState.allCases), limit: 2)) == [5, 4])
        #expect(try await store.discoveries(heldBy: "a1").map(\.id) == [2])
        #expect(try await store.discoveries(heldBy: "' OR 1=1 --").isEmpty)
        #expect(try await store.discoveryCounts() == [.waiting: 2, .accepted: 1, .ignored: 1, .linked: 1])
    }

    @Test("is found by its keys; a key passes to who has it now", arguments: Engine.allCases)
    func keys(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try await bench.discoveryStore()
        let (address, mac) = (IdentityKey("address", "192.0.2.1@a1"), IdentityKey("mac", "00:1b:21:00:00:01"))
        try await Self.commit(store, [.put(Self.record(1), keys: [address, mac])])
        #expect(try await store.discoveries(withKeys: [address, mac]).mapValues(\.id) == [address: 1, mac: 1])
        try await Self.commit(store, [.put(Self.record(2), keys: [address])])
        #expect(try await store.discoveries(withKeys: [address, mac]).mapValues(\.id) == [address: 2, mac: 1])
        try await Self.commit(store, [.put(Self.record(2), keys: [])])
        #expect(try await store.discoveries(withKeys: [address, mac]).mapValues(\.id) == [mac: 1])
    }

    @Test(
        "what is forgotten is gone with its keys; what is accepted is found by the name under which it is probed",
        arguments: Engine.allCases)
    func forgotten(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try await bench.discoveryStore()
        let key = IdentityKey("mac", "00:1b:21:00:00:01")
        try await Self.commit(
            store, [.put(Self.record(1), keys: [key]), .put(Self.record(2, .accepted), keys: [])])
        #expect(try await store.discoveries(probedAs: "d2").map(\.id) == [2])
        #expect(try await store.discoveries(probedAs: "d1").isEmpty)
        try await Self.commit(store, [.remove(id: 1)], expecting: [.discovery(id: 1, version: 1)])
        #expect(try await store.discovery(id: 1) == nil)
        #expect(try await store.discoveries(withKeys: [key]).isEmpty)
    }

    @Test(
        "who looks through which network comes back as it was put, and a number that is not the last is refused",
        arguments: Engine.allCases)
    func sweeps(engine: Engine) async throws {
        let bench = try engine.make()
        let store = try #require(bench.store as? any ChangeCommitting & SweepReading)
        let network = try #require(IPNetwork("2001:db8::/120"))
        var sweep = SweepLease(policy: "a'\u{4e8b}", network: network)
        func put(after fence: Int64) async throws {
            var set = ChangeSet()
            set.sweeps = [.put(sweep, after: fence)]
            _ = try await store.commit(set)
        }
        try await put(after: 0)
        sweep.lease.pass(to: "a1", at: Timestamp(seconds: 5))
        try await put(after: 0)
        sweep.lease.pass(to: "a2", at: Timestamp(seconds: 6), silences: 2)
        await #expect(throws: StoreError.self) { try await put(after: 0) }
        try await put(after: 1)
        #expect(try await store.sweepLeases() == [sweep])
        var set = ChangeSet()
        set.sweeps = [.remove(policy: sweep.policy, network: network)]
        _ = try await store.commit(set)
        #expect(try await store.sweepLeases().isEmpty)
    }
}
