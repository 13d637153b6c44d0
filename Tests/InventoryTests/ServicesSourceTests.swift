import Inventory
import LinuxSystem
import Model
import Testing

/// A recorded machine with processes and sockets.
struct SocketMachine {
    let machine = RecordedMachine(text: ["/etc/passwd": "root:x:0:0:root:/root:/bin/sh\nwww:x:33:33::/:/bin/false\n"])
    private var tcp =
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
    private var udp = "  sl  local_address rem_address   st\n"

    mutating func tcp(_ local: String, _ remote: String = "00000000:0000", _ state: String = "0A", inode: Int) {
        tcp += "   0: \(local) \(remote) \(state) 00000000:00000000 00:00000000 00000000    33        0 \(inode) 1 0\n"
    }

    mutating func udp(_ local: String, inode: Int) {
        udp += "   0: \(local) 00000000:0000 07 00000000:00000000 00:00000000 00000000    33        0 \(inode) 2 0\n"
    }

    func process(
        _ pid: Int, exe: String, inodes: [Int], cgroup: String = "0::/user.slice/session-1.scope",
        arguments: [String] = []
    ) {
        machine.link("/proc/\(pid)/exe", to: exe)
        machine.write("/proc/\(pid)/cgroup", Array((cgroup + "\n").utf8))
        machine.write("/proc/\(pid)/status", Array("Name:\tx\nUid:\t0\t33\t0\t0\n".utf8))
        machine.write("/proc/\(pid)/cmdline", Array((arguments.joined(separator: "\0") + "\0").utf8))
        machine.directory("/proc/\(pid)/fd")
        for (number, inode) in inodes.enumerated() {
            machine.link("/proc/\(pid)/fd/\(number)", to: "socket:[\(inode)]")
        }
    }

    func read(_ source: some InventorySource) throws -> InventorySection {
        machine.write("/proc/net/tcp", Array(tcp.utf8))
        machine.write("/proc/net/udp", Array(udp.utf8))
        guard case .success(let sections) = try source.read(InventoryContext(root: machine.root)),
            let section = sections.first
        else { throw InventoryError("no section") }
        return section
    }
}

@Suite("ServicesSource") struct ServicesSourceTests {
    @Test("a program outside of a unit is keyed by file and listening address, with user and script")
    func program() throws {
        var host = SocketMachine()
        host.tcp("0100007F:1F90", inode: 77)
        host.process(42, exe: "/usr/bin/python3.11", inodes: [77], arguments: ["python3", "-u", "/srv/shop.py", "x"])
        let section = try host.read(ServicesSource())
        #expect(section.isComplete)
        #expect(section.items.map(\.key) == ["exe:/usr/bin/python3.11|tcp|127.0.0.1|8080"])
        #expect(
            section.items.first?.attributes == [
                "name": "python3.11", "executable": "/usr/bin/python3.11", "script": "shop.py", "user": "www",
                "listen": .list(["tcp 127.0.0.1:8080"]),
            ])
    }

    @Test(
        "a unit's program is one item with all its sockets, in both forms of control groups",
        arguments: [
            "0::/system.slice/web.service", "1:name=systemd:/system.slice/web.service",
            "0::/system.slice/web.service/worker",
        ])
    func unit(cgroup: String) throws {
        var host = SocketMachine()
        host.tcp("00000000:0050", inode: 1)
        host.tcp("00000000:01BB", inode: 2)
        host.udp("00000000:01BB", inode: 3)
        host.process(42, exe: "/usr/sbin/web (deleted)", inodes: [1, 2, 3], cgroup: cgroup)
        host.process(43, exe: "/usr/sbin/web", inodes: [1, 2, 3], cgroup: cgroup)
        let section = try host.read(ServicesSource())
        #expect(section.items.map(\.key) == ["unit:web.service"])
        #expect(section.items.first?.attributes["executable"] == "/usr/sbin/web")
        #expect(
            section.items.first?.attributes["listen"]
                == .list(["tcp 0.0.0.0:443", "tcp 0.0.0.0:80", "udp 0.0.0.0:443"]))
    }

    @Test("another process number, worker or order of sockets changes nothing")
    func stable() throws {
        func items(_ pid: Int) throws -> [SectionItem] {
            var host = SocketMachine()
            for inode in pid == 7 ? [1, 2] : [2, 1] {
                host.tcp(inode == 1 ? "0100007F:1F90" : "00000000:0016", inode: inode * pid)
            }
            host.process(pid, exe: "/usr/bin/a", inodes: [pid, 2 * pid])
            host.process(pid + 1, exe: "/usr/bin/a", inodes: [pid])
            return try host.read(ServicesSource()).items
        }
        #expect(try items(7) == items(900))
        #expect(try items(7).count == 2)
    }

    @Test("a port that the kernel chose for a UDP client is no service, a low one is")
    func clientPorts() throws {
        var host = SocketMachine()
        host.udp("00000000:C000", inode: 5)
        host.udp("00000000:0035", inode: 6)
        host.process(42, exe: "/usr/sbin/dns", inodes: [5, 6])
        #expect(try host.read(ServicesSource()).items.map(\.key) == ["exe:/usr/sbin/dns|udp|0.0.0.0|53"])
    }

    @Test("a socket without a process is a service of nobody")
    func kernelSocket() throws {
        var host = SocketMachine()
        host.tcp("00000000:0801", inode: 9)
        host.process(42, exe: "/usr/bin/a", inodes: [])
        let section = try host.read(ServicesSource())
        #expect(section.items.map(\.key) == ["exe:?|tcp|0.0.0.0|2049"])
        #expect(section.isComplete)
    }

    @Test("what users start below their own manager is no unit of the system")
    func userUnit() throws {
        var host = SocketMachine()
        host.tcp("00000000:1F90", inode: 9)
        host.process(
            42, exe: "/usr/bin/a", inodes: [9],
            cgroup: "0::/user.slice/user-1000.slice/user@1000.service/app.slice/x.service")
        #expect(try host.read(ServicesSource()).items.map(\.key) == ["exe:/usr/bin/a|tcp|0.0.0.0|8080"])
    }

    @Test(
        "program text on a command line is not taken for a name",
        arguments: [
            ["python3", "-c", "secret"], ["perl", "-e", "secret"], ["python3"], [], ["node", "--eval", "secret"],
            ["bash", "-"],
        ])
    func programText(arguments: [String]) throws {
        var host = SocketMachine()
        host.tcp("00000000:1F90", inode: 9)
        host.process(42, exe: "/usr/bin/python3", inodes: [9], arguments: arguments)
        let items = try host.read(ServicesSource()).items
        #expect(items.count == 1)
        #expect(items.first?.attributes["script"] == nil)
    }

    @Test("hostile names, links and arguments are cut or kept, never a trap")
    func hostile() throws {
        var host = SocketMachine()
        host.tcp("00000000:1F90", inode: 9)
        host.tcp("zz:1F90", inode: 10)
        host.tcp("0100007F0:1F90", inode: 11)
        host.tcp("0100007F:1F900", inode: 12)
        let long = "/" + Array(repeating: "x\u{1b}[31m|tcp", count: 300).joined(separator: "/")
        host.process(42, exe: long, inodes: [9, 10, 11, 12], arguments: [String(repeating: "y", count: 100_000)])
        host.machine.write("/proc/42/cgroup", [UInt8](repeating: 0x3a, count: 1 << 19))
        host.machine.write("/proc/42/status", [0xff, 0, 0x0a])
        host.machine.link("/proc/42/fd/99", to: "socket:[99999999999999999999999]")
        host.machine.link("/proc/42/fd/98", to: "socket:[")
        host.machine.directory("/proc/0")
        host.machine.directory("/proc/99999999999999999999")
        let items = try host.read(ServicesSource()).items
        #expect(items.count == 1)
        #expect(items.allSatisfy { $0.key.utf8.count <= Limits.valueBytes })
    }
}

@Suite("ConnectionsSource") struct ConnectionsSourceTests {
    @Test("a connection of a service carries the service's key, never our own port")
    func outgoing() throws {
        var host = SocketMachine()
        host.tcp("00000000:0050", inode: 1)
        host.tcp("0201000A:C001", "0901000A:1538", "01", inode: 2)
        host.tcp("0201000A:C002", "0901000A:1538", "01", inode: 3)
        host.process(42, exe: "/usr/bin/web", inodes: [1, 2, 3])
        let section = try host.read(ConnectionsSource())
        #expect(section.items.map(\.key) == ["exe:/usr/bin/web|tcp|0.0.0.0|80>tcp|10.0.1.9|5432"])
        #expect(section.items.first?.attributes["remote_port"] == 5432)
        #expect(section.items.first?.attributes["process"] == "web")
    }

    @Test("connections that came to our listeners are left out, also through a wildcard")
    func incoming() throws {
        var host = SocketMachine()
        host.tcp("00000000:0050", inode: 1)
        host.tcp("0100007F:1F90", inode: 2)
        host.tcp("0201000A:0050", "0901000A:C001", "01", inode: 3)
        host.tcp("0100007F:1F90", "0100007F:C002", "01", inode: 4)
        host.process(42, exe: "/usr/bin/web", inodes: [1, 2, 3, 4])
        #expect(try host.read(ConnectionsSource()).items.isEmpty)
    }

    @Test("a unit that does not listen is named by the unit, a stranger by a question mark")
    func others() throws {
        var host = SocketMachine()
        host.tcp("0201000A:C001", "0901000A:1538", "01", inode: 2)
        host.tcp("0201000A:C003", "0801000A:1538", "01", inode: 0)
        host.process(42, exe: "/usr/bin/a", inodes: [2], cgroup: "0::/system.slice/job.service")
        #expect(
            try host.read(ConnectionsSource()).items.map(\.key)
                == ["exe:?>tcp|10.0.1.8|5432", "unit:job.service>tcp|10.0.1.9|5432"])
    }
}
