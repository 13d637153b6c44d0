import Model
import Testing

@testable import GLPI

@Suite("GLPI inventories as sections")
struct GLPISectionTests {
    @Test("A computer's facts stand under the names that our own agent uses")
    func computer() throws {
        let inventory = try GLPIInventory(
            document(
                #"""
                "versionclient": "GLPI-Agent_v1.7",
                "bios": {"smanufacturer": "Maker Inc.", "smodel": "Box 3", "ssn": " S1N2 ", "bdate": "2024-02-29",
                    "secure_boot": "enabled"},
                "hardware": {"name": "pc-7", "uuid": "5b1f6e2c-0a5d-4d0a-9d55-0d6a1f8c7b21", "memory": 16384, "swap": 0,
                    "vmsystem": "Physical", "chassis_type": "Desktop", "defaultgateway": "192.0.2.1",
                    "dns": "192.0.2.2/192.0.2.3"},
                "operatingsystem": {"name": "Windows", "full_name": "Microsoft Windows 11 Pro", "version": "23H2",
                    "kernel_version": "10.0.22631", "arch": "x86_64", "boot_time": "2026-01-02 10:00:00",
                    "timezone": {"name": "CET", "offset": "+0100"}},
                "cpus": [{"name": "CPU X", "manufacturer": "Maker", "core": 4, "thread": 8, "speed": 3200},
                    {"name": "CPU X", "manufacturer": "Maker", "core": 4, "thread": 8, "speed": 3200}],
                "drives": [{"letter": "C:", "filesystem": "NTFS", "total": 1024, "free": 5, "type": "Local Disk"}],
                "storages": [{"name": "\\\\.\\PHYSICALDRIVE0", "disksize": 500107, "serialnumber": "D1", "interface": "SATA"}],
                "softwares": [
                    {"name": "Runtime", "version": "9.0", "arch": "x86_64", "from": "registry", "guid": "{A}"},
                    {"name": "Runtime", "version": "9.1", "arch": "x86_64", "from": "registry", "guid": "{B}"},
                    {"name": "bash", "version": "5.2", "arch": "amd64", "from": "deb", "install_date": "2025-12-01"}],
                "local_users": [{"login": "mei", "id": "S-1-5-21-1"}, {"login": "li", "id": "1000"}],
                "local_groups": [{"name": "staff", "id": 50, "member": ["mei", "li"]}],
                "virtualmachines": [{"name": "vm1", "uuid": "5b1f6e2c-0a5d-4d0a-9d55-0d6a1f8c7b22", "vmtype": "hyperv", "memory": 512}],
                "envs": [{"key": "A", "val": "b"}, {"key": "C", "val": "d"}], "antivirus": [{"name": "Guard"}]
                """#))
        #expect(inventory.hostname == "pc-7")
        #expect(inventory.version == "GLPI-Agent_v1.7")
        #expect(inventory.statements.count == 1 && inventory.statements[0].subject == .host)
        #expect(inventory.statements[0].sections.first?.name == .system)
        let expected: [(SectionName, String, String, AttributeValue)] = [
            (.system, "", "vendor", "Maker Inc."), (.system, "", "model", "Box 3"), (.system, "", "serial", "S1N2"),
            (.system, "", "bios_date", "02/29/2024"), (.system, "", "secure_boot", true),
            (.system, "", "kind", "physical"),
            (.system, "", "hostname", "pc-7"), (.system, "", "uuid", "5b1f6e2c-0a5d-4d0a-9d55-0d6a1f8c7b21"),
            (.os, "", "name", "Windows"), (.os, "", "pretty_name", "Microsoft Windows 11 Pro"),
            (.os, "", "version", "23H2"),
            (.os, "", "kernel", "10.0.22631"), (.os, "", "architecture", "x86_64"),
            (.os, "", "boot_time", "2026-01-02T09:00:00.000Z"), (.cpu, "", "sockets", 2), (.cpu, "", "cores", 8),
            (.cpu, "", "threads", 16), (.cpu, "", "max_mhz", 3200), (.memory, "", "size_bytes", 17_179_869_184),
            (.network, "", "default_gateway", "192.0.2.1"),
            (.network, "", "dns_servers", .list(["192.0.2.2", "192.0.2.3"])),
            (.filesystems, "C:", "size_bytes", 1_073_741_824), (.filesystems, "C:", "type", "NTFS"),
            (.disks, "\\\\.\\PHYSICALDRIVE0", "size_bytes", 500_107_000_000),
            (.disks, "\\\\.\\PHYSICALDRIVE0", "serial", "D1"), (.disks, "\\\\.\\PHYSICALDRIVE0", "transport", "sata"),
            (.packages, "registry:Runtime:x86_64:{A}", "version", "9.0"),
            (.packages, "registry:Runtime:x86_64:{B}", "version", "9.1"),
            (.packages, "dpkg:bash:amd64", "version", "5.2"),
            (.packages, "dpkg:bash:amd64", "install_date", "2025-12-01"),
            (.users, "mei", "sid", "S-1-5-21-1"), (.users, "li", "uid", 1000),
            (.groups, "staff", "members", .list(["li", "mei"])),
            (.guests, "hyperv:5b1f6e2c-0a5d-4d0a-9d55-0d6a1f8c7b22", "memory_bytes", 536_870_912),
        ]
        for (section, key, name, value) in expected {
            #expect(inventory.fact(section, name, key: key) == value, "\(section.rawValue) \(key) \(name)")
        }
        #expect(inventory.fact(.filesystems, "free", key: "C:") == nil, "what changes by itself is no fact")
        #expect(inventory.statements[0].sections.allSatisfy { $0.isComplete })
        #expect(inventory.receipt("inventory/document")?.message == "not taken: antivirus 1, envs 2")
        #expect(inventory.receipt("inventory/packages")?.found == 3)
    }

    @Test("Entries of one interface become one item with all its addresses")
    func interfaces() throws {
        let inventory = try GLPIInventory(
            document(
                #"""
                "networks": [
                    {"description": "eth0", "mac": "02:00:5E:10:00:01", "ipaddress": "192.0.2.7", "ipmask": "255.255.255.0",
                        "status": "up", "speed": "1000", "type": "ethernet", "mtu": 1500, "pcislot": "00:19.0"},
                    {"description": "eth0", "mac": "02:00:5E:10:00:01", "ipaddress6": "2001:DB8:0::7",
                        "ipmask6": "ffff:ffff:ffff:ffff::", "status": "up"},
                    {"description": "lo", "ipaddress": "127.0.0.1", "ipmask": "255.0.0.0", "mac": "00:00:00:00:00:00"},
                    {"description": "NIC", "mac": "02:00:5E:10:00:02", "pnpdeviceid": "PCI\\1"},
                    {"description": "NIC", "mac": "02:00:5E:10:00:03", "pnpdeviceid": "PCI\\2"},
                    {"description": "odd", "ipaddress": "300.1.1.1", "ipmask": "255.0.255.0", "speed": "9223372036854.78"}]
                """#))
        #expect(inventory.items(.interfaces).map(\.key) == ["NIC", "NIC PCI\\2", "eth0", "lo", "odd"])
        #expect(
            inventory.items(.interfaces).first { $0.key == "eth0" }?.attributes == [
                "mac": "02:00:5e:10:00:01", "state": "up", "speed_mbps": 1000, "type": "ethernet", "mtu": 1500,
                "pci_address": "0000:00:19.0", "addresses": .list(["192.0.2.7/24", "2001:db8::7/64"]),
            ])
        #expect(inventory.fact(.interfaces, "mac", key: "lo") == nil)
        #expect(inventory.fact(.interfaces, "mac", key: "NIC PCI\\2") == "02:00:5e:10:00:03")
        #expect(inventory.items(.interfaces).last?.attributes == [:])
    }

    @Test("A partial report has no complete section, whatever way it says so")
    func partial() throws {
        for word in ["true", "1", "\"1\"", "\"yes\"", "[]"] {
            let inventory = try GLPIInventory(
                document(#""softwares": [{"name": "a"}], "bios": {"ssn": "X1"}"#, more: "\"partial\": \(word), "))
            #expect(inventory.statements[0].sections.count == 2)
            #expect(inventory.statements[0].sections.allSatisfy { !$0.isComplete }, "\(word)")
        }
        let whole = try GLPIInventory(document(#""softwares": [{"name": "a"}]"#, more: "\"partial\": false, "))
        #expect(whole.section(.packages)?.isComplete == true)
        #expect(whole.statements[0].sections.count == 1, "a part that is not there is not spoken of")
    }

    @Test("A section of another shape, or with items that cannot be read, makes nothing vanish")
    func shapes() throws {
        for value in ["7", "\"text\"", "[1, 2]", "[[]]", "{}", "[{}]", #"[{"name": ["x"]}]"#] {
            let inventory = try GLPIInventory(
                document(#""softwares": \#(value), "bios": {"ssn": "X1"}, "hardware": {"name": "h"}"#))
            #expect(inventory.section(.packages)?.isComplete == false, "\(value)")
            #expect(inventory.receipt("inventory/packages")?.outcome == .failure)
            #expect(inventory.section(.system)?.isComplete == true)
        }
        let mixed = try GLPIInventory(document(#""softwares": [{"name": "a", "version": 2}, {"version": "3"}, 4]"#))
        #expect(mixed.items(.packages).map(\.key) == ["software:a:"])
        #expect(mixed.fact(.packages, "version", key: "software:a:") == "2")
        #expect(mixed.section(.packages)?.isComplete == false)
        let empty = try GLPIInventory(document(#""softwares": [], "bios": {"ssn": "X1"}"#))
        #expect(empty.section(.packages)?.isComplete == true)
        #expect(empty.receipt("inventory/packages")?.outcome == .noData)
    }

    @Test("Wicked values are left out and counted, the rest is kept")
    func wicked() throws {
        let long = String(repeating: "z", count: 5000)
        let inventory = try GLPIInventory(
            document(
                #"""
                "hardware": {"name": "h", "memory": 9223372036854775807, "swap": -1, "uuid": {"a": 1}},
                "bios": {"ssn": "\#(long)", "smodel": "M"},
                "drives": [{"letter": "C:", "total": 1e400}, {"letter": "D:", "total": "12 MB"}, {"letter": "\#(long)"}],
                "operatingsystem": {"name": "Linux", "boot_time": "9999-99-99 99:99:99", "timezone": {"offset": "+9999"}}
                """#))
        #expect(inventory.fact(.memory, "size_bytes") == nil)
        #expect(inventory.fact(.memory, "swap_bytes") == nil)
        #expect(inventory.fact(.system, "serial") == nil)
        #expect(inventory.fact(.system, "model") == "M")
        #expect(inventory.fact(.os, "boot_time") == nil)
        #expect(inventory.items(.filesystems).map(\.key) == ["C:", "D:"])
        #expect(inventory.fact(.filesystems, "size_bytes", key: "C:") == nil)
        #expect(inventory.fact(.filesystems, "size_bytes", key: "D:") == 12_582_912)
        #expect(inventory.section(.filesystems)?.isComplete == false)
        #expect(inventory.receipt("inventory/system")?.message == "2 values not readable")
        #expect(inventory.receipt("inventory/filesystems")?.message == "2 values not readable")
    }

    @Test("More items than a section takes are cut, and then it is not complete")
    func cut() throws {
        let items = (0..<Limits.itemsPerPart + 5).map { #"{"name": "p\#($0)"}"# }.joined(separator: ",")
        let inventory = try GLPIInventory(document(#""softwares": [\#(items)]"#))
        #expect(inventory.items(.packages).count == Limits.itemsPerPart)
        #expect(inventory.section(.packages)?.isComplete == false)
        #expect(inventory.receipt("inventory/packages")?.outcome == .truncated)
        #expect(inventory.receipt("inventory/packages")?.message.contains("5 items") == true)
    }

    @Test("What runs the machine decides whether its serial number tells it from others")
    func machines() throws {
        let cases: [(String, AttributeValue?, AttributeValue?)] = [
            ("Physical", "physical", nil), ("VMware", "vm", "vmware"), ("Docker", "container", "docker"),
            ("QEMU", "vm", "kvm"), ("AIX_LPAR", "vm", "phyp"),
        ]
        for (word, kind, hypervisor) in cases {
            let inventory = try GLPIInventory(
                document(#""hardware": {"name": "h", "vmsystem": "\#(word)"}, "bios": {"ssn": "X1"}"#))
            #expect(inventory.fact(.system, "kind") == kind)
            #expect(inventory.fact(.system, "hypervisor") == hypervisor)
            #expect(inventory.fact(.system, word == "AIX_LPAR" ? "chassis_serial" : "serial") == "X1")
        }
    }

    @Test("A device has the sections of our own probe: itself, ports, what is at the other end of its cables")
    func device() throws {
        let inventory = try GLPIInventory(
            document(
                #"""
                "network_device": {"type": "Networking", "name": "sw-1", "manufacturer": "Maker", "model": "S1",
                    "serial": "SW1", "firmware": "3.1", "mac": "00:00:5e:00:53:01", "ips": ["127.0.0.1", "192.0.2.9"],
                    "location": "room", "contact": "noc", "description": "Line one\nline two"},
                "network_ports": [
                    {"ifnumber": 1, "ifname": "Gi0/1", "ifdescr": "GigabitEthernet0/1", "iftype": 6, "ifstatus": 1,
                        "ifinternalstatus": 2, "ifmtu": 1500, "ifspeed": 1000000000, "mac": "00:00:5e:00:53:02",
                        "ifinbytes": 5, "vlans": [{"number": 1}],
                        "connections": [{"sysname": "sw-2", "sysmac": "00:00:5e:00:53:99", "ifdescr": "Gi0/9", "ip": "192.0.2.10"}]},
                    {"ifnumber": 2, "ifname": "Gi0/2", "connections": [{"mac": ["00:00:5e:00:53:aa", "00:00:5e:00:53:ab"]}]},
                    {"ifname": "no number"}],
                "network_components": [{"index": 10, "contained_index": 0, "type": "chassis", "name": "C", "serial": "SW1"}],
                "pagecounters": {"total": 7}
                """#, action: "netinventory"))
        #expect(inventory.statements.map(\.subject) == [.device(target: "SW1", address: "192.0.2.9")])
        #expect(inventory.fact(.system, "kind") == "network")
        #expect(inventory.fact(.system, "name") == "sw-1")
        #expect(inventory.fact(.system, "version") == "3.1")
        #expect(inventory.fact(.system, "description") == "Line one line two")
        #expect(
            inventory.items(.interfaces).first?.attributes == [
                "name": "Gi0/1", "descr": "GigabitEthernet0/1", "type": "ethernetCsmacd", "oper": "up", "admin": "down",
                "mtu": 1500, "speed_bps": 1_000_000_000, "mac": "00:00:5e:00:53:02",
            ])
        #expect(inventory.items(.interfaces).map(\.key) == ["1", "2"])
        #expect(inventory.section(.interfaces)?.isComplete == false, "a port is missing")
        let cable = try #require(inventory.items(.neighbours).first)
        #expect(cable.key == "Gi0/1|00:00:5e:00:53:99|Gi0/9")
        #expect(cable.attributes["local_ifindex"] == 1)
        #expect(cable.attributes["management_addresses"] == .list(["192.0.2.10"]))
        #expect(inventory.fact(.entities, "class", key: "10") == "chassis")
        let message = try #require(inventory.receipt("probe/sw-1")?.message)
        #expect(message == "not taken: pagecounters 1, addresses behind ports 2, ports without a number 1")
    }

    @Test("A discovery takes what answered SNMP, and makes nothing vanish")
    func discovery() throws {
        let inventory = try GLPIInventory(
            """
            <REQUEST><DEVICEID>probe-1</DEVICEID><QUERY>NETDISCOVERY</QUERY><CONTENT>
            <DEVICE><IP>192.0.2.20</IP><MAC>00:00:5e:00:53:20</MAC><DNSHOSTNAME>pc</DNSHOSTNAME></DEVICE>
            <DEVICE><IP>192.0.2.21</IP><AUTHSNMP>1</AUTHSNMP><SNMPHOSTNAME>ups</SNMPHOSTNAME><TYPE>POWER</TYPE></DEVICE>
            <MODULEVERSION>6.1</MODULEVERSION></CONTENT></REQUEST>
            """)
        #expect(inventory.statements.map(\.subject) == [.device(target: "ups", address: "192.0.2.21")])
        #expect(inventory.fact(.system, "kind") == "power")
        #expect(inventory.statements[0].sections.map(\.isComplete) == [false])
        #expect(inventory.receipt("discovery/document")?.message.contains("1 addresses") == true)
    }

    @Test("Dates are read in the forms that agents write")
    func dates() {
        let cases: [(String, String?)] = [
            ("2019-12-19", "2019-12-19"), ("2006-08-20 12:06", "2006-08-20"), ("11/09/2015", "2015-09-11"),
            ("20200131", "2020-01-31"), ("N/A", nil), ("", nil), ("aa/bb/cccc", nil), ("2019-1-1", nil),
        ]
        for (text, day) in cases { #expect(GLPIDates.day(text) == day, "\(text)") }
    }
}
