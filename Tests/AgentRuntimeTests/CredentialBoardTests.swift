import Logging
import Model
import SNMP
import SNMPTestSupport
import Synchronization
import TOML
import Testing

@testable import AgentRuntime

@Suite("Credentials of devices")
struct CredentialBoardTests {
    private static let place = "127.0.0.1"

    /// A clock that a test sets.
    private final class Clock: Sendable {
        private let time = Mutex(Timestamp(seconds: 1_800_000_000))

        var now: Timestamp { time.withLock { $0 } }

        func pass(_ seconds: Int64) { time.withLock { $0 = $0.adding(seconds: seconds) } }
    }

    private func named(_ name: String, _ community: String) -> NamedCredential {
        NamedCredential(name: name, credential: .v2c(community: community))
    }

    private func device(_ port: UInt16, _ credentials: [NamedCredential]) throws -> DeviceSettings {
        let table = try TOMLDocument.parse(
            "name = \"d\"\naddress = \"127.0.0.1\"\nport = \(port)\ntimeout = \"200ms\"\nretries = 0\nfailures = 2",
            file: "d.toml")
        var device = try DeviceSettings(table)
        device.credentials = credentials
        return device
    }

    /// Answers like a switch, but only to one community.
    private func agent(_ community: String) throws -> FakeAgent {
        let recorded = RecordedAgent(recording: "1.3.6.1.2.1.1.3.0|67|100")
        return try #require(
            FakeAgent { bytes, _ in
                guard bytes.contains(Array(community.utf8)), let request = TestRequest(bytes) else { return [] }
                return [.here(recorded.answer(request))]
            })
    }

    private func board(_ clock: Clock, _ path: String? = nil) -> CredentialBoard {
        CredentialBoard(file: CredentialFile(path: path, log: Logger(label: "test")), now: { clock.now })
    }

    @Test("are tried in their order; the one that answers is remembered, those before it are left alone for an hour")
    func order() async throws {
        let directory = try TemporaryDirectory()
        let agent = try agent("second")
        defer { agent.stop() }
        let client = try SNMPClient()
        defer { client.close() }
        let clock = Clock()
        let path = directory.path + "/credentials.json"
        let device = try device(agent.port, [named("a", "first"), named("b", "second"), named("c", "third")])
        let board = board(clock, path)
        #expect(board.readable(device) == nil)
        let trial = await board.ask(device, client)
        #expect(trial.winner?.name == "b" && trial.failures.map(\.credential.name) == ["a"])
        board.conclude(trial, of: device, isThere: false)
        #expect(board.readable(device)?.credential == .v2c(community: "second"))
        // Over a restart as well; only names are written.
        let text = String(decoding: try DurableFile.read(path, limit: 4096), as: UTF8.self)
        #expect(text.contains("\"b\"") && !text.contains("second") && !text.contains("first"))
        let again = self.board(clock, path)
        #expect(again.readable(device)?.credential == .v2c(community: "second"))
        let next = await again.ask(device, client)
        #expect(next.winner?.name == "b" && next.failures.isEmpty)
    }

    @Test("that failed are tried again after 1 h, 4 h and 24 h, and at once when they were changed")
    func pauses() throws {
        let clock = Clock()
        var memory = CredentialMemory()
        let credential = named("a", "x")
        for hours in [1, 4, 24, 24] as [Int64] {
            memory.failed(credential, at: "p", reason: "refused", clock.now)
            clock.pass(hours * 3600 - 1)
            #expect(memory.pause(of: credential, at: "p", clock.now) != nil)
            #expect(memory.pause(of: credential, at: "q", clock.now) == nil)
            clock.pass(1)
            #expect(memory.pause(of: credential, at: "p", clock.now) == nil)
        }
        memory.failed(credential, at: "p", reason: "refused", clock.now)
        var changed = credential
        changed.changed = clock.now.adding(seconds: 60)
        #expect(memory.pause(of: changed, at: "p", clock.now.adding(seconds: 60)) == nil)
        // The changed one begins with an hour again.
        memory.failed(changed, at: "p", reason: "refused", clock.now.adding(seconds: 120))
        #expect(memory.pause(of: changed, at: "p", clock.now.adding(seconds: 120 + 3601)) == nil)
    }

    @Test("are not given up for silence: the device may be down, and the only one is always asked")
    func silence() async throws {
        let agent = try agent("nobody-says-this")
        defer { agent.stop() }
        let client = try SNMPClient()
        defer { client.close() }
        let clock = Clock()
        let board = board(clock)
        let alone = try device(agent.port, [named("a", "first")])
        for _ in 0..<3 { board.conclude(await board.ask(alone, client), of: alone, isThere: true) }
        #expect(board.readable(alone) != nil)
        // Of several each is a failure only where somebody is there.
        let several = try device(agent.port, [named("a", "first"), named("b", "second")])
        board.conclude(await board.ask(several, client), of: several, isThere: false)
        var trial = await board.ask(several, client)
        #expect(trial.failures.count == 2 && trial.paused.isEmpty)
        board.conclude(trial, of: several, isThere: true)
        trial = await board.ask(several, client)
        #expect(trial.failures.isEmpty && trial.paused.count == 2)
        let text = trial.error?.description ?? ""
        #expect(text.contains("no answer where somebody is; not read before") && !text.contains("first"))
        clock.pass(3601)
        #expect(await board.ask(several, client).failures.count == 2)
    }

    @Test("that worked give way to the others only when somebody is there and silent again and again")
    func changedCommunity() async throws {
        let agent = try agent("second")
        defer { agent.stop() }
        let client = try SNMPClient()
        defer { client.close() }
        let board = board(Clock())
        let device = try device(agent.port, [named("a", "first"), named("b", "second")])
        let old = CredentialTrial(winner: device.credentials.first)
        board.conclude(old, of: device, isThere: true)
        for _ in 0..<device.failures {
            let trial = await board.ask(device, client)
            #expect(trial.failures.map(\.credential.name) == ["a"])
            board.conclude(trial, of: device, isThere: true)
        }
        let trial = await board.ask(device, client)
        #expect(trial.winner?.name == "b")
        board.conclude(trial, of: device, isThere: true)
        #expect(board.readable(device)?.credential == .v2c(community: "second"))
    }

    @Test(
        "of SNMPv3 that are refused are told as that, and tried once, not again and again",
        .enabled(if: Snmpd.path != nil))
    func refused() async throws {
        let snmpd = try #require(
            try Snmpd("createUser known SHA-256 right-passphrase\nrouser known auth\nrocommunity public\n"))
        defer { snmpd.stop() }
        try await snmpd.ready("public")
        let client = try SNMPClient()
        defer { client.close() }
        let board = board(Clock())
        func user(_ name: String, _ secret: String) -> NamedCredential {
            NamedCredential(
                name: name,
                credential: .v3(
                    SNMPUser(
                        name: name == "stranger" ? "stranger" : "known", authentication: .sha256, passphrase: secret)))
        }
        var wrong = try device(snmpd.port, [user("wrong", "wrong-passphrase")])
        wrong.target.timeout = 2
        var trial = await board.ask(wrong, client)
        #expect(trial.error == .wrongAuthenticationKey(user: "known"))
        board.conclude(trial, of: wrong, isThere: false)
        #expect(board.readable(wrong) == nil)
        trial = await board.ask(wrong, client)
        #expect(trial.failures.isEmpty && trial.paused.map(\.credential.name) == ["wrong"])
        var several = wrong
        several.credentials = [
            user("wrong", "wrong-passphrase"), user("stranger", "any-passphrase"), user("right", "right-passphrase"),
        ]
        trial = await board.ask(several, client)
        #expect(trial.paused.map(\.credential.name) == ["wrong"])
        #expect(trial.failures.map(\.error) == [.unknownUser("stranger")])
        #expect(trial.winner?.name == "right")
    }

    @Test("are read in their order, for networks, and never beside a device's own")
    func settings() throws {
        let text = """
            [[credential]]
            name = "core"
            community = "c1"
            networks = ["192.0.2.0/24"]

            [[credential]]
            name = "any"
            community = "c2"

            [[device]]
            name = "inside"
            address = "192.0.2.7"

            [[device]]
            name = "outside"
            address = "198.51.100.7"

            [[device]]
            name = "named"
            address = "192.0.2.8"
            credentials = ["any", "core"]

            [[device]]
            name = "own"
            address = "192.0.2.9"
            community = "own"
            """
        let configuration = try AgentConfiguration.decode(try TOMLDocument.parse(text, file: "a.toml"))
        #expect(
            configuration.devices.map { $0.credentials.map(\.name) } == [
                ["core", "any"], ["any"], ["any", "core"], [""],
            ])
        #expect(configuration.devices.last?.target.credential == .v2c(community: "own"))
        let plain = try AgentConfiguration.decode(
            try TOMLDocument.parse("[[device]]\nname = \"d\"\naddress = \"192.0.2.1\"", file: "a.toml"))
        #expect(plain.devices.first?.target.credential == .v2c(community: "public"))
        for wrong in [
            "[[device]]\nname = \"d\"\naddress = \"192.0.2.1\"\ncredentials = [\"none\"]",
            "[[device]]\nname = \"d\"\naddress = \"192.0.2.1\"\ncredentials = []",
            "[[credential]]\nname = \"a\"\ncommunity = \"x\"\nnetworks = [\"192.0.2.0/24\"]\n[[device]]\nname = \"d\"\n"
                + "address = \"198.51.100.1\"\ncredentials = [\"a\"]",
            "[[device]]\nname = \"d\"\naddress = \"192.0.2.1\"\ncommunity = \"x\"\ncredentials = [\"a\"]",
            "[[device]]\nname = \"d\"\naddress = \"192.0.2.1\"\ncommunity = \"x\"\nuser = \"u\"",
            "[[credential]]\nname = \"a b\"\ncommunity = \"x\"",
            "[[credential]]\nname = \"a\"\ncommunity = \"x\"\nnetworks = [\"192.0.2.1/24\"]",
            "[[credential]]\nname = \"a\"\ncommunity = \"x\"\n[[credential]]\nname = \"a\"\ncommunity = \"y\"",
            "[discovery]\nnetworks = [\"10.0.0.0/8\"]", "[discovery]\nmethods = [\"telnet\"]",
            "[discovery]\ntcp_ports = [0]",
        ] {
            #expect(throws: (any Error).self, "\(wrong)") {
                try AgentConfiguration.decode(try TOMLDocument.parse(wrong, file: "a.toml"))
            }
        }
    }
}
