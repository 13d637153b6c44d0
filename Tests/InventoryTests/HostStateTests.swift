import Inventory
import LinuxSystem
import Model
import Testing

@Suite("Users, jobs, network and state of the system")
struct HostStateTests {
    private func items(_ machine: RecordedMachine, _ source: some InventorySource) throws -> [SectionItem] {
        switch try machine.read(source) {
        case .success(let sections), .partial(let sections, _): return sections.first?.items ?? []
        case .noData: return []
        }
    }

    @Test("local users without their password, and groups with their members")
    func users() throws {
        let machine = RecordedMachine(text: [
            "/etc/passwd":
                "root:SECRETHASH:0:0:root:/root:/bin/bash\nwww:x:33:33:Web Server,Room 1,555:/var/www:/usr/sbin/nologin\nbroken\n:x:1:1:::\n",
            "/etc/group": "adm:SECRETHASH:4:syslog,ann\nempty:x:5:\n",
        ])
        let users = try items(machine, UsersSource())
        #expect(users.map(\.key) == ["root", "www"])
        #expect(
            users[1].attributes == [
                "uid": 33, "gid": 33, "full_name": "Web Server", "home": "/var/www", "shell": "/usr/sbin/nologin",
                "may_sign_in": false,
            ])
        let groups = try items(machine, GroupsSource())
        #expect(groups.first?.attributes == ["gid": 4, "members": .list(["ann", "syslog"])])
        #expect(!"\(users)\(groups)".contains("SECRETHASH"))
    }

    @Test("who is signed in and when the machine started, from utmp")
    func utmp() throws {
        func entry(_ type: UInt8, _ line: String, _ user: String, _ host: String, _ seconds: UInt32) -> [UInt8] {
            var bytes = [UInt8](repeating: 0, count: 384)
            bytes[0] = type
            for (place, text) in [(8, line), (44, user), (76, host)] {
                for (index, byte) in text.utf8.enumerated() { bytes[place + index] = byte }
            }
            for index in 0..<4 { bytes[340 + index] = UInt8(truncatingIfNeeded: seconds >> (8 * UInt32(index))) }
            return bytes
        }
        let machine = RecordedMachine([
            "/run/utmp": entry(2, "~", "reboot", "6.1", 1_700_000_000)
                + entry(7, "pts/0", "ann", "192.0.2.5", 1_700_000_100)
                + entry(8, "pts/1", "gone", "", 0) + [1, 2, 3]
        ])
        #expect(
            try items(machine, LoginsSource()) == [
                SectionItem(
                    key: "ann pts/0",
                    attributes: [
                        "user": "ann", "terminal": "pts/0", "from": "192.0.2.5", "since": "2023-11-14T22:15:00.000Z",
                    ])
            ])
        machine.write("/etc/os-release", Array("ID=debian\n".utf8))
        #expect(try items(machine, OSSource()).first?.attributes["boot_time"] == "2023-11-14T22:13:20.000Z")
    }

    @Test("jobs of cron by their program, never by their whole command")
    func cron() throws {
        let machine = RecordedMachine(text: [
            "/etc/crontab": "# c\nSHELL=/bin/sh\n17 *\t* * *\troot\tcd / && run-parts /etc/cron.hourly\n",
            "/etc/cron.d/backup": "@daily backup PGPASSWORD=hidden /usr/bin/dump --password=hidden\n* * *\n",
            "/etc/cron.d/old.dpkg-old": "* * * * * root /bin/false\n",
            "/var/spool/cron/crontabs/ann": "*/5 * * * * /home/ann/job\n", "/etc/cron.daily/apt": "#!/bin/sh\n",
        ])
        let found = try items(machine, JobsSource())
        #expect(
            found.map(\.key) == [
                "cron:/etc/cron.d/backup @daily backup /usr/bin/dump",
                "cron:/etc/cron.daily/apt @daily root /etc/cron.daily/apt",
                "cron:/etc/crontab 17 * * * * root cd",
                "cron:/var/spool/cron/crontabs/ann */5 * * * * ann /home/ann/job",
            ])
        #expect(!"\(found)".contains("hidden"))
    }

    @Test("timers that are enabled, with their times")
    func timers() throws {
        let machine = RecordedMachine(text: [
            "/run/systemd/system/x": "",
            "/usr/lib/systemd/system/tidy.timer":
                "[Unit]\nDescription=Tidy up\n[Timer]\nOnCalendar=daily\nRandomizedDelaySec=1h\nUnit=clean.service\n",
        ])
        machine.link("/etc/systemd/system/timers.target.wants/tidy.timer", to: "/usr/lib/systemd/system/tidy.timer")
        #expect(
            try items(machine, JobsSource()) == [
                SectionItem(
                    key: "timer:tidy.timer",
                    attributes: [
                        "type": "timer", "unit": "clean.service", "schedule": .list(["OnCalendar=daily"]),
                        "description": "Tidy up", "path": "/usr/lib/systemd/system/tidy.timer",
                    ])
            ])
    }

    @Test("routes, default gateway and name servers; the servers behind systemd's own")
    func network() throws {
        let machine = RecordedMachine(text: [
            "/proc/net/route": """
            Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
            eth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0
            eth0\t000200C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0

            """,
            "/proc/net/ipv6_route": """
            20010db8000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0
            fe800000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0
            00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003     eth0
            ff000000000000000000000000000000 08 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000004 00000000 00000001     eth0

            """,
            "/etc/resolv.conf": "nameserver 127.0.0.53\noptions edns0\nsearch example.org\n",
            "/run/systemd/resolve/resolv.conf": "nameserver 192.0.2.53\nnameserver 2001:db8::53\nsearch example.org\n",
        ])
        #expect(
            try items(machine, RoutesSource()).map(\.key) == [
                "0.0.0.0/0 192.0.2.1 eth0", "192.0.2.0/24 - eth0", "2001:db8::/64 - eth0", "::/0 fe80::1 eth0",
            ])
        #expect(
            try items(machine, NetworkSource()).first?.attributes == [
                "default_gateway": "192.0.2.1", "default_interface": "eth0", "default_gateway_ipv6": "fe80::1",
                "dns_servers": .list(["192.0.2.53", "2001:db8::53"]), "dns_search": .list(["example.org"]),
            ])
    }

    @Test("addresses that have answered")
    func arp() throws {
        let text = """
            IP address       HW type     Flags       HW address            Mask     Device
            192.0.2.1        0x1         0x2         52:55:0a:00:02:02     *        eth0
            192.0.2.9        0x1         0x0         00:00:00:00:00:00     *        eth0

            """
        let found = try items(RecordedMachine(text: ["/proc/net/arp": text]), ARPSource())
        #expect(
            found == [
                SectionItem(
                    key: "eth0 192.0.2.1",
                    attributes: ["address": "192.0.2.1", "mac": "52:55:0a:00:02:02", "interface": "eth0"])
            ])
    }

    @Test("time zone, locale, command line, security modules and what waits for a restart")
    func state() throws {
        let machine = RecordedMachine(text: [
            "/etc/os-release": "ID=ubuntu\n", "/etc/default/locale": "LANG=\"de_DE.UTF-8\"\n",
            "/proc/cmdline": "BOOT_IMAGE=/vmlinuz root=UUID=x ro quiet\n",
            "/sys/kernel/security/lsm": "lockdown,capability,apparmor\n",
            "/sys/module/apparmor/parameters/enabled": "Y\n", "/run/reboot-required": "*** restart ***\n",
            "/run/reboot-required.pkgs": "linux-base\nlinux-base\nlibc6\n",
            "/var/lib/update-notifier/updates-available":
                "\n12 updates can be applied immediately.\n3 of these updates are standard security updates.\n",
            "/usr/share/zoneinfo/Europe/Berlin": "TZif",
        ])
        machine.link("/etc/localtime", to: "/usr/share/zoneinfo/Europe/Berlin")
        let facts = try #require(try items(machine, OSSource()).first).attributes
        #expect(facts["timezone"] == "Europe/Berlin")
        #expect(facts["locale"] == "de_DE.UTF-8")
        #expect(facts["kernel_command_line"] == "BOOT_IMAGE=/vmlinuz root=UUID=x ro quiet")
        #expect(facts["security_modules"] == .list(["apparmor", "capability", "lockdown"]))
        #expect(facts["apparmor"] == true)
        #expect(facts["reboot_required"] == true)
        #expect(facts["reboot_packages"] == .list(["libc6", "linux-base"]))
        #expect(facts["pending_updates"] == 12)
        #expect(facts["security_updates"] == 3)
    }

    @Test("secure boot, TPM and the cloud a machine is in")
    func machine() throws {
        let machine = RecordedMachine(text: [
            "/sys/class/dmi/id/sys_vendor": "Amazon EC2\n", "/sys/class/dmi/id/product_name": "m5.large\n",
            "/sys/class/dmi/id/board_asset_tag": "i-0123456789\n", "/sys/class/tpm/tpm0/tpm_version_major": "2\n",
            "/sys/firmware/efi/runtime": "x",
        ])
        machine.write("/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c", [6, 0, 0, 0, 1])
        let facts = try #require(try items(machine, SystemSource()).first).attributes
        #expect(facts["secure_boot"] == true)
        #expect(facts["firmware_type"] == "uefi")
        #expect(facts["tpm_version"] == "2.0")
        #expect(facts["cloud_provider"] == "aws")
        #expect(facts["cloud_instance_id"] == "i-0123456789")
        #expect(facts["cloud_instance_type"] == "m5.large")
    }

    @Test("A10: hostile files give bounded items or none, never a trap")
    func hostile() throws {
        let long = [UInt8](repeating: 0x3a, count: 200_000)
        let contents: [[UInt8]] = [
            long, [0xff, 0xfe, 10, 58, 58, 58, 58, 58, 58, 58, 10], Array("[]]:[:\n[".utf8), [], [0],
        ]
        let paths = [
            "/etc/passwd", "/etc/group", "/run/utmp", "/etc/crontab", "/proc/net/route", "/proc/net/ipv6_route",
            "/proc/net/arp", "/proc/swaps", "/proc/asound/cards", "/proc/bus/input/devices", "/etc/resolv.conf",
            "/sys/block/md0/md/level", "/sys/block/dm-0/dm/uuid", "/run/udev/data/b8:0", "/proc/sysinfo",
            "/usr/share/misc/pci.ids", "/sys/class/fc_host/host0/port_name", "/sys/firmware/dmi/tables/DMI",
        ]
        for content in contents {
            let machine = RecordedMachine(Dictionary(uniqueKeysWithValues: paths.map { ($0, content) }))
            for source in InventoryCatalogue.sources where source.name != "neighbours" {
                let outcome = try? source.init().read(InventoryContext(root: machine.root))
                guard case .success(let sections) = outcome else { continue }
                for item in sections.flatMap(\.items) {
                    #expect(item.key.utf8.count <= Limits.valueBytes)
                    #expect(item.attributes.values.compactMap(\.text).allSatisfy { $0.utf8.count <= Limits.valueBytes })
                }
            }
        }
    }
}
