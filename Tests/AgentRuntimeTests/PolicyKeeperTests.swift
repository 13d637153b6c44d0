import Foundation
import Logging
import Model
import Testing
import Wire

@testable import AgentRuntime

@Suite("The policy in force")
struct PolicyKeeperTests {
    private let directory: TemporaryDirectory
    private let log: Logger

    init() throws {
        directory = try TemporaryDirectory()
        var log = Logger(label: "test") { LineLog(label: $0) }
        log.logLevel = .critical
        self.log = log
    }

    private var configuration: AgentConfiguration {
        var configuration = AgentConfiguration()
        configuration.state = StateDirectory(directory.path)
        return configuration
    }

    private static let policy = AgentPolicy(
        groups: ["10-all", "50-web"],
        checks: [
            PolicyItem(name: "web", settings: ["type": "tcp", "target": "127.0.0.1:80"]),
            PolicyItem(name: "sh", settings: ["type": "plugin", "program": "/bin/sh"]),
        ], upgrade: PolicyUpgrade(ring: "pilot", version: "9.9.9"))

    private func text(_ name: String) -> String? {
        try? String(contentsOfFile: directory.path + "/" + name, encoding: .utf8)
    }

    @Test(
        "A policy is in force, kept for the next start, told to the timer and shown by status; another one takes its place"
    )
    func takes() async throws {
        let bytes = try Self.policy.encoded()
        let keeper = PolicyKeeper(configuration, log: log)
        await keeper.begin()
        #expect(keeper.tag == nil && keeper.board.current.checks.isEmpty)
        await keeper.take(bytes)
        #expect(keeper.tag == AgentPolicy.tag(of: bytes))
        #expect(keeper.board.current.checks.map(\.definition.name) == ["web"])
        #expect(text("policy.json") == String(decoding: bytes, as: UTF8.self))
        #expect(text("wanted-version") == "9.9.9\n")
        let state = try #require(PolicyState.load(directory.path + "/policy-state.json"))
        #expect(
            state.tag == keeper.tag && state.groups == ["10-all", "50-web"] && state.refused.map(\.part) == ["check sh"]
        )
        let receipts = await keeper.receipts
        #expect(receipts.first?.outcome == .truncated && receipts.first?.found == 1)
        #expect(receipts.first?.message == "check sh refused: policy.toml does not list the program")
        #expect(receipts.last?.source == "upgrade" && receipts.last?.outcome == .noData)

        let later = PolicyKeeper(configuration, log: log)
        await later.begin()
        #expect(later.tag == keeper.tag && later.board.current.checks.count == 1)
        await later.take(try AgentPolicy().encoded())
        #expect(later.board.current.checks.isEmpty && text("wanted-version") == nil)
        #expect(await later.receipts.map(\.outcome) == [.noData])
    }

    @Test("What cannot be read changes nothing, is told in one line, and is forgotten with the next good one")
    func hostile() async throws {
        let keeper = PolicyKeeper(configuration, log: log)
        await keeper.take(try Self.policy.encoded())
        let tag = keeper.tag
        await keeper.take(Array("{\"groups\":[".utf8))
        #expect(keeper.tag == tag && keeper.board.current.checks.count == 1)
        let receipt = try #require(await keeper.receipts.first)
        #expect(receipt.outcome == .failure && receipt.message.hasPrefix("the policy cannot be read: JSON: "))
        #expect(text("policy.json") == String(decoding: try Self.policy.encoded(), as: UTF8.self))
        await keeper.take(try AgentPolicy(groups: ["a"]).encoded())
        #expect(await keeper.receipts.first?.outcome == .success)
    }

    @Test("A kept policy is read like one from the network: damaged, it is left aside and the agent starts")
    func damaged() async throws {
        for text in ["", "{}", "[", String(repeating: "x", count: AgentPolicy.bytes + 1)] {
            try text.write(toFile: directory.path + "/policy.json", atomically: true, encoding: .utf8)
            let keeper = PolicyKeeper(configuration, log: log)
            await keeper.begin()
            #expect(keeper.tag == nil && keeper.board.current.checks.isEmpty)
        }
    }

    @Test("A host that takes no policies has none in force, forgets a kept one and says so")
    func notAllowed() async throws {
        let keeper = PolicyKeeper(configuration, log: log)
        await keeper.take(try Self.policy.encoded())
        var configuration = self.configuration
        configuration.bounds.isAllowed = false
        let strict = PolicyKeeper(configuration, log: log)
        await strict.begin()
        #expect(strict.tag == nil && strict.board.current.checks.isEmpty)
        #expect(text("policy.json") == nil && text("wanted-version") == nil)
        #expect(await strict.receipts.map(\.message) == ["policy.toml does not allow policies"])
    }

    @Test("Hundreds of refused parts are one line that says how many more there are")
    func manyRefused() throws {
        let parts = (0..<200).map { PolicyRefusedPart(part: "check number-\($0)", reason: "agent.toml says otherwise") }
        let message = PolicyState(tag: "a", refused: parts).receipt(count: 0).message
        #expect(message.utf8.count <= 1000)
        let told = message.components(separatedBy: "; ").count - 1
        #expect(message.hasSuffix("; and \(200 - told) more"))
    }

    @Test("How an upgrade stands: done, waiting, gone back from")
    func upgrades() throws {
        let file = directory.path + "/refused"
        func receipt(_ version: String) -> Receipt? {
            UpgradeStanding(
                wanted: PolicyUpgrade(ring: "a", version: version), running: "0.1.0", refusedFile: file
            ).receipt
        }
        #expect(receipt("0.1.0")?.outcome == .success && receipt("0.1.0-2")?.outcome == .success)
        #expect(receipt("0.1.01")?.outcome == .noData && receipt("0.2.0")?.outcome == .noData)
        try "0.3.0-1\n0.2.0-1\n".write(toFile: file, atomically: true, encoding: .utf8)
        #expect(receipt("0.2.0")?.outcome == .failure && receipt("0.2.0-1")?.outcome == .failure)
        #expect(receipt("0.2.0-2")?.outcome == .noData && receipt("0.2")?.outcome == .noData)
        #expect(UpgradeStanding(wanted: nil).receipt == nil)
    }
}

@Suite("Asking for the policy")
struct PolicyServiceTests {
    @Test("Asked with the tag in force; the same is not sent again, and what is no answer changes nothing")
    func asking() async throws {
        let directory = try TemporaryDirectory()
        var log = Logger(label: "test") { LineLog(label: $0) }
        log.logLevel = .critical
        var configuration = AgentConfiguration()
        configuration.state = StateDirectory(directory.path)
        let bytes = try AgentPolicy(groups: ["a"]).encoded()
        let transport = ScriptedTransport { number, request in
            switch number {
            case 1: CollectorResponse(status: 200, mediaType: "application/json", body: bytes)
            case 2: CollectorResponse(status: 304, mediaType: "", body: [])
            default: CollectorResponse(status: 200, mediaType: "text/html", body: Array("<html>".utf8))
            }
        }
        let spool = Spool(
            directory: directory.path + "/spool", bounds: SpoolBounds(bytes: 1 << 20, age: 1000),
            seriesFile: directory.path + "/series.json", wake: WakeSignal(), log: { _ in })
        let reporter = Reporter(
            spool: spool, sections: directory.path + "/sections", sectionBytes: 64 << 20, freshness: .seconds(3600),
            log: log)
        let keeper = PolicyKeeper(configuration, log: log)
        let service = PolicyService(
            client: CollectorClient(transport: transport), keeper: keeper, signal: WakeSignal(), reporter: reporter,
            heartbeat: Heartbeat(spool: spool, interval: .seconds(60), generation: 1, policy: { keeper.tag }), log: log,
            interval: .milliseconds(10))
        let running = Task { try await service.run() }
        for _ in 0..<1000 where transport.requests.count < 3 { try await Task.sleep(for: .milliseconds(10)) }
        running.cancel()
        _ = try? await running.value
        let tag = AgentPolicy.tag(of: bytes)
        #expect(transport.requests.prefix(3).map(\.knownTag) == [nil, tag, tag])
        #expect(transport.requests.allSatisfy { $0.path == "/v1/agent/policy" && $0.method == .get })
        #expect(keeper.tag == tag)
        let frames = await spool.next(maximumBytes: 1 << 20, maximumFrames: 100)?.frames ?? []
        let told = frames.compactMap { frame -> String? in
            if case .status(let status) = try? ReportCodec.decode(frame).report { status.policy } else { nil }
        }
        #expect(told == [tag])
    }
}
