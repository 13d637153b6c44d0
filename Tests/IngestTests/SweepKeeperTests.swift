import FoundationEssentials
import Logging
import Model
import SQLiteStores
import Stores
import Synchronization
import Testing
import Wire

@testable import CollectorServices

@Suite("Networks that the agents of a policy share")
struct SweepKeeperTests {
    /// A collector with two agents and one policy.
    private final class Site: Sendable {
        let fleet: Fleet
        let policies: PolicyService
        let directory: String
        private let time = Mutex(Timestamp(seconds: 1_800_000_000))

        init(_ policy: String) async throws {
            fleet = try Fleet()
            directory = FileManager.default.temporaryDirectory.path + "/muster-sites-\(UInt64.random(in: 0 ... .max))"
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            let text = "about = \"a\"\n[select]\nhosts = [\"claimed-*\"]\n" + policy
            try text.write(toFile: directory + "/site.toml", atomically: true, encoding: .utf8)
            policies = try PolicyService(
                store: fleet.store, directory: directory, wants: WantsHub(run: "test"), logger: Logger(label: "test"))
            try await fleet.enrol("a1", "a2", "a3")
        }

        deinit { try? FileManager.default.removeItem(atPath: directory) }

        func look(after seconds: Int64 = 0) async throws {
            time.withLock { $0 = $0.adding(seconds: seconds) }
            let clock = AlarmClock(now: { [self] in time.withLock { $0 } }, sleep: { _ in })
            try await SweepKeeper(
                store: fleet.store, policies: policies, clock: clock, logger: Logger(label: "test")
            ).look()
        }

        func allow(_ agent: String, _ networks: String...) async throws {
            try await fleet.send(
                agent,
                .status(
                    AgentStatus(
                        version: "1", bootID: "b", generation: 1, heartbeatSeconds: 60, enqueued: 0, acknowledged: 0,
                        dropped: 0, spoolBytes: 0, sweeps: networks)))
        }

        func change(_ change: AgentChange) async throws {
            var set = ChangeSet()
            set.agents = [change]
            _ = try await fleet.store.commit(set)
        }

        /// `NETWORKS HOLDER`, one line for each agent.
        func shares() async throws -> [String] {
            try await SweepOverview(store: fleet.store).shares().map { share in
                share.networks.map(\.description).joined(separator: " ") + " " + (share.agent?.id ?? "-")
            }
        }

        func given(_ agent: String) async throws -> PolicyValue? {
            let record = try #require(try await fleet.store.agent(agent))
            return try await policies.policy(of: record).composed.policy.discovery?.settings["networks"]
        }
    }

    @Test("go to those whose hosts allow them, each to one, and are in its policy")
    func shared() async throws {
        let site = try await Site("[discovery]\nnetworks = [\"10.1.0.0/22\", \"192.0.2.0/24\"]\n")
        try await site.look()
        #expect(try await site.shares() == ["10.1.0.0/22 192.0.2.0/24 -"])
        try await site.allow("a1", "10.0.0.0/8")
        try await site.look()
        #expect(try await site.shares() == ["192.0.2.0/24 -", "10.1.0.0/22 a1"])
        try await site.allow("a2", "10.1.2.0/23", "no network")
        try await site.look()
        #expect(try await site.shares() == ["192.0.2.0/24 -", "10.1.0.0/23 a1", "10.1.2.0/23 a2"])
        #expect(try await site.given("a1") == .list(["10.1.0.0/24", "10.1.1.0/24"]))
        #expect(try await site.given("a2") == .list(["10.1.2.0/24", "10.1.3.0/24"]))
        // Selected, and its host allows nothing: it is told of nothing but the policy.
        #expect(try await site.given("a3") == .list([]))
        let audit = try await site.fleet.store.auditEntries(before: nil, limit: 1)
        #expect(audit.first.map { "\($0.action) \($0.detail)" } == "sweep.move agent a2: 10.1.2.0/23")
        // Nothing to do: nothing is written.
        try await site.look(after: 60)
        #expect(try await site.fleet.store.auditEntries(before: nil, limit: 1).first?.id == audit.first?.id)
    }

    @Test("move when an agent is silent, is refused, or allows them no more; and end with the policy")
    func moved() async throws {
        let site = try await Site("[discovery]\nnetworks = [\"10.1.0.0/23\"]\n")
        try await site.allow("a1", "10.0.0.0/8")
        try await site.allow("a2", "10.0.0.0/8")
        try await site.look()
        #expect(try await site.shares() == ["10.1.0.0/24 a1", "10.1.1.0/24 a2"])
        try await site.change(.setSilent(agent: "a1", silent: true))
        try await site.look()
        #expect(try await site.shares() == ["10.1.0.0/23 a2"])
        try await site.change(.setSilent(agent: "a1", silent: false))
        try await site.look(after: 30)
        #expect(try await site.shares() == ["10.1.0.0/23 a2"])
        try await site.look(after: 600)
        #expect(try await site.shares() == ["10.1.1.0/24 a1", "10.1.0.0/24 a2"])
        try await site.change(.revoke(agent: "a2", reason: "gone", by: "ann"))
        try await site.look()
        #expect(try await site.shares() == ["10.1.0.0/23 a1"])
        try await site.allow("a1")
        try await site.look()
        #expect(try await site.shares() == ["10.1.0.0/23 -"])
        #expect(try await site.fleet.store.sweepLeases().map(\.lease.fence).max() == 3)
    }
}
