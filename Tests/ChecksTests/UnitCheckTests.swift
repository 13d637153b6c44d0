import Glibc
import LinuxSystem
import Model
import Outbound
import TOML
import Testing

@testable import Checks

@Suite("UnitCheck") struct UnitCheckTests {
    private func definition(_ settings: String) throws -> CheckDefinition {
        let text = "name = \"u\"\ntype = \"unit\"\n" + settings
        return try CheckDefinition(settings: TOMLDocument.parse(text, file: "agent.toml"))
    }

    private func finding(
        _ load: String, _ active: String, _ sub: String, _ result: String = "", more: String = ""
    ) throws -> CheckFinding {
        let check = try #require(try definition("unit = \"web.service\"\n" + more).check as? UnitCheck)
        return check.finding(SystemdUnitState(load: load, active: active, sub: sub, result: result))
    }

    @Test("a unit that is as it should be is ok; else its state is one short sentence")
    func states() throws {
        #expect(try finding("loaded", "active", "running") == CheckFinding(.ok, "unit web.service: active (running)"))
        #expect(try finding("loaded", "reloading", "reload").state == .ok)
        let words: [(load: String, active: String, sub: String, result: String, text: String)] = [
            ("loaded", "failed", "failed", "exit-code", "failed (exit-code)"),
            ("loaded", "failed", "failed", "success", "failed (failed)"),
            ("loaded", "inactive", "dead", "success", "inactive (dead)"),
            ("loaded", "activating", "auto-restart", "exit-code", "activating (auto-restart)"),
            ("not-found", "inactive", "dead", "", "there is no such unit"),
            ("masked", "inactive", "dead", "", "masked"),
            ("bad-setting", "inactive", "dead", "", "its file is wrong (bad-setting)"),
        ]
        for (load, active, sub, result, text) in words {
            #expect(try finding(load, active, sub, result) == CheckFinding(.critical, "unit web.service: \(text)"))
        }
        #expect(try finding("loaded", "inactive", "dead", more: "states = [\"inactive\"]").state == .ok)
        #expect(try finding("not-found", "inactive", "dead", more: "states = [\"inactive\"]").state == .critical)
    }

    @Test("speaks for its service; where systemd does not run that is said")
    func subject() async throws {
        #expect(try definition("unit = \"web.service\"").subject == .service(key: "unit:web.service"))
        #expect(try definition("unit = \"srv-data.mount\"").subject == .host)
        let path = "/tmp/muster-unit-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        mkdir(path, 0o700)
        defer { rmdir(path) }
        let check = try definition("unit = \"web.service\"").check
        let found = await check.run(CheckContext(timeout: .seconds(1), outbound: OutboundClient(), root: path))
        #expect(found == CheckFinding(.unknown, "unit web.service: systemd does not run this host"))
    }

    @Test("wrong settings are refused")
    func refused() {
        for text in [
            "", "unit = \"web\"", "unit = \"web.conf\"", "unit = \"a b.service\"", "unit = \"../x.service\"",
            "unit = \"web.service\"\nstates = []", "unit = \"web.service\"\nstates = [\"up\"]",
            "unit = \"web.service\"\nuser = 1",
        ] {
            #expect(throws: TOMLError.self, "\(text)") { try definition(text) }
        }
    }
}
