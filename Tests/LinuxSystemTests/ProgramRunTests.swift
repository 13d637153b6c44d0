import Glibc
import LinuxSystem
import Testing

@Suite("ProgramRun") struct ProgramRunTests {
    @Test("output and status come back")
    func output() {
        let result = ProgramRun(program: "/bin/echo", arguments: ["a b", "$HOME", "*"]).run()
        #expect(result.ending == .exited(0))
        #expect(String(decoding: result.output, as: UTF8.self) == "a b $HOME *\n")
        #expect(ProgramRun(program: "/bin/false").run().ending == .exited(1))
    }

    @Test("the environment is empty, input and error output lead nowhere")
    func environment() {
        #expect(ProgramRun(program: "/usr/bin/env").run().output.isEmpty)
        #expect(ProgramRun(program: "/bin/cat").run().output.isEmpty)
        let errors = ProgramRun(program: "/bin/cat", arguments: ["/no/such/file"]).run()
        #expect(errors.output.isEmpty)
        #expect(errors.ending == .exited(1))
        let kept = ProgramRun(program: "/bin/cat", arguments: ["/no/such/file"], keepsErrors: true).run()
        #expect(String(decoding: kept.output, as: UTF8.self).contains("/no/such/file"))
    }

    @Test("a program reads what it is given, all of it, and no more", arguments: [0, 1, 70_000, 3_000_000])
    func input(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let result = ProgramRun(program: "/bin/cat", input: bytes).run()
        #expect(result.ending == .exited(0))
        #expect(result.output == bytes)
    }

    @Test("a program that does not read its input is no trouble, and too much input is refused")
    func unreadInput() {
        #expect(
            ProgramRun(program: "/bin/true", input: Array(repeating: 65, count: 200_000)).run().ending == .exited(0))
        let large = ProgramRun(program: "/bin/cat", input: Array(repeating: 65, count: ProgramRun.inputLimit + 1)).run()
        guard case .notStarted(let reason) = large.ending else {
            Issue.record("started")
            return
        }
        #expect(reason.contains("input"))
    }

    @Test("a program over its time is ended with its children")
    func timeout() throws {
        let clock = ContinuousClock()
        let start = clock.now
        let script = "/bin/sleep 600 & echo $!; wait"
        let result = ProgramRun(program: "/bin/sh", arguments: ["-c", script], timeout: .milliseconds(300)).run()
        #expect(result.ending == .timedOut)
        #expect(clock.now - start < .seconds(10))
        let child = try #require(pid_t(String(decoding: result.output, as: UTF8.self).filter(\.isNumber)))
        // The killed child is gone or waits to be reaped by its new parent.
        while kill(child, 0) == 0 {
            if ProcessInfo.read(Int(child), SystemRoot()).map({ _ in isZombie(child) }) ?? true { break }
            usleep(1000)
        }
        #expect(kill(child, 0) != 0 || isZombie(child))
    }

    @Test("a program that floods is ended at its limit")
    func flood() {
        let result = ProgramRun(program: "/bin/cat", arguments: ["/dev/zero"], outputBytes: 100_000).run()
        #expect(result.ending == .tooMuchOutput)
        #expect(result.output.count == 100_000)
    }

    @Test("a program that closes its output and stays is ended all the same")
    func silent() {
        let run = ProgramRun(
            program: "/bin/sh", arguments: ["-c", "exec >/dev/null; exec /bin/sleep 600"], timeout: .milliseconds(200))
        #expect(run.run().ending == .timedOut)
    }

    @Test("a signal of its own is told from ours")
    func signal() {
        #expect(ProgramRun(program: "/bin/sh", arguments: ["-c", "kill -TERM $$"]).run().ending == .signalled(SIGTERM))
    }

    @Test("what must not be run is not", arguments: ["echo", "./echo", "/no/such/program", "/etc/passwd", "/tmp"])
    func refused(program: String) {
        guard case .notStarted = ProgramRun(program: program).run().ending else {
            Issue.record("\(program) was started")
            return
        }
    }

    @Test("a program that others can write is not run")
    func writable() throws {
        let tree = RecordedTree(["/tool": "#!/bin/sh\necho x\n"])
        try #require(chmod(tree.path + "/tool", 0o777) == 0)
        guard case .notStarted(let reason) = ProgramRun(program: tree.path + "/tool").run().ending else {
            Issue.record("started")
            return
        }
        #expect(reason.contains("written by others"))
        try #require(chmod(tree.path + "/tool", 0o755) == 0)
        #expect(ProgramRun(program: tree.path + "/tool").run().ending == .exited(0))
    }

    @Test("root runs another account's program as that account", .enabled(if: geteuid() == 0, "needs root"))
    func otherAccount() throws {
        let tree = RecordedTree(["/tool": "#!/bin/sh\n/usr/bin/id -u\n/usr/bin/id -G\n"])
        let tool = tree.path + "/tool"
        for directory in [tree.path, tree.path + "/.."] { try #require(chmod(directory, 0o755) == 0) }
        try #require(chown(tool, 33, 34) == 0 && chmod(tool, 0o755) == 0)
        let result = ProgramRun(program: tool).run()
        #expect(String(decoding: result.output, as: UTF8.self) == "33\n34\n")
        try #require(chown(tool, 1000, 1000) == 0)
        guard case .notStarted(let reason) = ProgramRun(program: tool).run().ending else {
            Issue.record("an ordinary user's program was started")
            return
        }
        #expect(reason.contains("ordinary user"))
    }

    @Test("a NUL in an argument does not cut it")
    func nul() {
        guard case .notStarted = ProgramRun(program: "/bin/echo", arguments: ["a\u{0}b"]).run().ending else {
            Issue.record("started")
            return
        }
    }
}

private func isZombie(_ pid: pid_t) -> Bool {
    guard let text = try? SystemRoot().text("/proc/\(pid)/stat") else { return true }
    return text.split(separator: ")").last?.hasPrefix(" Z") == true
}
