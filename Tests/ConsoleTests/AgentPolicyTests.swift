import HTTPAPI
import Model
import Stores
import Testing

@testable import Console

@Suite("An agent's policy on its page")
struct AgentPolicyTests {
    private static let web = """
        about = "Web"
        [select]
        hosts = ["web-*"]
        [[check]]
        name = "load"
        type = "plugin"
        program = "/usr/lib/nagios/plugins/check_of_the_host"
        [upgrade]
        ring = "pilot"
        version = "2.0.0"
        [translation.zh-Hans]
        about = "网站"
        """

    @Test("Policies, version, state and what the host refused stand there, in the reader's language")
    func page() async throws {
        let bench = try ConsoleBench(policies: ["50-web.toml": Self.web, "60-more.toml": Self.web])
        defer { bench.remove() }
        let viewer = try await bench.person("v", .viewer)
        var set = ChangeSet()
        set.agents = [
            .addAgent(id: "agent-1", hostname: "web-01", machineID: "m", version: "1"),
            .addAgent(id: "agent-2", hostname: "db-01", machineID: "n", version: "1"),
        ]
        _ = try await bench.store.commit(set)
        let pending = await bench.get("/agents/agent-1", viewer).text
        #expect(
            pending.contains("<code>50-web</code> Web</div><div><code>60-more</code> Web</div>")
                && pending.contains("2.0.0 (pilot)"))
        #expect(pending.contains(">pending<"))
        #expect(await bench.get("/agents/agent-2", viewer).text.contains("No policy is for this agent."))

        set.agents = [
            .setPolicy(agent: "agent-1", tag: "old"),
            .receipt(
                agent: "agent-1",
                receipt: Receipt(
                    source: "policy", outcome: .truncated, found: 0, milliseconds: 0,
                    message: "check load refused: policy.toml does not list the program; "
                        + "check ftp refused: policy.toml does not allow checks of type ftp; "
                        + "inventory usb refused: too often for policy.toml, every 60 s instead; and 7 more")),
            .receipt(
                agent: "agent-1",
                receipt: Receipt(
                    source: "upgrade", outcome: .failure, found: 0, milliseconds: 0,
                    message: "version 2.0.0 did not work on this host, it stays at 1.0.0")),
        ]
        _ = try await bench.store.commit(set)
        let chinese = await bench.get("/agents/agent-1", viewer, language: "zh-CN").text
        for said in [
            "<code>50-web</code> 网站",
            "检查 load 被拒绝：policy.toml 未列出该程序", "检查 ftp 被拒绝：policy.toml 不允许 ftp 类型的检查",
            "清单采集源 usb 被拒绝：policy.toml 不允许如此频繁，改为每 60 秒一次", "另有 7 项", "版本 2.0.0 在本机无法工作，仍为 1.0.0",
        ] { #expect(chinese.contains(said), "\(said)") }
    }
}
