import Glibc
import LinuxSystem
import Model
import Outbound
import Synchronization
import TOML
import Testing

@testable import Checks

@Suite("LogCheck") struct LogCheckTests {
    /// A directory with logs, gone after the test, and a memory that outlives each follower.
    private final class Place: Sendable {
        let directory = "/tmp/muster-log-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        let kept = Mutex<[UInt8]?>(nil)
        var log: String { directory + "/shop.log" }

        init() { mkdir(directory, 0o700) }

        deinit {
            for name in (try? SystemRoot().names(directory)) ?? [] { unlink(directory + "/" + name) }
            rmdir(directory)
        }

        var memory: CheckMemory {
            CheckMemory(
                load: { self.kept.withLock { $0 } },
                save: { bytes in
                    self.kept.withLock { $0 = bytes }
                    return nil
                })
        }

        func append(_ text: String) {
            let descriptor = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
            let bytes = Array(text.utf8)
            _ = write(descriptor, bytes, bytes.count)
            close(descriptor)
        }
    }

    private func news(
        _ follower: LogFollower, _ place: Place, at second: Int64, boot: String = "b", hasMemory: Bool = true
    ) -> LogFollower.News {
        follower.news(
            place.log, memory: hasMemory ? place.memory : nil, at: LogFollower.Moment(boot: boot, second: second),
            within: .seconds(100)
        ) { holds(Array($0), Array("ERROR".utf8)) }
    }

    @Test("what was there before does not count; what is added does, for its time")
    func time() {
        let (place, follower) = (Place(), LogFollower())
        place.append("ERROR old\n")
        #expect(news(follower, place, at: 0).matches == 0)
        place.append("fine\nERROR one\nERROR two\n")
        let found = news(follower, place, at: 10)
        #expect(found.matches == 2 && found.lastLine == "ERROR two" && found.missed == 0)
        place.append("ERROR three\n")
        #expect(news(follower, place, at: 60).matches == 3)
        #expect(news(follower, place, at: 109).matches == 3)
        #expect(news(follower, place, at: 110).matches == 1)
        let past = news(follower, place, at: 160)
        #expect(past.matches == 0 && past.lastLine == nil)
    }

    @Test("a line that is not ended yet waits for its end")
    func unended() {
        let (place, follower) = (Place(), LogFollower())
        place.append("x\n")
        _ = news(follower, place, at: 0)
        place.append("ERR")
        #expect(news(follower, place, at: 1).matches == 0)
        place.append("OR\n")
        #expect(news(follower, place, at: 2).matches == 1)
    }

    @Test("rotation by renaming: the rest of the old file is read, then the new one from its beginning")
    func renamed() {
        let (place, follower) = (Place(), LogFollower())
        place.append("x\n")
        _ = news(follower, place, at: 0)
        place.append("ERROR in the old one\nERROR at its end")
        rename(place.log, place.log + ".1")
        // Nobody has made the new one yet.
        #expect(news(follower, place, at: 1).problem == "does not exist")
        place.append("ERROR in the new one\n")
        let found = news(follower, place, at: 2)
        #expect(found.matches == 3 && found.note == nil && found.lastLine == "ERROR in the new one")
        #expect(news(follower, place, at: 3).matches == 3)
        rename(place.log, place.directory + "/elsewhere")
        place.append("ERROR after a loss\n")
        let lost = news(follower, place, at: 4)
        #expect(lost.matches == 4 && lost.note == "the rest of the rotated file was not found")
    }

    @Test("rotation by copying and emptying: a shorter file and one that was filled again are read anew")
    func emptied() {
        let (place, follower) = (Place(), LogFollower())
        place.append("first line of the old content\n")
        _ = news(follower, place, at: 0)
        truncate(place.log, 0)
        place.append("ERROR\n")
        #expect(news(follower, place, at: 1).matches == 1)
        truncate(place.log, 0)
        #expect(news(follower, place, at: 2).matches == 1)
        place.append("ERROR a\n")
        #expect(news(follower, place, at: 3).matches == 2)
        truncate(place.log, 0)
        // Longer than before, with another beginning.
        place.append("other first line, and much longer than before\nERROR b\n")
        #expect(news(follower, place, at: 4).matches == 3)
    }

    @Test("A1: the place and what counts outlive a restart; after a boot lines count from its start")
    func restart() {
        let place = Place()
        place.append("x\n")
        _ = news(LogFollower(), place, at: 0)
        place.append("ERROR while the agent was away\n")
        #expect(news(LogFollower(), place, at: 50).matches == 1)
        #expect(news(LogFollower(), place, at: 60).matches == 1)
        #expect(news(LogFollower(), place, at: 20, boot: "c").matches == 1)
        #expect(news(LogFollower(), place, at: 101, boot: "c").matches == 0)
        place.append("ERROR again\n")
        // Without a memory a restart begins at the end.
        #expect(news(LogFollower(), place, at: 110, boot: "c", hasMemory: false).matches == 0)
        #expect(news(LogFollower(), place, at: 110, boot: "c").matches == 1)
    }

    @Test("a kept place that is damaged is said, and never followed")
    func damaged() throws {
        let place = Place()
        place.append("ERROR\n")
        _ = news(LogFollower(), place, at: 0)
        let good = try #require(place.kept.withLock { $0 })
        #expect(LogPosition(good)?.bytes == good)
        for length in 0..<good.count { #expect(LogPosition(Array(good.prefix(length))) == nil) }
        var random = Generator(state: 11)
        for _ in 0..<3000 {
            var bytes = good
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0 ... .max, using: &random)
            place.kept.withLock { $0 = bytes }
            #expect(news(LogFollower(), place, at: 1).matches <= 1)
        }
        place.kept.withLock { $0 = [1, 2, 3] }
        #expect(news(LogFollower(), place, at: 1).note == "the place was lost, read from the end")
    }

    @Test("of a log that grows too fast the oldest lines are passed over and counted", .timeLimit(.minutes(1)))
    func bounded() {
        let (place, follower) = (Place(), LogFollower())
        place.append("x\n")
        _ = news(follower, place, at: 0)
        let line = String(repeating: "a", count: 1023) + "\n"
        place.append("ERROR passed over\n" + String(repeating: line, count: 6000) + "ERROR newest\n")
        let found = news(follower, place, at: 1)
        #expect(found.matches == 1 && found.lastLine == "ERROR newest")
        // 6,001 lines came before the newest; what one run looks at holds 4,096 of their length.
        #expect((1904...1906).contains(found.missed))
        #expect(news(follower, place, at: 2).missed == 0)
    }

    @Test("lines without end, NULs, escapes and broken UTF-8 are cut and shown escaped", .timeLimit(.minutes(1)))
    func hostile() throws {
        let (place, follower) = (Place(), LogFollower())
        place.append("x\n")
        _ = news(follower, place, at: 0)
        // Three times what is looked at of a line: its beginning counts, once.
        place.append("ERROR \u{1b}[2J\u{202e}\0" + String(repeating: "ERROR ", count: 33_000) + "\nERROR next\n")
        let found = news(follower, place, at: 1)
        #expect(found.matches == 2 && found.lastLine == "ERROR next")
        place.append("ERROR \u{1b}[2J\u{202e}\0" + String(repeating: "z", count: 1000) + "\n")
        let shown = try #require(news(follower, place, at: 2).lastLine)
        #expect(shown.hasPrefix("ERROR \\u{1b}[2J\\u{202e}\\u{0}zz") && shown.unicodeScalars.count < 250)
        unlink(place.log)
        mkfifo(place.log, 0o600)
        #expect(news(follower, place, at: 3).problem == "it is no regular file")
        unlink(place.log)
        symlink(place.log, place.log)
        #expect(news(follower, place, at: 4).problem?.hasPrefix("it cannot be read") == true)
    }

    @Test("a pattern's parts stand in their order, and no line costs more than its length", .timeLimit(.minutes(1)))
    func patterns() throws {
        func fits(_ pattern: String, _ line: String, ignoresCase: Bool = false) throws -> Bool {
            try #require(LinePattern(pattern, ignoresCase: ignoresCase)).fits(Array(line.utf8)[...])
        }
        #expect(try fits("disk * failed", "the disk sda failed"))
        #expect(try !fits("disk * failed", "failed disk sda"))
        #expect(try fits("*a*a*", "aa"))
        #expect(try !fits("*a*a*", "a"))
        #expect(try !fits("error", "ERROR"))
        #expect(try fits("eRRor", "an ErroR", ignoresCase: true))
        #expect(LinePattern("", ignoresCase: false) == nil && LinePattern("**", ignoresCase: false) == nil)
        let line = String(repeating: "a", count: 65_536)
        let started = ContinuousClock.now
        #expect(try !fits(String(repeating: "a*", count: 200) + "b", line))
        #expect(try !fits(String(repeating: "a", count: 400) + "b", line))
        #expect(ContinuousClock.now - started < .seconds(5))
    }

    @Test("the whole check: as many lines as it says, of the level it says; exceptions do not count")
    func whole() async throws {
        let place = Place()
        place.append("x\n")
        let text = """
            name = "l"
            type = "log"
            path = "\(place.log)"
            lines = ["error"]
            except = ["error 404"]
            ignore_case = true
            matches = 2
            within = "1h"
            level = "warning"
            """
        let check = try CheckDefinition(settings: TOMLDocument.parse(text, file: "agent.toml"))
        let context = CheckContext(timeout: .seconds(10), outbound: OutboundClient(), memory: place.memory)
        let first = await check.run(context, failuresInRow: 0)
        #expect(first.result.state == .ok && first.result.message == "log \(place.log): no matching line in 1 h")
        place.append("Error 1\nERROR 404\n")
        #expect(await check.run(context, failuresInRow: 0).result.state == .ok)
        place.append("ERROR 2\n")
        let found = await check.run(context, failuresInRow: 0)
        #expect(found.result.state == .warning)
        #expect(found.result.message == "log \(place.log): 2 matching lines in 1 h: ERROR 2")
        #expect(
            found.samples == [
                Sample(SeriesName("muster.log.matches", ["muster.check": "l"]), 2),
                Sample(SeriesName("muster.log.missed", ["muster.check": "l"]), 0),
            ])
    }

    @Test("wrong settings are refused")
    func refused() {
        let base = "name = \"l\"\ntype = \"log\"\n"
        let good = "path = \"/a\"\nlines = [\"a\"]\n"
        for text in [
            "lines = [\"a\"]", "path = \"a\"\nlines = [\"a\"]", "path = \"/a/\"\nlines = [\"a\"]",
            "path = \"/*.log\"\nlines = [\"a\"]", "path = \"/a\"", "path = \"/a\"\nlines = []",
            "path = \"/a\"\nlines = [\"*\"]", good + "except = [\"\"]", good + "matches = 0", good + "within = \"0s\"",
            good + "level = \"loud\"", good + "regex = \"a\"",
        ] {
            #expect(throws: TOMLError.self, "\(text)") {
                try CheckDefinition(settings: TOMLDocument.parse(base + text, file: "agent.toml"))
            }
        }
    }
}
