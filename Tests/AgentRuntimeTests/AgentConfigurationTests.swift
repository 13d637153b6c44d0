import Glibc
import Model
import Testing

@testable import AgentRuntime

@Suite("AgentConfiguration")
struct AgentConfigurationTests {
    private let directory: TemporaryDirectory
    private var path: String { directory.path + "/agent.toml" }

    init() throws { directory = try TemporaryDirectory() }

    private func load(_ text: String) throws -> AgentConfiguration {
        try directory.write(Array(text.utf8), to: "agent.toml")
        return try AgentConfiguration.load(path)
    }

    private func complaint(_ text: String) -> String {
        do {
            _ = try load(text)
            return "accepted"
        } catch { return "\(error)" }
    }

    /// The file as it is shipped.
    private func shipped() throws -> String {
        let here = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return String(decoding: try DurableFile.read("/" + here + "/agent-config/agent.toml"), as: UTF8.self)
    }

    @Test("The shipped file is good and means the defaults")
    func shippedFile() throws {
        let loaded = try load(try shipped())
        let standard = AgentConfiguration()
        #expect(loaded.state == standard.state && loaded.uplink == standard.uplink)
        #expect(loaded.inventory == standard.inventory && loaded.metrics == standard.metrics)
        #expect(loaded.checks.isEmpty && loaded.devices.isEmpty && loaded.logLevel == standard.logLevel)
    }

    @Test("Every setting the shipped file shows is a real one with its real default")
    func shippedSettings() throws {
        // A line `# key = value` or `# [table]` is a setting; other comments are prose.
        let lines = try shipped().split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
            let text = line.hasPrefix("# ") ? String(line.dropFirst(2)) : String(line)
            let isTable = text.hasPrefix("[") && text.contains("]")
            let isKey = text.prefix { $0 != " " }.allSatisfy { $0.isLowercase || $0 == "_" } && text.contains(" = ")
            return isTable || isKey ? text : ""
        }
        let secrets = [
            "core-switch.community", "edge-router.auth", "edge-router.priv", "core.auth", "core.priv",
            "access.community",
        ]
        for name in secrets {
            try directory.write(Array("secret passphrase\n".utf8), to: name)
        }
        let text = lines.joined(separator: "\n").split(separator: "/etc/muster/").joined(
            separator: directory.path + "/")
        let loaded = try load(text)
        let standard = AgentConfiguration()
        #expect(loaded.state == standard.state && loaded.uplink == standard.uplink)
        #expect(loaded.inventory.freshness == standard.inventory.freshness)
        #expect(loaded.budget == standard.budget)
        #expect(loaded.inventory.sources.filter { !$0.isEnabled }.isEmpty)
        let kinds = ["http", "tcp", "process", "icmp", "file", "dns", "plugin", "log", "unit", "time"]
        #expect(loaded.checks.map(\.kind) == kinds)
        #expect(loaded.devices.map(\.name) == ["core-switch", "backbone", "old-printer", "edge-router"])
        #expect(loaded.credentials.map(\.name) == ["core", "access", "labels"])
        #expect(loaded.devices.map { $0.credentials.map(\.name) } == [[""], ["core", "access"], [""], [""]])
        #expect(
            loaded.discovery.methods == standard.discovery.methods && loaded.discovery.rate == standard.discovery.rate)
        #expect(loaded.discovery.ports == standard.discovery.ports && loaded.discovery.isEnabled)
        #expect(loaded.devices.first?.target.port == 161 && loaded.devices.first?.failures == 3)
    }

    @Test("Unknown keys are refused with file, line and what is accepted")
    func unknownKeys() {
        for (text, line, key) in [
            ("[agent]\nstate = 1", "2", "state_directory"), ("\n\n[uplnk]", "3", "uplink"),
            ("[uplink]\nheartbeat = \"1s\"\nbytes = 1", "3", "spool_bytes"),
            ("[inventory.source.pakages]\ninterval = \"1m\"", "1", "packages"),
            ("[metrics.metric.cpus]\ninterval = \"1m\"", "1", "cpu"),
            ("[[device]]\nname = \"a\"\naddress = \"192.0.2.1\"\ncomunity = \"x\"", "4", "community"),
            ("[[check]]\nname = \"a\"\ntype = \"tcp\"\ntarget = \"h:1\"\nport = 1", "5", "target"),
        ] {
            let message = complaint(text)
            #expect(message.hasPrefix("\(path):\(line):"), "\(message)")
            #expect(message.contains(key), "\(message)")
        }
    }

    @Test("Wrong values are refused with file, line and what to write")
    func wrongValues() {
        for text in [
            "[agent]\nstate_directory = \"relative\"", "[agent]\nlog_level = \"loud\"", "[uplink]\nheartbeat = 5",
            "[uplink]\nheartbeat = \"0s\"", "[uplink]\nspool_bytes = 10",
            "[uplink]\nspool_bytes = 99999999999999999999",
            "[uplink]\nspool_age = \"1s\"", "[inventory]\ninterval = \"1 hour\"", "[inventory]\nenabled = \"no\"",
            "[[device]]\nname = \"a\"\naddress = \"switch.example.org\"",
            "[[device]]\nname = \"a\"\naddress = \"192.0.2.1\"\nport = 65536",
            "[[device]]\nname = \"a\"\naddress = \"192.0.2.1\"\nversion = \"2\"",
            "[[device]]\nname = \"a\"\naddress = \"192.0.2.1\"\nversion = \"3\"",
            "[[device]]\nname = \"a\"\naddress = \"192.0.2.1\"\nversion = \"3\"\nuser = \"u\"\nauth = \"sha256\"",
            "[[device]]\nname = \"a\"\naddress = \"192.0.2.1\"\nsections = [\"cables\"]",
            "[[device]]\nname = \"a\"\naddress = \"192.0.2.1\"\ncommunity = \"\"",
            "[[device]]\naddress = \"192.0.2.1\"",
            "[budget]\nmemory_bytes = 1", "[budget]\nsource_time = \"0s\"", "[budget]\nprocessor_percent = 0",
            "[[check]]\nname = \"a\"\ntype = \"ping\"", "agent = 1", "[agent", "[[agent]]",
        ] {
            let message = complaint(text)
            #expect(message.hasPrefix(path + ":") && !message.contains("\n"), "\(text): \(message)")
        }
    }

    @Test("Drop-ins add checks and devices; what two files set is refused")
    func dropIns() throws {
        mkdir(directory.path + "/agent.d", 0o755)
        let check = "[[check]]\nname = \"NAME\"\ntype = \"tcp\"\ntarget = \"127.0.0.1:1\"\n"
        func named(_ name: String) -> [UInt8] { Array(check.split(separator: "NAME").joined(separator: name).utf8) }
        try directory.write(named("b"), to: "agent.d/20.toml")
        try directory.write(named("a") + Array("[uplink]\nheartbeat = \"7s\"\n".utf8), to: "agent.d/10.toml")
        try directory.write(named("x"), to: "agent.d/ignored.conf")
        let loaded = try load("")
        #expect(loaded.checks.map(\.name) == ["a", "b"])
        #expect(loaded.uplink.heartbeat == .seconds(7))
        #expect(complaint("[uplink]\nheartbeat = \"8s\"").contains("10.toml: uplink is given twice"))
        #expect(complaint(String(decoding: named("b"), as: UTF8.self)).contains("check \"b\" is given twice"))
    }

    @Test("Secrets come from files only their owner can read")
    func secrets() throws {
        let device = "[[device]]\nname = \"a\"\naddress = \"192.0.2.1\"\ncommunity_file = \"\(directory.path)/c\"\n"
        #expect(complaint(device).contains("does not exist"))
        try directory.write(Array("s3cret\n".utf8), to: "c", mode: 0o644)
        #expect(complaint(device).contains("chmod 600"))
        #expect(!complaint(device).contains("s3cret"))
        chmod(directory.path + "/c", 0o600)
        #expect(try load(device).devices.first?.target.credential == .v2c(community: "s3cret"))
        try directory.write([], to: "c")
        #expect(complaint(device).contains("is empty"))
    }

    @Test("A configuration that others may write is refused")
    func loose() throws {
        _ = try load("")
        chmod(path, 0o666)
        #expect(throws: ConfigurationError.self) { try AgentConfiguration.load(path) }
        #expect(throws: ConfigurationError.self) { try AgentConfiguration.load(directory.path + "/none.toml") }
    }
}
