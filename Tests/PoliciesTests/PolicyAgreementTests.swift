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

    private static let bounds = "[discovery]\nnetworks = [\"192.0.2.0/24\", \"10.0.0.0/8\"]\nmost_rate = 10000\n"

    private static func configuration(_ bounds: String = bounds) throws -> AgentConfiguration {
        let text = "[[credential]]\nname = \"switches\"\ncommunity = \"word\"\n"
        var configuration = try AgentConfiguration.decode(try TOMLDocument.parse(text, file: "agent.toml"))
        configuration.bounds = try PolicyBounds(try TOMLDocument.parse(bounds, file: "policy.toml"))
        return configuration
    }

    @Test(
        "Networks that the collector takes the agent looks through, key by key",
        arguments: [
            "", "crawl_networks = [\"10.0.0.0/8\"]", "exclude_addresses = [\"192.0.2.7\"]",
            "exclude_names = [\"lab-*\"]", "exclude_platforms = [\"*Phone*\"]", "tcp_ports = [1, 65535]",
            "methods = [\"snmp\", \"icmp\", \"tcp\", \"arp\"]",
            "snmp_port = 1161", "rate = 10000", "timeout = \"50ms\"", "interval = \"60s\"", "crawl_depth = 64",
            "credentials = [\"switches\"]",
        ])
    func looked(more: String) throws {
        let text = Self.head + "[discovery]\nnetworks = [\"192.0.2.0/24\"]\n" + more
        let set = try PolicyFile.parse([("a.toml", text)])
        let parts = try #require(set.policies.first?.discovery).parts
        let policy = set.compose(for: PolicyTarget(agent: "agent-1", host: "h"), sweeping: parts).policy
        let applied = PolicyApplication(try AgentPolicy(decoding: try policy.encoded()), to: try Self.configuration())
        #expect(applied.refused.isEmpty, "\(applied.refused)")
        #expect(applied.settings.discovery?.settings.networks.map(\.description) == ["192.0.2.0/24"])
    }

    @Test(
        "Networks that the collector refuses for their values the agent refuses, too",
        arguments: [
            "methods = [\"telepathy\"]", "tcp_ports = [0]", "snmp_port = 0", "rate = 0", "rate = 10001",
            "timeout = \"1ms\"",
            "interval = \"1s\"", "crawl_depth = 65", "credentials = []", "crawl_networks = [\"10.0.0.1/8\"]",
            "exclude_addresses = [\"x\"]", "colour = 1",
        ])
    func notLooked(more: String) throws {
        let text = "[discovery]\nnetworks = [\"192.0.2.0/24\"]\n" + more
        #expect(throws: TOMLError.self) { try PolicyFile.parse([("a.toml", Self.head + text)]) }
        var settings: [String: PolicyValue] = [:]
        let table = try #require(try TOMLDocument.parse(text, file: "a.toml").table("discovery"))
        for key in table.keys { settings[key] = table.node(key).flatMap { PolicyValue($0.value) } }
        let applied = PolicyApplication(
            AgentPolicy(discovery: PolicyItem(name: "a", settings: settings)), to: try Self.configuration())
        #expect(applied.settings.discovery == nil && applied.refused.count == 1)
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
        let agent = "[[credential]]\nname = \"access\"\ncommunity = \"word\"\n"
        var configuration = try AgentConfiguration.decode(try TOMLDocument.parse(agent, file: "agent.toml"))
        let bounds = "[discovery]\nnetworks = [\"192.0.2.0/24\", \"198.51.100.0/24\"]\n"
        configuration.bounds = try PolicyBounds(try TOMLDocument.parse(bounds, file: "policy.toml"))
        let parts = try #require(set.policies.first?.discovery).parts
        let applied = PolicyApplication(set.compose(for: target, sweeping: parts).policy, to: configuration)
        #expect(applied.refused.isEmpty, "\(applied.refused)")
        #expect(applied.settings.discovery?.settings.crawlNetworks.count == 1)
        #expect(applied.settings.upgrade == PolicyUpgrade(ring: "pilot", version: "0.2.0"))
        #expect(applied.settings.sources.first { $0.name == "usb" }?.isEnabled == false)
        #expect(applied.settings.metrics.first { $0.name == "filesystems" }?.interval == .seconds(300))
    }
}
