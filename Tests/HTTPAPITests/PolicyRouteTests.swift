import CollectorServices
import FleetCA
import Foundation
import Model
import Stores
import Testing
import Wire

@testable import HTTPAPI

@Suite("Policies over both ports", .serialized)
struct PolicyRouteTests {
    private static let all = """
        about = "Everybody"
        [select]
        hosts = ["*"]
        [[check]]
        name = "gateway"
        type = "icmp"
        host = "192.0.2.1"
        [upgrade]
        ring = "wide"
        version = "2.0.0"

        """
    private static let web = """
        about = "Web"
        [select]
        hosts = ["web"]
        [[device]]
        name = "core"
        address = "192.0.2.1"

        """

    private func write(_ text: String?, _ name: String, _ bench: CollectorBench) throws {
        let directory = bench.directory + "/policies"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let path = directory + "/" + name
        if let text {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        } else {
            try FileManager.default.removeItem(atPath: path)
        }
    }

    private func asks(
        _ path: String, _ agent: VerifiedAgent, _ bench: CollectorBench, tag: String? = nil
    ) async -> APIResponse {
        await bench.routes.answer(
            method: "GET", target: path, caller: .agent(agent), address: "192.0.2.1",
            fields: RequestFields(tag.map { [(name: "If-None-Match", value: "\"\($0)\"")] } ?? []), body: { [] }
        ).0
    }

    private func api(_ path: String, _ bench: CollectorBench) async throws -> String {
        let answer = await RouteTable(try bench.api().all).answer(
            method: "GET", target: path, caller: .account(name: "test", scope: .read), address: "192.0.2.1",
            body: { [] }
        ).0
        return String(decoding: answer.body, as: UTF8.self)
    }

    private func until(_ holds: () async throws -> Bool) async throws {
        for _ in 0..<150 {
            if try await holds() { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        Issue.record("it never held")
    }

    @Test(
        "An agent gets what is for it under the tag of its octets; a change is told to those that asked, and a wrong file to nobody"
    )
    func changes() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        let running = Task { try await bench.policies.run() }
        defer { running.cancel() }
        let agent = try bench.verified(try await bench.enrol(try await bench.secret()).0)
        let silent = try bench.verified(try await bench.enrol(try await bench.secret()).0)
        let nothing = await asks("/v1/agent/policy", agent, bench)
        #expect(nothing.status == 200 && nothing.mediaType == "application/json")
        #expect(try AgentPolicy(decoding: nothing.body) == AgentPolicy())

        try write(Self.all, "10-all.toml", bench)
        try write(Self.web, "50-web.toml", bench)
        try await until { bench.policies.set.policies.count == 2 }
        let wanted = await asks("/v1/agent/wants?wait_seconds=10", agent, bench)
        #expect(String(decoding: wanted.body, as: UTF8.self).contains(#""wants":[{"kind":"policy"}]"#))
        let answer = await asks("/v1/agent/policy", agent, bench)
        let policy = try AgentPolicy(decoding: answer.body)
        #expect(policy.groups == ["10-all", "50-web"] && policy.devices.map(\.name) == ["core"])
        let tag = AgentPolicy.tag(of: answer.body)
        #expect(answer.fields.contains { $0.name == "ETag" && $0.value == "\"\(tag)\"" })
        #expect(await asks("/v1/agent/policy", agent, bench, tag: tag).status == 304)

        try write(Self.web + "colour = 1\n", "50-web.toml", bench)
        try await until { bench.policies.problem != nil }
        #expect(bench.policies.problem?.description.contains("50-web.toml:7:1: unknown key") == true)
        #expect(await asks("/v1/agent/policy", agent, bench, tag: tag).status == 304)
        #expect(try await api("/v1/policies", bench).contains("unknown key"))
        try write(nil, "50-web.toml", bench)
        try await until { bench.policies.problem == nil }
        try await until { await asks("/v1/agent/policy", agent, bench, tag: tag).status == 200 }
        // A directory that is away is no empty one.
        let directory = bench.directory + "/policies"
        try FileManager.default.moveItem(atPath: directory, toPath: directory + ".away")
        try await until { bench.policies.problem?.description.contains("takes all policies away") == true }
        #expect(bench.policies.set.policies.map(\.name) == ["10-all"])
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try await until { bench.policies.problem == nil && bench.policies.set.policies.isEmpty }
        // Who never asked may be an agent that does not know the word.
        let unaware = await asks("/v1/agent/wants?wait_seconds=0", silent, bench)
        #expect(String(decoding: unaware.body, as: UTF8.self).contains(#""wants":[]"#))
    }

    @Test("A collector does not start with a file that is wrong, or that others can write")
    func start() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        try write(Self.web + "colour = 1\n", "50-web.toml", bench)
        #expect(throws: (any Error).self) { try PolicyService.check(bench.directory + "/policies") }
        try write(Self.web, "50-web.toml", bench)
        #expect(try PolicyService.check(bench.directory + "/policies") == 1)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o666], ofItemAtPath: bench.directory + "/policies/50-web.toml")
        let error = #expect(throws: (any Error).self) { try PolicyService.check(bench.directory + "/policies") }
        #expect("\(error.map { "\($0)" } ?? "")".contains("others can write it"))
    }

    @Test("What an agent gets and what became of it, whom a policy is for, and how far a ring is")
    func explained() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        try write(Self.all, "10-all.toml", bench)
        let running = Task { try await bench.policies.run() }
        defer { running.cancel() }
        try await until { bench.policies.set.policies.count == 1 }
        let agent = try bench.verified(try await bench.enrol(try await bench.secret()).0).id
        let record = try #require(try await bench.store.agent(agent))
        #expect(try await bench.policies.standing(of: record).state == .pending)
        #expect(try await bench.policies.rings().first?.waiting == ["web"])

        let given = try await bench.policies.policy(of: record)
        func told(_ tag: String, _ outcome: ReceiptOutcome, _ message: String = "") async throws -> PolicyStandingState
        {
            var set = ChangeSet()
            set.agents = [
                .setPolicy(agent: agent, tag: tag),
                .receipt(
                    agent: agent,
                    receipt: Receipt(source: "policy", outcome: outcome, found: 1, milliseconds: 0, message: message)),
            ]
            _ = try await bench.store.commit(set)
            return try await bench.policies.standing(of: try #require(try await bench.store.agent(agent))).state
        }
        #expect(try await told(given.tag, .success) == .inForce)
        #expect(try await told(given.tag, .truncated, "check gateway refused: x") == .partly)
        #expect(try await told("another", .failure, "the policy cannot be read: x") == .refused)
        #expect(try await told("", .noData, "policy.toml does not allow policies") == .notAllowed)
        #expect(try await told("another", .success) == .pending)

        var set = ChangeSet()
        set.agents = [
            .receipt(
                agent: agent,
                receipt: Receipt(
                    source: "upgrade", outcome: .failure, found: 0, milliseconds: 0,
                    message: "version 2.0.0 did not work on this host, it stays at 1.0.0"))
        ]
        _ = try await bench.store.commit(set)
        #expect(try await bench.policies.rings().first?.failed == ["web"])
        let explained = try await api("/v1/agents/web/policy", bench)
        for part in [#""part":"check gateway""#, #""policy":"10-all""#, #""state":"pending""#, #""version":"2.0.0""#] {
            #expect(explained.contains(part), "\(part)")
        }
        #expect(try await api("/v1/policies/10-all", bench).contains(#""agents":1"#))
        #expect(try await api("/v1/policies/10-al", bench).contains("10-all"))
        #expect(try await api("/v1/rings", bench).contains(#""failed_hosts":["web"]"#))
    }

    @Test("Where a policy has devices looked for, what an agent gets of that, and who looks through which network")
    func discovery() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        let text =
            "about = \"a\"\n[select]\nhosts = [\"*\"]\n[discovery]\nnetworks = [\"192.0.2.0/24\", \"10.0.0.0/23\"]\n"
        try write(text + "rate = 7\n", "10-all.toml", bench)
        let running = Task { try await bench.policies.run() }
        defer { running.cancel() }
        try await until { bench.policies.set.policies.count == 1 }
        let agent = try bench.verified(try await bench.enrol(try await bench.secret()).0).id
        var set = ChangeSet()
        for network in [IPNetwork("10.0.0.0/24"), IPNetwork("10.0.1.0/24"), IPNetwork("192.0.2.0/24")] {
            let network = try #require(network)
            var sweep = SweepLease(policy: "10-all", network: network)
            if network.description != "192.0.2.0/24" { sweep.lease.pass(to: agent, at: Timestamp(seconds: 5)) }
            set.sweeps.append(.put(sweep, after: 0))
        }
        _ = try await bench.store.commit(set)
        let policy = try await api("/v1/policies/10-all", bench)
        #expect(
            policy.contains(#""discovery_networks":["192.0.2.0/24","10.0.0.0/23"]"#) && policy.contains(#""rate":7"#))
        let explained = try await api("/v1/agents/web/policy", bench)
        #expect(explained.contains(#""setting":"10.0.0.0/23""#) && explained.contains(#""10.0.1.0/24""#))
        let sweeps = try await api("/v1/sweeps", bench)
        #expect(sweeps.contains(#""networks":["10.0.0.0/23"],"agent":"\#(agent)","hostname":"web""#), "\(sweeps)")
        #expect(sweeps.contains(#""networks":["192.0.2.0/24"],"agent":null"#), "\(sweeps)")
    }
}
