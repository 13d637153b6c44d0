import Inventory
import LinuxSystem
import Model
import Testing

@Suite("UnitsSource")
struct UnitsSourceTests {
    private func machine() -> RecordedMachine {
        let install =
            "[Unit]\nDescription=Some daemon\n[Service]\nExecStart=/bin/x\n[Install]\nWantedBy=multi-user.target\n"
        let machine = RecordedMachine(text: [
            "/usr/lib/systemd/system/on.service": install, "/usr/lib/systemd/system/off.service": install,
            "/usr/lib/systemd/system/named.service": install, "/usr/lib/systemd/system/getty@.service": install,
            "/usr/lib/systemd/system/fixed.service": "[Unit]\nDescription=Fixed\n",
            "/etc/systemd/system/empty.socket": "",
            "/run/systemd/generator/data.mount": "[Mount]\nWhat=/dev/sda\n", "/usr/lib/systemd/system/README": "x",
        ])
        machine.directory("/run/systemd/system")
        let wants = "/etc/systemd/system/multi-user.target.wants/"
        machine.link(wants + "on.service", to: "/usr/lib/systemd/system/on.service")
        machine.link(wants + "getty@tty1.service", to: "/usr/lib/systemd/system/getty@.service")
        machine.link("/etc/systemd/system/other.service", to: "/usr/lib/systemd/system/named.service")
        machine.link("/etc/systemd/system/fixed.service", to: "/dev/null")
        return machine
    }

    @Test("each unit's state comes from its files and links")
    func states() throws {
        guard case .success(let sections) = try machine().read(UnitsSource()) else {
            Issue.record("no data")
            return
        }
        let section = try #require(sections.first)
        #expect(section.isComplete)
        var states: [String: String] = [:]
        for item in section.items { states[item.key] = item.attributes["state"]?.text }
        #expect(
            states == [
                "on.service": "enabled", "off.service": "disabled", "named.service": "enabled",
                "getty@.service": "disabled", "getty@tty1.service": "enabled", "fixed.service": "masked",
                "empty.socket": "masked", "data.mount": "generated",
            ])
        #expect(section.items.first { $0.key == "on.service" }?.attributes["description"] == "Some daemon")
    }

    @Test("where systemd does not run there is no data")
    func absent() throws {
        let machine = RecordedMachine(text: ["/usr/lib/systemd/system/on.service": "[Unit]\n"])
        #expect(
            try machine.read(UnitsSource())
                == .noData("/run/systemd/system does not exist"))
    }

    @Test("hostile unit files are no trap; one that cannot be read leaves the section incomplete")
    func hostile() throws {
        let machine = RecordedMachine([
            "/usr/lib/systemd/system/a.service": [UInt8](repeating: 0x5b, count: 1 << 20),
            "/usr/lib/systemd/system/b.service": [0, 0xff, 10, 0x3d, 10, 0x5b, 0x5d],
            "/usr/lib/systemd/system/big.service": [UInt8](repeating: 0x41, count: (1 << 20) + 1),
            "/usr/lib/systemd/system/.service": [0x41],
        ])
        machine.directory("/run/systemd/system")
        machine.link("/etc/systemd/system/loop.service", to: "loop.service")
        guard case .success(let sections) = try machine.read(UnitsSource()) else {
            Issue.record("no data")
            return
        }
        #expect(sections.first?.items.map(\.key) == ["a.service", "b.service"])
        #expect(sections.first?.isComplete == false)
    }
}
