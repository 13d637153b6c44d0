import Foundation
import Model
import TOML
import Testing

@testable import AgentRuntime

@Suite("A policy within the host's bounds")
struct PolicyApplicationTests {
    static func configuration(_ agent: String = "", bounds: String = "") throws -> AgentConfiguration {
        var configuration = try AgentConfiguration.decode(try TOMLDocument.parse(agent, file: "agent.toml"))
        configuration.bounds = try PolicyBounds(try TOMLDocument.parse(bounds, file: "policy.toml"))
        return configuration
    }

    private static func tcp(_ name: String, _ more: [String: PolicyValue] = [:]) -> PolicyItem {
        PolicyItem(name: name, settings: ["type": "tcp", "target": "127.0.0.1:80"].merging(more) { $1 })
    }

    private static func device(_ name: String, _ more: [String: PolicyValue] = [:]) -> PolicyItem {
        PolicyItem(name: name, settings: ["address": "192.0.2.1"].merging(more) { $1 })
    }

    private static func refusals(_ policy: AgentPolicy, agent: String = "", bounds: String = "") throws -> [String] {
        PolicyApplication(policy, to: try configuration(agent, bounds: bounds)).refused.map(\.description)
    }

    @Test("What is given is added to what agent.toml has, and a part that is wrong costs itself alone")
    func adds() throws {
        let own = "[[check]]\nname = \"own\"\ntype = \"tcp\"\ntarget = \"127.0.0.1:1\"\n"
        let policy = AgentPolicy(
            checks: [
                Self.tcp("a"), PolicyItem(name: "b", settings: ["type": "telepathy"]), Self.tcp("c", ["colour": "red"]),
                Self.tcp("d", ["interval": "1s"]),
            ], devices: [Self.device("core"), Self.device("bad", ["port": 70_000])])
        let applied = PolicyApplication(policy, to: try Self.configuration(own))
        #expect(applied.settings.checks.map(\.definition.name) == ["own", "a"])
        #expect(applied.settings.devices.map(\.name) == ["core"])
        #expect(applied.refused.map(\.part) == ["check b", "check c", "check d", "device bad"])
        #expect(applied.refused.first?.reason.contains("\"type\" is \"telepathy\"; write one of") == true)
        #expect(applied.refused[1].reason.contains("unknown key \"colour\""))
        #expect(applied.refused[2].reason.contains("\"timeout\" is more than the interval"))
    }

    @Test("agent.toml wins: its checks, devices, intervals and switches stay")
    func own() throws {
        let agent = """
            [inventory.source.usb]
            enabled = true
            [inventory.source.os]
            interval = "2h"
            [metrics]
            interval = "20s"
            [[check]]
            name = "web"
            type = "tcp"
            target = "127.0.0.1:1"
            [[device]]
            name = "core"
            address = "192.0.2.9"
            """
        let policy = AgentPolicy(
            inventory: PolicySchedule(
                intervalSeconds: 900,
                sources: [
                    "usb": PolicySource(isEnabled: false), "os": PolicySource(intervalSeconds: 60),
                    "cpu": PolicySource(isEnabled: false, intervalSeconds: 60),
                    "nothing": PolicySource(isEnabled: true),
                ]),
            metrics: PolicySchedule(intervalSeconds: 5), checks: [Self.tcp("web")], devices: [Self.device("core")])
        let applied = PolicyApplication(policy, to: try Self.configuration(agent))
        let sources = Dictionary(uniqueKeysWithValues: applied.settings.sources.map { ($0.name, $0) })
        #expect(sources["usb"]?.isEnabled == true && sources["usb"]?.interval == .seconds(900))
        #expect(sources["os"]?.interval == .seconds(7200))
        #expect(sources["cpu"]?.isEnabled == false && sources["cpu"]?.interval == .seconds(60))
        // Services are looked at every five minutes at least, whatever is said of all.
        #expect(sources["services"]?.interval == .seconds(300) && sources["memory"]?.interval == .seconds(900))
        #expect(applied.settings.metrics.allSatisfy { $0.interval >= .seconds(20) })
        #expect(applied.settings.devices.first?.target.address.description == "192.0.2.9")
        #expect(
            Set(applied.refused.map(\.description)) == [
                "inventory os refused: agent.toml says otherwise", "inventory usb refused: agent.toml says otherwise",
                "inventory nothing refused: this agent has nothing of that name",
                "check web refused: agent.toml says otherwise", "device core refused: agent.toml says otherwise",
            ])
    }

    @Test(
        "policy.toml takes away",
        arguments: [
            (
                "[checks]\ntypes = [\"http\"]", [PolicyApplicationTests.tcp("a")],
                ["check a refused: policy.toml does not allow checks of type tcp"]
            ),
            (
                "[checks]\nmost = 1", [PolicyApplicationTests.tcp("a"), PolicyApplicationTests.tcp("b")],
                ["check b refused: policy.toml allows 1"]
            ),
            (
                "[checks]\nleast_interval = \"5m\"", [PolicyApplicationTests.tcp("a")],
                ["check a refused: too often for policy.toml, every 300 s instead"]
            ),
            ("[checks]\npaths = [\"/var/log/*\"]", [PolicyItem(name: "a", settings: log("/var/log/x.log"))], []),
            (
                "[checks]\npaths = [\"/var/log/*\"]", [PolicyItem(name: "a", settings: log("/srv/x.log"))],
                ["check a refused: policy.toml does not allow that path"]
            ),
            (
                "[checks]\npaths = []", [PolicyItem(name: "a", settings: log("/var/log/x.log"))],
                ["check a refused: policy.toml does not allow that path"]
            ),
        ])
    func checks(bounds: String, items: [PolicyItem], expected: [String]) throws {
        #expect(try Self.refusals(AgentPolicy(checks: items), bounds: bounds) == expected)
    }

    private static func log(_ path: String) -> [String: PolicyValue] {
        ["type": "log", "path": .text(path), "lines": .list(["ERROR"])]
    }

    @Test(
        "Networks that checks may ask: by address, and nothing that readers of URLs disagree about",
        arguments: [
            ("tcp", "target", "10.1.2.3:80", true), ("tcp", "target", "192.0.2.1:80", false),
            ("tcp", "target", "[2001:db8::1]:80", true), ("tcp", "target", "db.example:80", false),
            ("http", "url", "http://10.1.2.3/x", true), ("http", "url", "https://10.1.2.3:8443/", true),
            ("http", "url", "http://[2001:db8::1]/", true), ("http", "url", "http://10.1.2.3@192.0.2.1/", false),
            ("http", "url", "http://192.0.2.1\\@10.1.2.3/", false),
            ("http", "url", "http://web.example/10.1.2.3", false),
            ("http", "url", "http://192.0.2.1?10.1.2.3", false), ("http", "url", "http://0x0a010203/", false),
            ("icmp", "host", "10.1.2.3", true), ("icmp", "host", "gateway", false),
            ("icmp", "host", "10.1.2.3x", false), ("http", "url", "http://[2001:db8::1]", true),
            ("time", "server", "10.1.2.3:123", true),
            ("dns", "resolver", "192.0.2.53", false),
        ])
    func networks(kind: String, key: String, place: String, isAllowed: Bool) throws {
        var settings: [String: PolicyValue] = ["type": .text(kind), key: .text(place)]
        if kind == "dns" { settings["query"] = "shop.example" }
        let refusals = try Self.refusals(
            AgentPolicy(checks: [PolicyItem(name: "a", settings: settings)]),
            bounds: "[checks]\nnetworks = [\"10.0.0.0/8\", \"2001:db8::/32\"]")
        let expected = isAllowed ? [] : ["check a refused: policy.toml does not allow that network"]
        #expect(refusals == expected)
    }

    @Test("What asks nobody over the network is not bounded by networks")
    func nobody() throws {
        let checks = [
            PolicyItem(name: "a", settings: ["type": "process", "executable": "postgres"]),
            PolicyItem(name: "b", settings: ["type": "dns", "query": "shop.example"]),
        ]
        #expect(try Self.refusals(AgentPolicy(checks: checks), bounds: "[checks]\nnetworks = []") == [])
    }

    @Test("A check that is wanted too often is made as often as the host allows")
    func pace() throws {
        let applied = PolicyApplication(
            AgentPolicy(checks: [Self.tcp("a", ["interval": "10s"])], devices: [Self.device("core")]),
            to: try Self.configuration(
                bounds:
                    "[checks]\nleast_interval = \"1m\"\n[devices]\nleast_poll_interval = \"5m\"\nleast_interval = \"1h\""
            ))
        #expect(applied.settings.checks.first?.definition.interval == .seconds(60))
        #expect(applied.settings.devices.first?.pollInterval == .seconds(300))
        #expect(applied.settings.devices.first?.interval == .seconds(3600))
        #expect(applied.refused.count == 2)
    }

    @Test(
        "The agent's own keys, its credentials and the kernel's view of it are never looked at",
        arguments: [
            "/var/lib/muster-agent/key.pem", "/var/lib/./muster-agent//key.pem", "/var/lib/x/../muster-agent/key.pem",
            "/run/credentials/muster-agent.service/core", "/etc/muster/agent.toml", "/proc/1/environ",
            "/proc/self/root/var/lib/muster-agent/key.pem", "/dev/stdin",
        ])
    func ownFiles(path: String) throws {
        let policy = AgentPolicy(checks: [PolicyItem(name: "a", settings: Self.log(path))])
        #expect(try Self.refusals(policy) == ["check a refused: the agent's own files are not looked at"])
    }

    @Test(
        "Authorities of a web check are a regular file, not the agent's own: a pipe would hold up the way to the collector"
    )
    func authorities() throws {
        let directory = NSTemporaryDirectory() + "muster-policy-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try Data("ca".utf8).write(to: URL(fileURLWithPath: directory + "/ca.pem"))
        #expect(mkfifo(directory + "/pipe", 0o644) == 0)
        func refusals(_ path: String) throws -> [String] {
            let settings: [String: PolicyValue] = ["type": "http", "url": "https://127.0.0.1/", "ca_file": .text(path)]
            return try Self.refusals(AgentPolicy(checks: [PolicyItem(name: "a", settings: settings)]))
        }
        #expect(try refusals(directory + "/ca.pem") == [])
        let noFile = ["check a refused: the authorities are no regular file of at most 4 MiB"]
        for path in [directory + "/pipe", directory, directory + "/nothing"] { #expect(try refusals(path) == noFile) }
        for path in ["/dev/zero", "/var/lib/muster-agent/authority.pem"] {
            #expect(try refusals(path) == ["check a refused: the agent's own files are not looked at"])
        }
    }

    @Test("A link that leads to the agent's own files is one of them")
    func link() throws {
        // Not in /dev/shm, which is left alone as a whole.
        let directory = NSTemporaryDirectory() + "muster-policy-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var configuration = try Self.configuration()
        configuration.state = StateDirectory(directory + "/state")
        try FileManager.default.createDirectory(atPath: directory + "/state", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: directory + "/harmless", withDestinationPath: directory + "/state")
        let policy = AgentPolicy(checks: [
            PolicyItem(name: "a", settings: Self.log(directory + "/harmless/key.pem")),
            PolicyItem(name: "b", settings: Self.log(directory + "/key.pem")),
        ])
        let applied = PolicyApplication(policy, to: configuration)
        #expect(applied.refused.map(\.part) == ["check a"])
    }

    @Test("A plug-in is a program: refused unless policy.toml lists that very one")
    func plugin() throws {
        func policy(_ program: String) -> AgentPolicy {
            AgentPolicy(checks: [
                PolicyItem(
                    name: "a",
                    settings: ["type": "plugin", "program": .text(program), "arguments": .list(["-c", "reboot"])])
            ])
        }
        let refused = ["check a refused: policy.toml does not list the program"]
        #expect(try Self.refusals(policy("/bin/sh")) == refused)
        let bounds = "[checks]\nprograms = [\"/usr/lib/nagios/plugins/check_nothing\"]"
        #expect(try Self.refusals(policy("/bin/sh"), bounds: bounds) == refused)
        #expect(try Self.refusals(policy("/usr/lib/nagios/plugins/../../../../bin/sh"), bounds: bounds) == refused)
        #expect(try Self.refusals(policy("/usr/lib/nagios/plugins/check_nothing"), bounds: bounds) == [])
    }

    @Test("Devices: networks and credentials of policy.toml, and never a secret or a path")
    func devices() throws {
        let networks = "[devices]\nnetworks = [\"10.0.0.0/8\"]"
        let here = AgentPolicy(devices: [Self.device("a")])
        #expect(
            try Self.refusals(here, bounds: networks) == ["device a refused: policy.toml does not allow that network"])
        let other = AgentPolicy(devices: [
            Self.device("a", ["address": "10.1.2.3", "trap_addresses": .list(["192.0.2.1"])])
        ])
        #expect(try Self.refusals(other, bounds: networks).count == 1)
        let secret = "device a refused: a policy names a credential, without a path and never the secret"
        for settings: [String: PolicyValue] in [
            ["community": "public"], ["community_file": "/var/lib/muster-agent/key.pem"], ["community_file": 7],
            ["community_file": "../key"], ["version": "3", "user": "u", "auth": "sha256", "auth_file": "/etc/passwd"],
        ] {
            #expect(try Self.refusals(AgentPolicy(devices: [Self.device("a", settings)])) == [secret])
        }
        let named = AgentPolicy(devices: [Self.device("a", ["community_file": "core"])])
        #expect(
            try Self.refusals(named, bounds: "[devices]\ncredentials = [\"switch-*\"]")
                == ["device a refused: policy.toml does not allow the credential core"])
        // Allowed, and not there: this process has no credentials.
        #expect(try Self.refusals(named).first?.contains("LoadCredential=core") == true)
    }

    @Test("Devices are asked with the host's own credentials by name, each only for its networks")
    func credentials() throws {
        let agent = """
            [[credential]]
            name = "core"
            community = "c"
            networks = ["192.0.2.0/24"]

            [[credential]]
            name = "other"
            community = "o"
            networks = ["198.51.100.0/24"]
            """
        let named = AgentPolicy(devices: [Self.device("a", ["credentials": .list(["core"])])])
        let applied = PolicyApplication(named, to: try Self.configuration(agent))
        #expect(applied.settings.devices.map { $0.credentials.map(\.name) } == [["core"]])
        #expect(applied.settings.devices.first?.target.credential == .v2c(community: "c"))
        let usual = PolicyApplication(AgentPolicy(devices: [Self.device("a")]), to: try Self.configuration(agent))
        #expect(usual.settings.devices.map { $0.credentials.map(\.name) } == [["core"]])
        // A secret does not leave for an address that it was not given for (threats M23).
        let elsewhere = AgentPolicy(devices: [Self.device("a", ["credentials": .list(["other"])])])
        let refusal = "device a refused: agent.toml has no credential other for that address"
        #expect(try Self.refusals(elsewhere, agent: agent) == [refusal])
        #expect(
            try Self.refusals(named, agent: agent, bounds: "[devices]\ncredentials = [\"switch-*\"]")
                == ["device a refused: policy.toml does not allow the credential core"])
    }

    @Test("Intervals that nobody can mean change nothing")
    func intervals() throws {
        let policy = AgentPolicy(
            inventory: PolicySchedule(intervalSeconds: .max, sources: ["usb": PolicySource(intervalSeconds: -1)]))
        let applied = PolicyApplication(policy, to: try Self.configuration())
        #expect(applied.settings.sources == AgentConfiguration().inventory.sources)
        #expect(
            Set(applied.refused.map(\.description)) == [
                "inventory refused: an interval is 1 s to 7 days",
                "inventory usb refused: an interval is 1 s to 7 days",
            ])
    }

    @Test("An upgrade is handed on unless policy.toml says no")
    func upgrade() throws {
        let policy = AgentPolicy(upgrade: PolicyUpgrade(ring: "pilot", version: "0.2.0"))
        let applied = PolicyApplication(policy, to: try Self.configuration())
        #expect(applied.settings.upgrade?.version == "0.2.0")
        #expect(
            try Self.refusals(policy, bounds: "allow_upgrades = false")
                == ["upgrade refused: policy.toml does not allow upgrades"])
    }

    @Test(
        "policy.toml that is wrong is refused with its line",
        arguments: [
            ("allow_everything = true", "policy.toml:1:1: unknown key"),
            ("[checks]\ntypes = [\"ftp\"]", "policy.toml:2:"),
            ("[checks]\npaths = [\"var/log\"]", "absolute paths"),
            ("[checks]\nprograms = [\"/bin/*\"]", "each by itself"),
            ("[devices]\nnetworks = [\"10.0.0.1/8\"]", "networks such as"), ("[devices]\nmost = 501", "from 0 to 500"),
        ])
    func bounds(text: String, expected: String) {
        let error = #expect(throws: TOMLError.self) {
            try PolicyBounds(try TOMLDocument.parse(text, file: "policy.toml"))
        }
        #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
    }

    @Test("The shipped file takes nothing away")
    func shipped() throws {
        let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().path
        let table = try TOMLDocument.load(root + "/agent-config/policy.toml")
        #expect(try PolicyBounds(table) == PolicyBounds())
    }
}
