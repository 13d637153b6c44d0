import Model
import Testing

@testable import AgentRuntime

@Suite("Networks of a policy within the host's bounds")
struct PolicyDiscoveryTests {
    private static func discovery(_ more: [String: PolicyValue] = [:]) -> AgentPolicy {
        let settings: [String: PolicyValue] = ["networks": .list(["10.1.0.0/24", "10.2.0.0/24"])]
        return AgentPolicy(discovery: PolicyItem(name: "site", settings: settings.merging(more) { $1 }))
    }

    @Test("No network is looked through that the host's file does not list")
    func noNetworks() throws {
        let applied = PolicyApplication(Self.discovery(), to: try PolicyApplicationTests.configuration())
        #expect(applied.settings.discovery == nil)
        #expect(
            applied.refused.map(\.description)
                == ["discovery refused: policy.toml lists no network in which devices may be looked for"])
        #expect(try PolicyApplicationTests.configuration().sweeps.isEmpty)
    }

    @Test("A network that is not inside the listed ones is refused alone, swept or crawled")
    func fence() throws {
        let configuration = try PolicyApplicationTests.configuration(
            bounds: "[discovery]\nnetworks = [\"10.1.0.0/16\"]\nexclude_addresses = [\"10.1.0.9\"]\n")
        let policy = Self.discovery(["crawl_networks": .list(["10.0.0.0/8", "10.1.2.0/24"])])
        let applied = PolicyApplication(policy, to: configuration)
        let settings = try #require(applied.settings.discovery?.settings)
        #expect(settings.networks.map(\.description) == ["10.1.0.0/24"])
        #expect(settings.crawlNetworks.map(\.description) == ["10.1.2.0/24"])
        #expect(applied.refused.map(\.part) == ["discovery 10.2.0.0/24", "discovery 10.0.0.0/8"])
        #expect(Set(applied.refused.map(\.reason)) == ["policy.toml does not allow that network"])
        #expect(configuration.sweeps == ["10.1.0.0/16"])
        // The fence of the round itself: nothing that the host's file takes away is asked, whoever tells of it.
        let fence = DiscoveryFence(settings, own: [])
        for (text, isAllowed) in [("10.1.0.8", true), ("10.1.0.9", false), ("10.2.0.8", false), ("10.1.2.8", true)] {
            #expect(fence.allows(try #require(IPAddress(text))) == isAllowed, "\(text)")
        }
    }

    @Test("Ways, pace and credentials are those that the host allows")
    func gentle() throws {
        let bounds = """
            [discovery]
            networks = ["10.0.0.0/8"]
            methods = ["snmp", "icmp"]
            least_interval = "1h"
            [devices]
            credentials = ["access-*"]
            """
        let agent =
            "[[credential]]\nname = \"core\"\ncommunity = \"c\"\n[[credential]]\nname = \"access-1\"\n"
            + "community = \"a\"\n"
        let policy = Self.discovery(["rate": 5000, "interval": "60s", "methods": .list(["snmp", "tcp"])])
        let applied = PolicyApplication(policy, to: try PolicyApplicationTests.configuration(agent, bounds: bounds))
        let running = try #require(applied.settings.discovery)
        #expect(running.settings.methods == [.snmp] && running.settings.rate == 100)
        #expect(running.settings.interval == .seconds(3600) && running.credentials.map(\.name) == ["access-1"])
        #expect(
            applied.refused.map(\.reason) == [
                "policy.toml does not allow the method tcp", "too fast for policy.toml, 100 packets a second instead",
                "too often for policy.toml, every 3600 s instead",
            ])
        let named = Self.discovery(["credentials": .list(["core"])])
        let barred = PolicyApplication(named, to: try PolicyApplicationTests.configuration(agent, bounds: bounds))
        #expect(barred.refused.map(\.reason).contains("policy.toml does not allow the credential core"))
        #expect(barred.settings.discovery?.settings.methods.contains(.snmp) == false)
        let unknown = Self.discovery(["credentials": .list(["nobody"])])
        let missing = PolicyApplication(unknown, to: try PolicyApplicationTests.configuration(agent, bounds: bounds))
        #expect(missing.settings.discovery == nil)
        #expect(missing.refused.map(\.reason) == ["agent.toml has no credential nobody"])
    }

    @Test("A host that looks through networks of its own does so and nothing else")
    func ownNetworks() throws {
        let configuration = try PolicyApplicationTests.configuration(
            "[discovery]\nnetworks = [\"10.9.0.0/24\"]\n", bounds: "[discovery]\nnetworks = [\"10.0.0.0/8\"]\n")
        let applied = PolicyApplication(Self.discovery(), to: configuration)
        #expect(applied.settings.discovery?.settings.networks.map(\.description) == ["10.9.0.0/24"])
        #expect(applied.refused.map(\.reason) == ["agent.toml says otherwise"] && configuration.sweeps.isEmpty)
    }
}
