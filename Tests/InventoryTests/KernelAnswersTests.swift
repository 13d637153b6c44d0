import LinuxSystem
import Model
import Testing

@testable import Inventory

/// Answers of the kernel and of controllers as they were recorded, through the readers of the sources; the same octets begin the
/// fuzzer's search.
@Suite("Answers of the kernel") struct KernelAnswersTests {
    private func recorded(_ name: String) throws -> [UInt8] {
        let tests = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        return try SystemRoot().bytes("/\(tests)/Fuzz/corpus/\(name)")
    }

    @Test("neighbours of IPv6 that answered have their MAC address; one that failed and groups are not there")
    func neighbours() throws {
        let entries = NeighbourEntry.all(in: try recorded("neighbour-discovery/veth")).sorted {
            $0.address.description < $1.address.description
        }
        #expect(entries.map(\.address.description) == ["2001:db8::7", "2001:db8::8"])
        let interface = try #require(entries.first?.interface)
        let machine = RecordedMachine(text: ["/sys/class/net/v0/ifindex": "\(interface)\n"])
        #expect(
            ARPSource.items(entries, machine.root).first
                == SectionItem(
                    key: "v0 2001:db8::7",
                    attributes: ["address": "2001:db8::7", "mac": "02:00:00:00:00:07", "interface": "v0"]))
    }

    @Test("wireless interfaces: mode and network, a name that is no UTF-8 repaired")
    func wireless() throws {
        #expect(WirelessInterface.family(in: try recorded("nl80211/family")) == 0x1c)
        let found = WirelessInterface.all(in: try recorded("nl80211/interfaces"))
        #expect(
            found == [
                WirelessInterface(name: "wlan0", mode: "managed", network: "Büro 5 GHz"),
                WirelessInterface(name: "wlan1", mode: "access-point", network: "guests\u{fffd}"),
                WirelessInterface(name: "mon0", mode: "monitor", network: nil),
            ])
        var items = [SectionItem(key: "wlan0", attributes: ["mtu": 1500]), SectionItem(key: "eth0", attributes: [:])]
        InterfacesSource.add(found, to: &items)
        #expect(items.first?.attributes["wireless_network"] == "Büro 5 GHz" && items.first?.attributes["mtu"] == 1500)
        #expect(items.last?.attributes.isEmpty == true)
    }

    @Test("tables of nftables: how many chains and rules, and what becomes of a packet that none names")
    func filters() throws {
        let items = PacketFilter.all(in: try recorded("nftables/two-tables")).map(FirewallSource.item)
        #expect(
            items == [
                SectionItem(
                    key: "nft:inet:filter",
                    attributes: [
                        "kind": "nftables", "family": "inet", "enabled": true, "chains": 3, "rules": 4,
                        "hooks": .list(["filter input drop", "filter output accept"]),
                    ]),
                SectionItem(
                    key: "nft:ip:nat",
                    attributes: [
                        "kind": "nftables", "family": "ip", "enabled": true, "chains": 1, "rules": 1,
                        "hooks": .list(["nat postrouting accept"]),
                    ]),
            ])
    }

    @Test("a management controller tells the networks it is in; a channel without address is one all the same")
    func controller() throws {
        let record = try recorded("ipmi/server")
        let transcript = try #require(IPMITranscript(record: record))
        #expect(IPMITranscript(record: transcript.record) == transcript)
        #expect(
            BMCSource.items(transcript) == [
                SectionItem(
                    key: "channel 1",
                    attributes: [
                        "address": "192.0.2.77", "netmask": "255.255.255.0", "gateway": "192.0.2.1",
                        "mac": "02:00:00:00:00:77", "address_source": "dhcp", "vlan": 100, "firmware": "2.41",
                        "addresses": .list(["2001:db8::77/64"]),
                    ]),
                SectionItem(key: "channel 2", attributes: ["address_source": "dhcp", "firmware": "2.41"]),
            ])
        for count in record.indices { _ = IPMITranscript(record: Array(record[..<count])).map(BMCSource.items) }
        #expect(IPMITranscript(record: Array(record.dropLast())) == nil)
    }

    @Test("what disks say of their health: ATA, SCSI and NVMe; one of which nothing is known has no facts")
    func health() throws {
        let health = SMARTHealth.all(in: try recorded("smart/disks"))
        #expect(health.keys.sorted() == ["nvme0n1", "sda", "sdb"])
        var items = ["nvme0n1", "sda", "sdb", "sdc"].map { SectionItem(key: $0, attributes: [:]) }
        DisksSource.add(health, to: &items)
        #expect(
            items.map(\.attributes) == [
                ["smart_health": "passed", "media_errors": 0, "used_percent": 10],
                ["smart_health": "passed", "reallocated_sectors": 8, "pending_sectors": 2],
                ["smart_health": "failed", "reallocated_sectors": 17], [:],
            ])
    }

    @Test("only whole disks are asked for their health, by names of the kernel's form")
    func asked() {
        let names = ["sda", "sdaa", "nvme0n1", "sda1", "sd-x", "nvme0n1p1", "loop0", "vda", "nvme0n1;x", "dm-0"]
        #expect(names.filter(SMARTClient.isAsked) == ["sda", "sdaa", "nvme0n1"])
    }
}

@Suite("FirewallSource") struct FirewallSourceTests {
    @Test("ufw, firewalld and nftables by their settings, tables of the older kind by name")
    func managers() throws {
        let machine = RecordedMachine(text: [
            "/etc/ufw/ufw.conf": "# comment\nENABLED=yes\nLOGLEVEL=low\n",
            "/etc/default/ufw": "DEFAULT_INPUT_POLICY=\"DROP\"\nDEFAULT_OUTPUT_POLICY=\"ACCEPT\"\n",
            "/etc/firewalld/firewalld.conf": "DefaultZone=Public\nFirewallBackend=nftables\n",
            "/etc/nftables.conf": "flush ruleset\n", "/proc/net/ip_tables_names": "nat\nfilter\n",
        ])
        machine.link("/etc/systemd/system/sysinit.target.wants/nftables.service", to: "/lib/systemd/system/x")
        guard case .success(let sections) = try machine.read(FirewallSource()) else {
            Issue.record("something was left out")
            return
        }
        #expect(
            sections.first?.items == [
                SectionItem(
                    key: "firewalld",
                    attributes: [
                        "kind": "firewalld", "enabled": false, "default_zone": "public", "backend": "nftables",
                    ]),
                SectionItem(key: "iptables:filter", attributes: ["kind": "iptables", "enabled": true]),
                SectionItem(key: "iptables:nat", attributes: ["kind": "iptables", "enabled": true]),
                SectionItem(key: "nftables", attributes: ["kind": "nftables", "enabled": true]),
                SectionItem(
                    key: "ufw",
                    attributes: [
                        "kind": "ufw", "enabled": true, "default_input": "drop", "default_output": "accept",
                        "log_level": "low",
                    ]),
            ])
    }

    @Test("a machine without any of them has none; what may not be read is said")
    func none() throws {
        guard case .noData = try RecordedMachine().read(FirewallSource()) else {
            Issue.record("there is a firewall")
            return
        }
        let machine = RecordedMachine()
        machine.link("/proc/net/ip_tables_names", to: "ip_tables_names")
        guard case .partial(let sections, let missing) = try machine.read(FirewallSource()) else {
            Issue.record("nothing was missing")
            return
        }
        #expect(sections.first?.isComplete == false && missing.hasPrefix("tables of iptables"))
    }
}
