import Model
import SNMP
import SNMPTestSupport
import Testing

@testable import Devices

@Suite("A probe of net-snmp's own agent", .enabled(if: Snmpd.path != nil, "no snmpd on this machine"))
struct RealAgentTests {
    @Test("finds this machine: name, loopback interface, its address, over v2c and v3 alike")
    func thisMachine() async throws {
        let agent = try #require(
            try Snmpd(
                """
                rocommunity public
                sysName box
                sysLocation rack
                createUser u SHA-256 authpass1 AES privpass1
                rouser u priv
                """))
        defer { agent.stop() }
        let client = try SNMPClient()
        defer { client.close() }
        let probe = DeviceProbe(profiles: try DeviceProfiles(directory: profileDirectory))
        let user = SNMPUser(
            name: "u", authentication: .sha256, passphrase: "authpass1", privacy: .aes128,
            privacyPassphrase: "privpass1")
        for credential in [SNMPCredential.v2c(community: "public"), .v3(user)] {
            let target = SNMPTarget(
                address: localhost, port: agent.port, credential: credential, timeout: 1, retries: 5)
            let answers = await eventually(within: 20) {
                await client.read([MIB.sysName], from: target).receipt.isComplete
            }
            try #require(answers, "\(agent.log)")
            let report = await probe.run(client: client, target: target)
            #expect(report.name == "box")
            #expect(report.location == "rack")
            #expect(report.vendor == "Linux")
            #expect(report.kind == "server")
            #expect(report.version?.isEmpty == false)
            #expect(report.receipt.notAnswered.isEmpty)
            let loopback = try #require(report.interfaces.first { $0.name == "lo" })
            #expect(loopback.type == "softwareLoopback")
            #expect(loopback.mac == nil)
            #expect(loopback.counters.inOctets != nil)
            let own = report.addresses.first { $0.address == localhost }
            #expect(own?.interface == loopback.index)
            #expect(own?.prefixLength == 8)
        }
    }
}
