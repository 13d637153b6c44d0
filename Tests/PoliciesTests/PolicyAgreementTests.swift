import Foundation
import Model
import TOML
import Testing
import Wire

@testable import AgentRuntime
@testable import Policies

/// The collector takes what agents can read: both sides over the same texts.
@Suite("Collector and agent over one policy")
struct PolicyAgreementTests {
    private static let head = "about = \"a\"\n[select]\nhosts = [\"*\"]\n"

    @Test(
        "A device that the collector takes the agent takes, key by key",
        arguments: [
            "", "port = 1161", "transport = \"tcp\"", "timeout = \"100ms\"", "retries = 10", "interval = \"5s\"",
            "poll_interval = \"1h\"", "failures = 100", "ping = false", "trap_addresses = [\"2001:db8::1\"]",
            "version = \"1\"", "version = \"2c\"",
            "version = \"3\"\nuser = \"u\"", "version = \"3\"\nuser = \"u\"\ncontext = \"c\"",
            "sections = [\"system\", \"interfaces\", \"addresses\", \"neighbours\", \"sensors\", \"entities\", \"vlans\", "
                + "\"forwarding\", \"arp\", \"supplies\", \"volumes\", \"peers\"]",
        ])
    func taken(more: String) throws {
        let text = Self.head + "[[device]]\nname = \"core\"\naddress = \"192.0.2.1\"\n" + more
        let set = try PolicyFile.parse([("a.toml", text)])
        let policy = set.compose(for: PolicyTarget(agent: "agent-1", host: "h")).policy
        let received = try AgentPolicy(decoding: try policy.encoded())
        let applied = PolicyApplication(received, to: AgentConfiguration())
        #expect(applied.refused.isEmpty, "\(applied.refused)")
        #expect(applied.settings.devices.map(\.name) == ["core"])
    }

    @Test(
        "A device that the collector refuses for its values the agent refuses, too",
        arguments: [
            "port = 0", "transport = \"sctp\"", "timeout = \"1ms\"", "retries = 11", "interval = \"1s\"",
            "poll_interval = \"2h\"", "failures = 0", "trap_addresses = [\"x\"]", "version = \"4\"", "version = \"3\"",
            "sections = [\"all\"]", "community = \"x\"", "credentials = []", "credentials = [\"a\"]\nversion = \"1\"",
            "community_file = \"/etc/passwd\"", "community_file = \"..\"",
        ])
    func refused(more: String) throws {
        let device = "[[device]]\nname = \"core\"\naddress = \"192.0.2.1\"\n" + more
        #expect(throws: TOMLError.self) { try PolicyFile.parse([("a.toml", Self.head + device)]) }
        var settings: [String: PolicyValue] = [:]
        let table = try #require(try TOMLDocument.parse(device, file: "a.toml").tables("device").first)
        for key in table.keys where key != "name" { settings[key] = table.node(key).flatMap { PolicyValue($0.value) } }
        let applied = PolicyApplication(
            AgentPolicy(devices: [PolicyItem(name: "core", settings: settings)]), to: AgentConfiguration())
        #expect(applied.settings.devices.isEmpty && applied.refused.count == 1)
    }

    @Test(
        "A device may name credentials of agent.toml in their order; where the host has none of that name it is refused there"
    )
    func named() throws {
        let device = "[[device]]\nname = \"core\"\naddress = \"192.0.2.1\"\ncredentials = [\"switches\"]\n"
        let policy = try PolicyFile.parse([("a.toml", Self.head + device)])
            .compose(for: PolicyTarget(agent: "agent-1", host: "h")).policy
        let bare = PolicyApplication(policy, to: AgentConfiguration())
        #expect(bare.refused.map(\.reason) == ["agent.toml has no credential switches for that address"])
        let text = "[[credential]]\nname = \"switches\"\ncommunity = \"word\"\nnetworks = [\"192.0.2.0/24\"]\n"
        let configuration = try AgentConfiguration.decode(try TOMLDocument.parse(text, file: "agent.toml"))
        let applied = PolicyApplication(policy, to: configuration)
        #expect(applied.refused.isEmpty && applied.settings.devices.first?.credentials.map(\.name) == ["switches"])
    }

    @Test("Sections of devices are those the agent knows")
    func sections() throws {
        let names = DeviceSettings.partNames.map { "\"\($0)\"" }.joined(separator: ", ")
        let text = Self.head + "[[device]]\nname = \"core\"\naddress = \"192.0.2.1\"\nsections = [\(names)]\n"
        #expect(try PolicyFile.parse([("a.toml", text)]).policies.first?.devices.count == 1)
    }

    @Test("The example of the reference is taken whole by both")
    func example() throws {
        let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().path
        let text = try String(contentsOfFile: root + "/docs/reference/policy.toml", encoding: .utf8)
        let set = try PolicyFile.parse([("50-shop.toml", text)])
        let target = PolicyTarget(agent: "agent-1", host: "web-1", attributes: ["os.id": "debian"])
        let applied = PolicyApplication(set.compose(for: target).policy, to: AgentConfiguration())
        #expect(applied.refused.isEmpty)
        #expect(applied.settings.upgrade == PolicyUpgrade(ring: "pilot", version: "0.2.0"))
        #expect(applied.settings.sources.first { $0.name == "usb" }?.isEnabled == false)
        #expect(applied.settings.metrics.first { $0.name == "filesystems" }?.interval == .seconds(300))
    }
}
