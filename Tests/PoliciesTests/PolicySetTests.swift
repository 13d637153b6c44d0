import Model
import Testing

@testable import Policies

@Suite("Policies over one another")
struct PolicySetTests {
    private static let everybody = """
        about = "a"
        [select]
        hosts = ["*"]

        """
    private static let web = PolicyTarget(agent: "agent-1", host: "web-01", attributes: ["os.id": "debian"])

    private static func set(_ texts: String...) throws -> PolicySet {
        try PolicyFile.parse(texts.enumerated().map { ("\($0.offset).toml", everybody + $0.element) })
    }

    private static func tcp(_ name: String, _ port: Int, _ more: String = "") -> String {
        "[[check]]\nname = \"\(name)\"\ntype = \"tcp\"\ntarget = \"127.0.0.1:\(port)\"\n" + more
    }

    @Test("Checks add up, the nearest of one name counts, and a nearer policy takes away")
    func checks() throws {
        let set = try Self.set(
            Self.tcp("a", 1) + Self.tcp("b", 2) + Self.tcp("c", 3), Self.tcp("b", 22), "[without]\nchecks = [\"c\"]\n")
        let composed = set.compose(for: Self.web)
        #expect(composed.policy.groups == ["0", "1", "2"])
        #expect(composed.policy.checks.map(\.name) == ["a", "b"])
        #expect(composed.policy.checks.last?.settings["target"] == "127.0.0.1:22")
        #expect(
            composed.origins == [
                PolicyOrigin(part: "check a", setting: "tcp", policy: "0"),
                PolicyOrigin(part: "check b", setting: "tcp", policy: "1"),
            ])
    }

    @Test("What a policy takes away and gives itself is there")
    func replaced() throws {
        let set = try Self.set(Self.tcp("a", 1), Self.tcp("a", 9) + "[without]\nchecks = [\"a\"]\n")
        #expect(set.compose(for: Self.web).policy.checks.first?.settings["target"] == "127.0.0.1:9")
    }

    @Test("Intervals: the nearest counts, and what is said of all is nearer than an earlier word about one")
    func intervals() throws {
        let set = try Self.set(
            "[inventory]\ninterval = \"1h\"\n[inventory.source.usb]\ninterval = \"2h\"\nenabled = false\n",
            "[inventory]\ninterval = \"10m\"\n", "[inventory.source.os]\ninterval = \"5m\"\n")
        let schedule = set.compose(for: Self.web).policy.inventory
        #expect(schedule.intervalSeconds == 600)
        #expect(
            schedule.sources == [
                "usb": PolicySource(isEnabled: false), "os": PolicySource(intervalSeconds: 300),
            ])
    }

    @Test("The probe's intervals are those of devices that have none, those from elsewhere too")
    func probe() throws {
        let device = "[[device]]\nname = \"a\"\naddress = \"192.0.2.1\"\npoll_interval = \"10s\"\n"
        let set = try Self.set(device, "[probe]\ninterval = \"20m\"\npoll_interval = \"30s\"\n")
        let found = PolicyItem(name: "found", settings: ["address": "192.0.2.7"])
        let composed = set.compose(for: Self.web, adding: ["discovery": [found]])
        #expect(composed.policy.devices.map(\.name) == ["a", "found"])
        #expect(composed.policy.devices.first?.settings["poll_interval"] == "10s")
        #expect(composed.policy.devices.first?.settings["interval"] == "20m")
        #expect(composed.policy.devices.last?.settings["poll_interval"] == "30s")
        #expect(composed.origins.map(\.policy) == ["0", "discovery"])
    }

    @Test("A file replaces and takes away what came from elsewhere")
    func addition() throws {
        let found = PolicyItem(name: "found", settings: ["address": "192.0.2.7"])
        let without = try Self.set("[without]\ndevices = [\"found\"]\n")
        #expect(without.compose(for: Self.web, adding: ["discovery": [found]]).policy.devices.isEmpty)
    }

    @Test(
        "Whom a policy is for",
        arguments: [
            ("hosts = [\"web-*\"]", true), ("hosts = [\"WEB-01\"]", true), ("hosts = [\"agent-1\"]", true),
            ("hosts = [\"db-*\", \"*-01\"]", true), ("hosts = [\"db-*\"]", false), ("hosts = [\"web\"]", false),
            ("hosts = [\"*\"]\nexcept = [\"web-0?\"]", true), ("hosts = [\"*\"]\nexcept = [\"web-*\"]", false),
            ("attributes = { \"os.id\" = \"Debian\" }", true), ("attributes = { \"os.id\" = \"deb*\" }", true),
            ("attributes = { \"os.id\" = \"ubuntu\" }", false), ("attributes = { \"os.name\" = \"*\" }", false),
            ("hosts = [\"db-*\"]\nattributes = { \"os.id\" = \"debian\" }", false),
        ])
    func selection(select: String, expected: Bool) throws {
        let set = try PolicyFile.parse([("a.toml", "about = \"a\"\n[select]\n\(select)\n")])
        #expect(set.compose(for: Self.web).policy.groups.isEmpty == !expected)
    }

    @Test("Nobody gets what is not for it, and the octets of nothing are always the same")
    func nothing() throws {
        let set = try PolicyFile.parse([("a.toml", "about = \"a\"\n[select]\nhosts = [\"db\"]\n" + Self.tcp("a", 1))])
        #expect(set.compose(for: Self.web) == ComposedPolicy(policy: AgentPolicy(), origins: []))
        #expect(PolicySet.empty.compose(for: Self.web).policy == AgentPolicy())
    }

    @Test("The nearest ring counts, with the version it has anywhere")
    func ring() throws {
        let set = try PolicyFile.parse([
            ("1.toml", Self.everybody + "[upgrade]\nring = \"wide\"\nversion = \"0.1.0\"\n"),
            ("2.toml", "about = \"a\"\n[select]\nhosts = [\"web-*\"]\n[upgrade]\nring = \"pilot\"\n"),
            (
                "3.toml",
                "about = \"a\"\n[select]\nhosts = [\"lab\"]\n[upgrade]\nring = \"pilot\"\nversion = \"0.2.0\"\n"
            ),
        ])
        let pilot = PolicyUpgrade(ring: "pilot", version: "0.2.0")
        #expect(set.compose(for: Self.web).policy.upgrade == pilot && set.upgrade(for: Self.web) == pilot)
        let other = PolicyTarget(agent: "agent-2", host: "db")
        #expect(set.upgrade(for: other) == PolicyUpgrade(ring: "wide", version: "0.1.0"))
    }

    @Test("The nearest policy that says anything of networks counts, and an agent gets its parts of them")
    func discovery() throws {
        let first = "[discovery]\nnetworks = [\"192.0.2.0/24\"]\n"
        let second = """
            [discovery]
            networks = ["198.51.100.0/24", "203.0.112.0/23"]
            crawl_networks = ["10.0.0.0/8"]
            methods = ["snmp"]

            """
        let parts = try #require(IPNetwork("203.0.112.0/23")).parts
        let composed = try Self.set(first, second, Self.tcp("a", 1)).compose(for: Self.web, sweeping: parts)
        let item = try #require(composed.policy.discovery)
        #expect(item.name == "1" && item.settings["methods"] == .list(["snmp"]))
        #expect(item.settings["networks"] == .list(["203.0.112.0/24", "203.0.113.0/24"]))
        #expect(
            composed.origins.last
                == PolicyOrigin(
                    part: "discovery", setting: "203.0.112.0/23; through neighbours 10.0.0.0/8", policy: "1"))
        let without = try Self.set(first, "[without]\ndiscovery = true\n")
        #expect(without.discovery(for: Self.web) == nil && without.compose(for: Self.web).policy.discovery == nil)
        #expect(try Self.set("[without]\ndiscovery = true\n", first).discovery(for: Self.web)?.name == "1")
        #expect(try Self.set(first).compose(for: Self.web).origins.map(\.setting) == ["no network"])
    }

    @Test("What a policy shares are its networks in parts, in order")
    func parts() throws {
        let set = try Self.set("[discovery]\nnetworks = [\"192.0.2.0/25\", \"10.0.0.0/22\"]\n")
        #expect(
            set.policies.first?.discovery?.parts.map(\.description)
                == ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24", "192.0.2.0/25"])
    }
}
