import Devices
import Logging
import Model
import SNMP
import SNMPTestSupport
import TOML
import Testing

@testable import AgentRuntime

@Suite("Discovery on loopback", .enabled(if: Snmpd.path != nil))
struct DiscoveryRoundTests {
    private func round(_ settings: String, _ credentials: [NamedCredential], _ board: CredentialBoard) throws
        -> DiscoveryRound
    {
        DiscoveryRound(
            settings: try DiscoverySettings(try TOMLDocument.parse(settings, file: "d.toml")), credentials: credentials,
            board: board, client: try SNMPClient(), profiles: DeviceProfiles(), seeds: { [] })
    }

    private func board() -> CredentialBoard {
        CredentialBoard(file: CredentialFile(path: nil, log: Logger(label: "test")))
    }

    private func packets(_ outcome: DiscoveryRound.Outcome) throws -> Int {
        let words = outcome.receipt.message.split { $0 == " " || $0 == ";" }
        let place = try #require(words.firstIndex(of: "packets"))
        return try #require(Int(words[place - 1]))
    }

    private func user(_ name: String, _ secret: String) -> NamedCredential {
        NamedCredential(
            name: name, credential: .v3(SNMPUser(name: "known", authentication: .sha256, passphrase: secret)))
    }

    @Test("finds a device by its credential's name, refuses to touch what is excluded, and counts what it did")
    func found() async throws {
        let snmpd = try #require(try Snmpd("rocommunity lab\nsysName edge-1\n"))
        defer { snmpd.stop() }
        try await snmpd.ready("lab")
        let board = board()
        let credentials = [
            NamedCredential(name: "a", credential: .v2c(community: "other")),
            NamedCredential(name: "b", credential: .v2c(community: "lab")),
        ]
        let settings = """
            networks = ["127.0.0.0/29"]
            exclude_addresses = ["127.0.0.3", "127.0.0.4"]
            methods = ["snmp"]
            snmp_port = \(snmpd.port)
            rate = 1000
            timeout = "300ms"
            """
        let outcome = try await round(settings, credentials, board).run()
        #expect(outcome.findings.map { $0.addresses.first } == [1, 2, 5, 6].map { "127.0.0.\($0)" })
        let device = try #require(outcome.findings.first)
        #expect(device.name == "edge-1" && device.credential == "b" && device.ways == [.snmp])
        #expect(device.engineID != nil && device.snmpPort == Int(snmpd.port))
        #expect(outcome.findings.dropFirst().allSatisfy { $0.refusal == .closed && $0.ways == [.icmp] })
        #expect(outcome.receipt.outcome == .success && outcome.receipt.found == 4)
        // The second round asks the device with the one that works alone.
        let first = try packets(outcome)
        let again = try await round(settings, credentials, board).run()
        let second = try packets(again)
        #expect(second == first - 1 && again.findings.first?.credential == "b")
    }

    @Test("a wrong secret is told as one and tried once, not again in the next round")
    func wrongSecret() async throws {
        let snmpd = try #require(
            try Snmpd("rocommunity ready\ncreateUser known SHA-256 right-passphrase\nrouser known auth\n"))
        defer { snmpd.stop() }
        try await snmpd.ready("ready")
        let board = board()
        let settings = """
            networks = ["127.0.0.1"]
            methods = ["snmp", "icmp"]
            snmp_port = \(snmpd.port)
            """
        let wrong = try round(settings, [user("wrong", "wrong-passphrase")], board)
        let outcome = await wrong.run()
        let device = try #require(outcome.findings.first)
        #expect(device.refusal == .wrongSecret && device.credential == nil)
        #expect(device.refusalText?.contains("wrong secret") == true)
        #expect(
            device.refusalText?.contains("passphrase") == true
                && device.refusalText?.contains("wrong-passphrase") == false)
        #expect(outcome.receipt.message.contains("1 refused every secret"))
        // While it cools it is not asked over SNMP at all.
        let next = await wrong.run()
        #expect(
            next.receipt.message.hasPrefix("1 addresses asked, 1 packets")
                && next.findings.allSatisfy { $0.refusal == nil })
        let right = try await round(
            settings, [user("wrong", "wrong-passphrase"), user("right", "right-passphrase")], board
        )
        .run()
        #expect(right.findings.first?.credential == "right")
    }
}

extension Snmpd {
    /// Waits until the agent answers to a community.
    func ready(_ community: String) async throws {
        let client = try SNMPClient()
        defer { client.close() }
        let address = try #require(IPAddress("127.0.0.1"))
        let target = SNMPTarget(address: address, port: port, credential: .v2c(community: community), timeout: 0.5)
        for _ in 0..<100 {
            if await client.read([[1, 3, 6, 1, 2, 1, 1, 3, 0]], from: target).receipt.isComplete { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        Issue.record("snmpd does not answer: \(log)")
    }
}
