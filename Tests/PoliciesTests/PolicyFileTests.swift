import Model
import TOML
import Testing

@testable import Policies

@Suite("Policy files")
struct PolicyFileTests {
    private static let head = "about = \"a\"\n[select]\nhosts = [\"web-*\"]\n"

    private static func policy(_ text: String, file: String = "50-web.toml") throws -> Policy {
        try #require(try PolicyFile.parse([("/etc/muster/policies/" + file, text)]).policies.first)
    }

    @Test("Everything a file may say is read, and checks and devices stay what agent.toml would have")
    func whole() throws {
        let policy = try Self.policy(
            """
            about = "The shop"
            [select]
            hosts = ["WEB-*"]
            except = ["web-9"]
            attributes = { "os.id" = "debian" }
            [inventory]
            interval = "10m"
            [inventory.source.usb]
            enabled = false
            [metrics.metric.cpu]
            interval = "30s"
            [probe]
            interval = "20m"
            poll_interval = "30s"
            [[check]]
            name = "shop"
            type = "http"
            url = "http://127.0.0.1/"
            status = [200, 204]
            interval = "30s"
            [[check]]
            name = "load"
            type = "plugin"
            program = "/usr/lib/nagios/plugins/check_of_the_host"
            environment = { LC_ALL = "C" }
            [[device]]
            name = "core"
            address = "192.0.2.1"
            version = "3"
            user = "muster"
            auth = "sha256"
            auth_file = "core-auth"
            sections = ["interfaces", "peers"]
            [without]
            checks = ["old"]
            devices = ["older"]
            [upgrade]
            ring = "pilot"
            version = "0.2.0"
            [translation.zh-Hans]
            about = "商城"
            """)
        #expect(policy.name == "50-web")
        #expect(policy.about(in: "zh-Hans") == "商城" && policy.about(in: "fr") == "The shop")
        #expect(
            policy.inventory == PolicySchedule(intervalSeconds: 600, sources: ["usb": PolicySource(isEnabled: false)]))
        #expect(policy.metrics == PolicySchedule(sources: ["cpu": PolicySource(intervalSeconds: 30)]))
        #expect(policy.probeInterval == "20m" && policy.pollInterval == "30s")
        #expect(
            policy.checks.first
                == PolicyItem(
                    name: "shop",
                    settings: [
                        "type": "http", "url": "http://127.0.0.1/", "status": .list([200, 204]), "interval": "30s",
                    ]))
        #expect(policy.checks.last?.settings["environment"] == .table(["LC_ALL": "C"]))
        #expect(policy.devices.first?.settings["auth_file"] == "core-auth")
        #expect(policy.withoutChecks == ["old"] && policy.withoutDevices == ["older"])
        #expect(policy.ring == "pilot" && policy.version == "0.2.0")
        #expect(policy.selector.description == "hosts WEB-*, but web-9, os.id = debian")
    }

    @Test(
        "A file that is wrong is refused with its line and what is accepted",
        arguments: [
            ("", "50-web.toml:1:1: missing key \"about\"; add it"),
            ("about = \"a\"\n", "missing key \"select\""),
            ("about = \"a\"\n[select]\n", "\"hosts\" is missing or empty; write names of hosts"),
            ("about = \"a\"\n[select]\nhosts = []\n", "\"hosts\" is missing or empty"),
            (head + "[inventory.source.nothing]\nenabled = false\n", "unknown key \"nothing\"; accepted: system, os"),
            (head + "[metrics]\ninterval = \"0s\"\n", "\"interval\" is \"0s\"; write a time from \"1s\" to \"7d\""),
            (head + "[[check]]\nname = \"a\"\ntype = \"ftp\"\n", "50-web.toml:6:8: \"type\" is \"ftp\"; write one of"),
            (head + "[[check]]\nname = \"a\"\ntype = \"tcp\"\ntarget = \"x\"\n", "write \"HOST:PORT\""),
            (
                head + "[[check]]\nname = \"a\"\ntype = \"tcp\"\ntarget = \"x:1\"\nurl = \"x\"\n",
                "unknown key \"url\""
            ),
            (
                head + String(repeating: "[[check]]\nname = \"a\"\ntype = \"tcp\"\ntarget = \"x:1\"\n", count: 2),
                "\"a\" for the second time"
            ),
            (
                head + "[[device]]\nname = \"a\"\naddress = \"192.0.2.1\"\ncommunity = \"secret\"\n",
                "\"community\" is a secret in a policy; write community_file with the name of a credential"
            ),
            (
                head + "[[device]]\nname = \"a\"\naddress = \"192.0.2.1\"\ncommunity_file = \"/etc/shadow\"\n",
                "write the name of a credential of the agent's service, without a path"
            ),
            (head + "[[device]]\nname = \"a\"\naddress = \"core.example\"\n", "write an IPv4 or IPv6 address"),
            (
                head
                    + "[[device]]\nname = \"a\"\naddress = \"192.0.2.1\"\nversion = \"3\"\nuser = \"u\"\nauth = \"md5\"\n",
                "missing key \"auth_file\""
            ),
            (head + "[upgrade]\nversion = \"1.0\"\n", "missing key \"ring\""),
            (head + "[upgrade]\nring = \"a\"\n", "ring a without a version"),
            (head + "[upgrade]\nring = \"a\"\nversion = \"$(x)\"\n", "a version as the package has it"),
            (head + "colour = 1\n", "unknown key \"colour\""),
            (head + "[discovery]\nrate = 1\n", "write networks, crawl_networks or both"),
            (head + "[discovery]\nnetworks = [\"10.0.0.0/8\"]\n", "more than 1048576 addresses"),
            (
                head + "[discovery]\nnetworks = [\"10.0.1.0/24\", \"10.0.2.0/24\", \"10.0.0.0/23\"]\n",
                "10.0.0.0/23 and 10.0.1.0/24; write networks that do not overlap"
            ),
            (
                head + "[discovery]\nnetworks = [\"10.0.1.0/24\"]\n[without]\ndiscovery = true\n",
                "true beside [discovery]"
            ),
        ])
    func refused(text: String, expected: String) {
        let error = #expect(throws: TOMLError.self) { try Self.policy(text) }
        #expect(error?.description.contains(expected) == true, "\(error?.description ?? "nothing")")
    }

    @Test("A ring has one version, wherever it is said")
    func rings() throws {
        let first = ("1.toml", Self.head + "[upgrade]\nring = \"pilot\"\n")
        let second = ("2.toml", Self.head + "[upgrade]\nring = \"pilot\"\nversion = \"0.2.0\"\n")
        #expect(try PolicyFile.parse([first, second]).rings == ["pilot": "0.2.0"])
        let third = ("3.toml", Self.head + "[upgrade]\nring = \"pilot\"\nversion = \"0.3.0\"\n")
        let error = #expect(throws: TOMLError.self) { try PolicyFile.parse([second, third]) }
        #expect(error?.file == "3.toml")
    }

    @Test("More devices than an agent takes are refused where they stand")
    func limit() {
        let devices = (0...AgentPolicy.deviceLimit).map { "[[device]]\nname = \"d\($0)\"\naddress = \"192.0.2.1\"\n" }
        let error = #expect(throws: TOMLError.self) { try Self.policy(Self.head + devices.joined()) }
        #expect(
            error?.description.contains("device number 501; write at most 500") == true, "\(error?.description ?? "")")
    }
}
