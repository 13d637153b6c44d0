import Glibc
import LinuxSystem
import Testing

@Suite("ProcessInfo") struct ProcessInfoTests {
    private func stat(_ name: String, _ rest: String) -> String { "7 (\(name)) \(rest)\n" }
    private let rest = "S 1 7 7 0 -1 4194560 100 0 0 0 11 22 0 0 20 0 1 0 333 4096000 555 18446744073709551615 1 1 0"

    @Test(
        "names with spaces and parentheses do not shift the fields", arguments: ["bash", "a b", "a) S 9 (b", "", "()"])
    func names(name: String) throws {
        let tree = RecordedTree(["/proc/7/stat": stat(name, rest)])
        let process = try #require(ProcessInfo.read(7, tree.root))
        #expect(process.name == name)
        #expect(process.parent == 1)
        #expect(process.ticks == 33)
        #expect(process.startTicks == 333)
        #expect(process.residentPages == 555)
    }

    @Test("torn lines are no processes", arguments: ["", "7", "7 (a", "7 a) S", "7 (a) S 1 2 3", ")("])
    func torn(text: String) {
        #expect(ProcessInfo.read(7, RecordedTree(["/proc/7/stat": text]).root) == nil)
    }

    @Test(
        "the unit comes from the system's slice only",
        arguments: [
            ("0::/system.slice/ssh.service\n", "ssh.service"),
            ("12:cpu:/x\n1:name=systemd:/system.slice/a\\x2db.service\n", "a\\x2db.service"),
            ("0::/system.slice/system-getty.slice/getty@tty1.service\n", "getty@tty1.service"),
            ("0::/system.slice/docker-0123.scope\n", nil), ("0::/user.slice/x.service\n", nil), ("0::/\n", nil),
            ("", nil),
            ("4:memory:/system.slice/wrong.service\n", nil), ("::::\n", nil),
        ] as [(String, String?)])
    func units(cgroup: String, unit: String?) {
        #expect(ProcessInfo.unit(7, RecordedTree(["/proc/7/cgroup": cgroup]).root) == unit)
    }

    @Test("this very process is found with its program, arguments and sockets")
    func live() throws {
        let pid = Int(getpid())
        let root = SystemRoot()
        #expect(try ProcessInfo.pids(root).contains(pid))
        #expect(ProcessInfo.read(pid, root)?.parent == Int(getppid()))
        #expect(ProcessInfo.executable(pid, root)?.hasPrefix("/") == true)
        #expect(!ProcessInfo.arguments(pid, root).isEmpty)
        #expect(ProcessInfo.user(pid, root) == geteuid())
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(descriptor) }
        let link = try #require(root.link("/proc/self/fd/\(descriptor)"))
        let inodes = try #require(ProcessInfo.socketInodes(pid, root))
        #expect(inodes.contains { link == "socket:[\($0)]" })
    }

    @Test("a process that is gone has nothing")
    func gone() {
        let root = RecordedTree().root
        #expect(ProcessInfo.read(7, root) == nil)
        #expect(ProcessInfo.socketInodes(7, root) == [])
        #expect(ProcessInfo.user(7, root) == nil)
        #expect(ProcessInfo.arguments(7, root).isEmpty)
    }
}
