import Inventory
import LinuxSystem
import Model
import Testing

@Suite("InterfacesSource") struct InterfacesSourceTests {
    private func items(_ machine: RecordedMachine) throws -> [SectionItem] {
        guard case .success(let sections) = try InterfacesSource().read(InventoryContext(root: machine.root)) else {
            return []
        }
        return sections.first?.items ?? []
    }

    private func machine(_ name: String, _ files: [String: String]) -> RecordedMachine {
        RecordedMachine(
            text: Dictionary(uniqueKeysWithValues: files.map { ("/sys/class/net/\(name)/\($0.key)", $0.value + "\n") }))
    }

    @Test("an interface has its address, state, driver and IPv6 addresses, without the temporary ones")
    func whole() throws {
        let machine = machine(
            "eth0",
            [
                "ifindex": "2", "address": "00:25:90:AB:cd:ef", "mtu": "1500", "type": "1", "operstate": "up",
                "speed": "10000", "ifalias": "uplink",
            ])
        machine.link("/sys/class/net/eth0/device", to: "../../../devices/pci0")
        machine.directory("/sys/devices/pci0")
        machine.link("/sys/devices/pci0/driver", to: "../../bus/pci/drivers/ixgbe")
        machine.write(
            "/proc/net/if_inet6",
            Array(
                """
                20010db8000000000000000000000007 02 40 00 80     eth0
                20010db8000000000000000000000008 02 40 00 81     eth0
                fe80000000000000022590fffeabcdef 02 40 20 80     eth0
                zz010db8000000000000000000000007 02 40 00 80     eth0
                20010db8000000000000000000000009 02 fff 00 80     eth0

                """.utf8))
        machine.write("/sys/class/net/bonding_masters", [])
        #expect(
            try items(machine) == [
                SectionItem(
                    key: "eth0",
                    attributes: [
                        "mac": "00:25:90:ab:cd:ef", "ifindex": 2, "mtu": 1500, "type": "ethernet", "state": "up",
                        "driver": "ixgbe", "speed_mbps": 10000, "alias": "uplink",
                        "addresses": .list(["2001:db8::7/64", "fe80::225:90ff:feab:cdef/64"]),
                    ])
            ])
    }

    @Test(
        "what kind of interface it is comes from what the kernel shows beside it",
        arguments: [
            (["ifindex": "1", "type": "772"], "loopback"), (["ifindex": "1", "type": "1"], "virtual"),
            (["ifindex": "1", "type": "1", "bridge/bridge_id": "x"], "bridge"),
            (["ifindex": "1", "type": "1", "bonding/mode": "x"], "bond"),
            (["ifindex": "1", "type": "1", "uevent": "DEVTYPE=vlan\nINTERFACE=x"], "vlan"),
            (["ifindex": "1", "type": "65534", "tun_flags": "0x1001"], "tunnel"), (["ifindex": "1"], "other"),
        ])
    func kinds(files: [String: String], kind: String) throws {
        #expect(try items(machine("x", files)).first?.attributes["type"]?.text == kind)
    }

    @Test(
        "a driver that does not know counts as up when the administrator says so",
        arguments: [
            (["operstate": "unknown", "flags": "0x1003"], "up"), (["operstate": "unknown", "flags": "0x1002"], "down"),
            (["operstate": "down", "flags": "0x1003"], "down"), (["operstate": "lowerlayerdown"], "down"),
            (["flags": "nonsense"], "down"),
        ])
    func states(files: [String: String], state: String) throws {
        let files = files.merging(["ifindex": "1"]) { left, _ in left }
        #expect(try items(machine("x", files)).first?.attributes["state"]?.text == state)
    }

    @Test("a slave of a bond keeps its own address beside the bond's")
    func bond() throws {
        let machine = machine("eth1", ["ifindex": "3", "address": "00:25:90:00:00:01", "type": "1"])
        machine.link("/sys/class/net/eth1/master", to: "../bond0")
        machine.write(
            "/proc/net/bonding/bond0",
            Array(
                """
                Slave Interface: eth0
                Permanent HW addr: 00:25:90:00:00:01
                Slave Interface: eth1
                Permanent HW addr: 00:25:90:00:00:02

                """.utf8))
        let item = try items(machine).first
        #expect(item?.attributes["mac"] == "00:25:90:00:00:01")
        #expect(item?.attributes["permanent_mac"] == "00:25:90:00:00:02")
        #expect(item?.attributes["master"] == "bond0")
    }

    @Test("hostile values are left out")
    func hostile() throws {
        let machine = machine(
            "x",
            [
                "ifindex": "99999999999999999999", "mtu": "-99999999999999999999", "speed": "-1", "address": "00:00",
                "ifalias": String(repeating: "a", count: 60_000), "flags": "0x",
            ])
        let facts = try items(machine).first?.attributes
        #expect(facts?["ifindex"] == nil)
        #expect(facts?["mtu"] == nil)
        #expect(facts?["speed_mbps"] == nil)
        #expect(facts?["mac"] == nil)
        #expect((facts?["alias"]?.text?.utf8.count ?? 0) == Limits.valueBytes)
    }

    @Test("a machine without sysfs has no data")
    func absent() throws {
        let outcome = try InterfacesSource().read(InventoryContext(root: RecordedMachine().root))
        #expect(outcome == .noData("no /sys/class/net"))
    }
}
