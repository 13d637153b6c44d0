import SNMP
import TOML
import Testing

@testable import AgentRuntime

@Suite("The settings of traps")
struct TrapSettingsTests {
    private func decode(_ text: String) throws -> AgentConfiguration {
        try AgentConfiguration.decode(try TOMLDocument.parse(text, file: "agent.toml"))
    }

    @Test("without the table no port is opened")
    func standard() throws {
        let settings = try decode("").traps
        #expect(settings.listen.isEmpty && settings.limits == SNMPTrapLimits())
    }

    @Test("places are addresses of both kinds with a port")
    func places() throws {
        let traps = try decode(
            "[traps]\nlisten = [\"0.0.0.0:1162\", \"[::]:162\"]\nrate = 5\nburst = 50\n"
        ).traps
        #expect(traps.listen.map(\.description) == ["0.0.0.0:1162", "[::]:162"])
        #expect(traps.limits.rate == 5 && traps.limits.burst == 50)
    }

    @Test(
        "others are refused with what is accepted",
        arguments: ["162", "0.0.0.0", "0.0.0.0:0", "0.0.0.0:70000", "host:162", ":::162", "[0.0.0.0]:162", "[::]", ""])
    func refused(place: String) throws {
        do {
            _ = try decode("[traps]\nlisten = [\"\(place)\"]\n")
            Issue.record("\(place) was accepted")
        } catch { #expect("\(error)".contains("ADDRESS:PORT")) }
    }

    @Test("a device's other addresses are addresses")
    func addresses() throws {
        let device = "[[device]]\nname = \"a\"\naddress = \"192.0.2.1\"\ncommunity = \"public\"\n"
        let good = try decode(device + "trap_addresses = [\"192.0.2.2\", \"2001:db8::1\"]\nping = false\n").devices
            .first
        #expect(good?.trapAddresses.count == 2 && good?.isPinged == false)
        #expect(throws: TOMLError.self) { try decode(device + "trap_addresses = [\"router\"]\n") }
    }

    @Test("the engine id is an agent's own for ever, and one that devices take (RFC 3411)")
    func engine() {
        let id = TrapEngine.id(of: "agent-1")
        #expect(id == TrapEngine.id(of: "agent-1") && id != TrapEngine.id(of: "agent-2"))
        #expect((5...32).contains(id.count) && id.starts(with: [0x80, 0x00, 0x1f, 0x88, 0x05]))
    }
}
