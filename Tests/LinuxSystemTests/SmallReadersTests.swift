import Glibc
import Model
import Testing

@testable import LinuxSystem

@Suite("Small readers") struct SmallReadersTests {
    @Test("os-release values lose their quotes and escapes")
    func osRelease() {
        let text = """
            # comment
            NAME="Debian GNU/Linux"
            ID=debian
            VERSION='12 (book"worm)'
            PRETTY_NAME="a \\"b\\" \\$c \\\\"
            BAD NAME=x
            =x
            EMPTY=
            ID=later
            """
        let release = OSRelease(ByteText(text.utf8))
        #expect(release.name == "Debian GNU/Linux")
        #expect(release.id == "later")
        #expect(release.fields["VERSION"] == "12 (book\"worm)")
        #expect(release.fields["PRETTY_NAME"] == "a \"b\" $c \\")
        #expect(release.fields["EMPTY"] == "")
        #expect(release.fields.count == 5)
        #expect(OSRelease(ByteText([0xff, 0x3d, 0x22])).fields.isEmpty)
        #expect(OSRelease(ByteText("A=\"x\\".utf8)).fields["A"] == "x\\")
    }

    @Test("os-release is found in either place")
    func osReleasePlaces() throws {
        #expect(try OSRelease.read(RecordedTree(["/usr/lib/os-release": "ID=a\n"]).root).id == "a")
        #expect(throws: SystemReadError.self) { try OSRelease.read(RecordedTree().root) }
    }

    @Test("user names come from the password file, the first entry counts")
    func users() {
        let text =
            "root:x:0:0::/:/bin/sh\ntoor:x:0:0::/:/bin/sh\nbad\na:x:99999999999:0::/:\n::1:::::\nb:x:7:1::/home:\n"
        let users = UserNames(RecordedTree(["/etc/passwd": text]).root)
        #expect(users[0] == "root")
        #expect(users[7] == "b")
        #expect(users[1] == "1")
        #expect(UserNames(RecordedTree().root)[0] == "0")
    }

    @Test("memory values are bytes, odd lines are left out")
    func memory() {
        let text = "MemTotal:  16 kB\nHugePages_Total: 3\nbad\nMemFree: x kB\nBig: 18446744073709551615 kB\n: 5 kB\n"
        let memory = MemoryInfo(ByteText(text.utf8))
        #expect(memory["MemTotal"] == 16_384)
        #expect(memory["HugePages_Total"] == 3)
        #expect(memory["MemFree"] == nil)
        #expect(memory["Big"] == nil)
    }

    @Test("processor times need the sum's line")
    func cpuTimes() throws {
        let times = try #require(CPUTimes(line: ByteText("cpu  1 2 3 4 5 6 7 8 9 10".utf8)))
        #expect(times.user == 1)
        #expect(times.ioWait == 5)
        #expect(times.interrupt == 13)
        #expect(times.steal == 8)
        for text in ["cpu0 1 2 3 4", "cpu 1 2 3", "", "intr 1 2 3 4 5"] {
            #expect(CPUTimes(line: ByteText(text.utf8)) == nil)
        }
    }

    @Test("interface counters are read with and without a space behind the colon")
    func counters() throws {
        let numbers = "1 2 3 4 0 0 0 0 5 6 7 8 0 0 0 0"
        for text in ["eth0:\(numbers)", "  eth0: \(numbers)"] {
            let counters = try #require(NetworkCounters(line: ByteText(text.utf8)))
            #expect(counters.name == "eth0")
            #expect(counters.received == .init(bytes: 1, packets: 2, errors: 3, drops: 4))
            #expect(counters.sent == .init(bytes: 5, packets: 6, errors: 7, drops: 8))
        }
        #expect(NetworkCounters(line: ByteText("eth0:1:\(numbers)".utf8))?.name == "eth0:1")
        for text in ["", "eth0: 1 2 3", "Inter-|   Receive", "eth0: x \(numbers)"] {
            #expect(NetworkCounters(line: ByteText(text.utf8)) == nil)
        }
    }

    @Test("this machine has the loopback address")
    func addresses() {
        #expect(InterfaceAddress.all(SystemRoot()).contains { $0.text == "127.0.0.1/8" && $0.interface == "lo" })
    }

    @Test("a file's mode says whether others can change it")
    func modes() throws {
        let tree = RecordedTree(["/a": "x"])
        for (mode, isSafe) in [(mode_t(0o600), true), (0o644, true), (0o620, false), (0o602, false)] {
            try #require(chmod(tree.path + "/a", mode) == 0)
            let read = try FileMode.read(tree.path + "/a")
            #expect(read.isWritableByOwnerOnly == isSafe)
            #expect(read.isRegularFile)
            #expect(read.owner == geteuid())
        }
        tree.link("/l", to: "a")
        #expect(try !FileMode.read(tree.path + "/l").isRegularFile)
        #expect(throws: SystemReadError.absent(path: tree.path + "/b")) { try FileMode.read(tree.path + "/b") }
    }

    @Test("the kernel has a release and an architecture")
    func kernel() {
        let kernel = KernelName(SystemRoot())
        #expect(kernel.release?.isEmpty == false)
        #expect(kernel.machine?.isEmpty == false)
        #expect(KernelName(RecordedTree(["/proc/sys/kernel/hostname": "h\n"]).root).hostname == "h")
    }

    @Test("a recorded machine of many parts is read without a complaint", .enabled(if: Corpus.isPresent, Corpus.notice))
    func recordedMachine() throws {
        let tree = RecordedTree()
        let archive = "\(Corpus.path)/hosts/procsys/node_exporter-fixture.tar.gz"
        try #require(system("tar -xzf '\(archive)' -C '\(tree.path)'") == 0)
        let top = try #require(try tree.root.names("/").first)
        let below = tree.root.exists("/proc") ? tree.root : SystemRoot(path: tree.path + "/" + top)
        let root = below.exists("/proc") ? below : SystemRoot(path: below.prefix + "/fixtures")
        try #require(root.exists("/proc/stat"))
        #expect(try CPUTimes.read(root)?.user == 301_854)
        #expect(try MemoryInfo.read(root)["MemTotal"] == 3_831_959_552)
        #expect(root.number("/sys/class/net/bond0/addr_len") == 6)
        #expect(throws: Never.self) { try Mount.all(root) }
        #expect(try ProcessInfo.pids(root).count > 0)
        #expect(root.line("/sys/class/dmi/id/bios_vendor") == "Dell Inc.")
    }
}
