import Glibc
import LinuxSystem
import Model
import Outbound
import TOML
import Testing

@testable import Checks

@Suite("PluginCheck") struct PluginCheckTests {
    private func check(_ settings: String) throws -> CheckDefinition {
        let text = "name = \"p\"\ntype = \"plugin\"\n" + settings
        return try CheckDefinition(settings: TOMLDocument.parse(text, file: "agent.toml"))
    }

    /// Runs a line of shell as the plug-in.
    private func run(
        _ script: String, timeout: Duration = .seconds(10), more: String = ""
    ) async throws -> CheckFinding {
        let settings = "program = \"/bin/sh\"\narguments = [\"-c\", '''\(script)''']\n" + more
        return await (try check(settings)).check.run(CheckContext(timeout: timeout, outbound: OutboundClient()))
    }

    private func values(_ text: String) -> [String: Double] {
        let samples = PluginOutput(Array(text.utf8)).samples
        let names = samples.map { sample in
            let attributes = sample.series.attributes.sorted { $0.key < $1.key }.map(\.value)
            return ([sample.series.metric] + attributes).joined(separator: "|")
        }
        return Dictionary(zip(names, samples.map { ($0.value * 1e6).rounded() / 1e6 })) { first, _ in first }
    }

    @Test("the exit status is the state, the first line the text")
    func states() async throws {
        for (status, state) in [(0, CheckState.ok), (1, .warning), (2, .critical), (3, .unknown)] {
            let found = try await run("echo 'DISK FINE - free | /=2643MB;5948;5958;0;5968'; echo more; exit \(status)")
            #expect(found.state == state)
            #expect(found.message == "DISK FINE - free")
            #expect(found.samples.map(\.value) == [2.643e9])
        }
        #expect(try await run("exit 2") == CheckFinding(.critical, "plug-in sh: says nothing (status 2)"))
        #expect(try await run("echo lost; exit 9") == CheckFinding(.unknown, "plug-in sh: ended with status 9, lost"))
        #expect(try await run("kill -TERM $$") == CheckFinding(.unknown, "plug-in sh: ended by signal 15"))
    }

    @Test("the environment is what is configured alone, and there is no input")
    func environment() async throws {
        // A shell adds these three by itself.
        let bare = try await run("/usr/bin/env | /bin/grep -cv '^PWD=\\|^_=\\|^SHLVL='; read line && echo input")
        #expect(bare.message == "0")
        let given = try await run("echo \"$A_1 $B\"", more: "environment = { A_1 = \"x y\", B = \"\" }")
        #expect(given.message == "x y")
    }

    @Test("A9: one that hangs, floods or leaves children is ended with all of them", .timeLimit(.minutes(1)))
    func limits() async throws {
        let started = ContinuousClock.now
        let hung = try await run("/bin/sleep 600 & /bin/sleep 600", timeout: .milliseconds(300))
        #expect(hung == CheckFinding(.critical, "plug-in sh: no answer in 300 ms"))
        let flood = try await run("while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; done")
        #expect(flood == CheckFinding(.unknown, "plug-in sh: printed more than 65.5 kB"))
        #expect(ContinuousClock.now - started < .seconds(20))
    }

    @Test("performance data is read as the guidelines have it, in base units")
    func performanceData() {
        let text = "x | time=0.002s;;;0 size=12KB;;;; 'a b'=93%;90;95 'it''s'=5c up=1.5MiB load1=-0.5;1;2;0;"
        #expect(
            values(text) == [
                "muster.plugin.time|time": 0.002, "muster.plugin.size|size": 12_000, "muster.plugin.ratio|a b": 0.93,
                "muster.plugin.counter|it's": 5, "muster.plugin.size|up": 1_572_864, "muster.plugin.value|load1": -0.5,
            ])
        #expect(
            values("x|a=1\nlong text\nmore | b=2\nc=3ms") == [
                "muster.plugin.value|a": 1, "muster.plugin.value|b": 2, "muster.plugin.time|c": 0.003,
            ])
        #expect(values("x|temp=21.5C") == ["muster.plugin.value|temp|C": 21.5])
        #expect(values("no data at all").isEmpty)
    }

    @Test("hostile output is escaped, cut and counted, and never read twice", .timeLimit(.minutes(1)))
    func hostile() async throws {
        let found = try await run("printf 'a\\033[2J\\r\\000b\\377 | x=nan y=1e999 =5 z w= q=U \\n'; exit 1")
        #expect(found.state == .warning)
        #expect(found.message.hasPrefix("a\\u{1b}[2J\\u{d}\\u{0}b\u{fffd}"))
        #expect(found.message.hasSuffix("(5 values left out)"))
        // "1e999" is the number 1 in a unit that nobody knows.
        #expect(found.samples.map(\.value) == [1])
        let many = "x |" + (0..<5000).map { " a\($0)=\($0)" }.joined()
        let read = PluginOutput(Array(many.utf8))
        #expect(read.samples.count == PluginOutput.limit && read.leftOut == 5000 - PluginOutput.limit)
        for text in ["|", "'", "x|'", "x|''''=", "x|'a", "x|a='b'=", "|=|=|=", "x|=", "x| = = "] {
            #expect(PluginOutput(Array(text.utf8)).samples.isEmpty)
        }
        let label = "x|'" + String(repeating: "e\u{301}\u{202e}", count: 200) + "'=1"
        let labels = PluginOutput(Array(label.utf8)).samples.flatMap { $0.series.attributes.values }
        #expect(labels.count == 1 && labels.allSatisfy { $0.utf8.count <= Limits.nameBytes })
        var random = Generator(state: 7)
        for _ in 0..<3000 {
            let bytes = (0..<60).map { _ in Array("x|'=;% \n1.cs\u{ff}".utf8).randomElement(using: &random) ?? 0 }
            #expect(PluginOutput(bytes).samples.allSatisfy { $0.value.isFinite })
        }
    }

    @Test("a program that others than root can change is refused at start, with its line")
    func ownership() throws {
        let path = "/tmp/muster-plugin-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o755)
        close(descriptor)
        defer { unlink(path) }
        // Its directory is everybody's, so that anybody may put another file in its place once it is gone.
        let error = #expect(throws: TOMLError.self) { try check("program = \"\(path)\"") }
        #expect(error?.description.hasPrefix("agent.toml:3:") == true)
        #expect(error?.description.contains("/tmp can be written by others than root") == true)
        #expect(error?.description.contains("\n") == false)
        #expect(TrustedProgram.problem("/bin/sh") == nil)
        #expect(TrustedProgram.problem("/usr/../bin/sh") == nil)
        #expect(TrustedProgram.problem("bin/sh") != nil)
        #expect(TrustedProgram.problem("/etc")?.hasSuffix("is no regular file") == true)
    }

    @Test("one that is not installed is said with each run; wrong settings are refused")
    func settings() async throws {
        let missing = try check("program = \"/usr/lib/nagios/plugins/check_nothing\"").check
        let found = await missing.run(CheckContext(timeout: .seconds(1), outbound: OutboundClient()))
        #expect(found == CheckFinding(.unknown, "plug-in check_nothing: the program does not exist"))
        for text in [
            "", "program = \"sh\"", "program = \"/bin/sh\"\narguments = \"-c\"",
            "program = \"/bin/sh\"\nenvironment = { \"a b\" = \"1\" }",
            "program = \"/bin/sh\"\nenvironment = { A = 1 }", "program = \"/bin/sh\"\ncommand = \"x\"",
            "program = \"/etc\"",
        ] {
            #expect(throws: TOMLError.self, "\(text)") { try check(text) }
        }
    }
}
