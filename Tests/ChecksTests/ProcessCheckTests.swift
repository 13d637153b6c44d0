import Glibc
import LinuxSystem
import Model
import Outbound
import TOML
import Testing

@testable import Checks

@Suite("ProcessCheck")
struct ProcessCheckTests {
    private func run(_ settings: String, root: String = "/") async throws -> CheckResult {
        let text = "name = \"p\"\ntype = \"process\"\n" + settings
        let check = try CheckDefinition(settings: try TOMLDocument.parse(text, file: "agent.toml"))
        let context = CheckContext(timeout: .seconds(5), outbound: OutboundClient(), root: root)
        return await check.run(context, failuresInRow: 0).result
    }

    @Test("a process is found by path, link, name and argument, and missed when it has ended")
    func live() async throws {
        // An argument nobody else has.
        let seconds = "98765.\(getpid())"
        var pid = pid_t()
        let arguments: [UnsafeMutablePointer<CChar>?] = [strdup("/bin/sleep"), strdup(seconds), nil]
        defer { for argument in arguments { free(argument) } }
        try #require(posix_spawn(&pid, "/bin/sleep", nil, nil, arguments, nil) == 0)
        for executable in ["/bin/sleep", "sleep"] {
            let found = try await run("executable = \"\(executable)\"\nargument = \"\(seconds)\"")
            #expect(found.state == .ok)
            #expect(found.subject == .host)
            #expect(found.message == "process \(executable) with \"\(seconds)\": 1 runs")
        }
        let few = try await run("executable = \"sleep\"\nargument = \"\(seconds)\"\nminimum = 2")
        #expect(few.state == .critical)
        #expect(few.message.hasSuffix(": 1 runs, 2 expected"))
        kill(pid, SIGKILL)
        var status: Int32 = 0
        waitpid(pid, &status, 0)
        let gone = try await run("executable = \"/bin/sleep\"\nargument = \"\(seconds)\"")
        #expect(gone.state == .critical)
        #expect(gone.message == "process /bin/sleep with \"\(seconds)\": none runs")
        #expect(gone.failuresInRow == 1)
    }

    @Test(
        "wrong settings are refused with their place",
        arguments: [
            ("", "executable"), ("executable = \"\"", "agent.toml:3:"), ("executable = \"bin/x\"", "agent.toml:3:"),
            ("executable = \"/usr/bin/\"", "agent.toml:3:"), ("executable = \"x\"\nminimum = 0", "agent.toml:4:"),
            ("executable = \"x\"\nargv = \"y\"", "accepted:"), ("executable = 7", "agent.toml:3:"),
        ])
    func refused(settings: String, part: String) async {
        let error = await #expect(throws: TOMLError.self) { try await run(settings) }
        #expect(error?.description.contains(part) == true)
    }

    @Test("where the files of programs are hidden, name and first argument count; zombies and kernel threads do not")
    func recorded() async throws {
        let tree = ProcessTree()
        let numbers = " S 1 1 1 0 -1 0 0 0 0 0 5 5 0 0 20 0 1 0 100 1000 "
        tree.add(1, stat: "1 (init)" + numbers + "10", arguments: "/sbin/init\0")
        tree.add(7, stat: "7 (ngi) (nx)" + numbers + "10", arguments: "nginx: master\0-g\0daemon off;\0")
        tree.add(8, stat: "8 (a-name-of-fifte)" + numbers + "0", arguments: "\0x\0")
        tree.add(9, stat: "9 (nginx)" + numbers + "0", arguments: "")
        tree.add(10, stat: "10 (nginx" + numbers, arguments: "nginx\0")
        tree.add(11, stat: "\0\u{ff}", arguments: "nginx\0")
        tree.add(12, stat: "12 (x)" + numbers + "99999999999999999999999", arguments: "/usr/sbin/nginx\0")
        let count = { (settings: String) in
            try await run(settings, root: tree.path).message.split(separator: " ").dropLast().last.map(String.init)
        }
        #expect(try await count("executable = \"nginx\"") == "1")
        #expect(try await count("executable = \"/usr/sbin/nginx\"") == "1")
        #expect(try await count("executable = \"a-name-of-fifteen-or-more\"") == "1")
        #expect(try await count("executable = \"ngi) (nx\"\nargument = \"daemon\"") == "1")
        #expect(try await count("executable = \"init\"\nargument = \"x\"") == "none")
        withExtendedLifetime(tree) {}
    }

    @Test("a /proc that hides processes says nothing about them")
    func hidden() async throws {
        let tree = ProcessTree()
        tree.add(50, stat: "50 (x) S", arguments: "x\0")
        let found = try await run("executable = \"x\"", root: tree.path)
        #expect(found.state == .unknown)
        #expect(found.message.contains("hidepid"))
        let absent = try await run("executable = \"x\"", root: tree.path + "/proc")
        #expect(absent.state == .unknown)
    }
}

/// A made /proc, removed with the object.
private final class ProcessTree {
    let path = "/tmp/muster-process-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    private var pids: [Int] = []

    init() {
        mkdir(path, 0o700)
        mkdir(path + "/proc", 0o700)
    }

    deinit {
        for pid in pids {
            for name in ["stat", "cmdline"] { unlink("\(path)/proc/\(pid)/\(name)") }
            rmdir("\(path)/proc/\(pid)")
        }
        rmdir(path + "/proc")
        rmdir(path)
    }

    func add(_ pid: Int, stat: String, arguments: String) {
        pids.append(pid)
        mkdir("\(path)/proc/\(pid)", 0o700)
        for (name, content) in [("stat", stat), ("cmdline", arguments)] {
            let descriptor = open("\(path)/proc/\(pid)/\(name)", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { continue }
            let bytes = Array(content.utf8)
            _ = write(descriptor, bytes, bytes.count)
            close(descriptor)
        }
    }
}
