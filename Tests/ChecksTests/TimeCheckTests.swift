import Glibc
import LinuxSystem
import Model
import Outbound
import TOML
import Testing

@testable import Checks

@Suite("TimeCheck") struct TimeCheckTests {
    private func run(
        _ settings: String = "", port: Int, timeout: Duration = .seconds(5)
    ) async throws -> CheckFinding {
        let text = "name = \"t\"\ntype = \"time\"\nserver = \"127.0.0.1:\(port)\"\n" + settings
        let check = try CheckDefinition(settings: TOMLDocument.parse(text, file: "agent.toml")).check
        return await check.run(CheckContext(timeout: timeout, outbound: OutboundClient()))
    }

    private static func now(plus seconds: Int64) -> UInt64 {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return TimePacket.stamp(seconds: Int64(now.tv_sec) + seconds, nanoseconds: Int64(now.tv_nsec))
    }

    /// The answer of a server whose clock is so many seconds ahead of ours.
    private static func answer(_ question: [UInt8], ahead: Int64 = 0) -> [UInt8] {
        let time = now(plus: ahead)
        let stamp = (0..<8).reversed().map { UInt8(truncatingIfNeeded: time >> (8 * UInt64($0))) }
        let head: [UInt8] = [0x24, 2, 6, 0xe9] + [0, 0, 0, 10, 0, 0, 0, 10] + Array("RATE".utf8)
        return head + stamp + question[40..<48] + stamp + stamp
    }

    @Test("the distance of the clock is the finding; offset, way and stratum are samples")
    func offset() async throws {
        for (ahead, state, word) in [
            (0, CheckState.ok, ""), (10, .critical, "behind, more than 1 s"), (-10, .critical, "ahead, more than 1 s"),
        ] as [(Int64, CheckState, String)] {
            let server = try #require(FakeServer { question, _ in [TimeCheckTests.answer(question, ahead: ahead)] })
            let found = try await run(port: server.port)
            #expect(found.state == state)
            let start = "time 127.0.0.1:\(server.port): clock is "
            #expect(found.message.hasPrefix(start) && (word.isEmpty || found.message.hasSuffix(word)))
            #expect(found.samples.map(\.series.metric) == ["ntp.time.offset", "ntp.time.delay", "ntp.stratum"])
            let offset = try #require(found.samples.first?.value)
            #expect(abs(offset - Double(ahead)) < 0.1)
            #expect(found.samples.last?.value == 2)
        }
        let server = try #require(FakeServer { question, _ in [TimeCheckTests.answer(question, ahead: 5)] })
        let found = try await run("warning_offset = \"2s\"\nmax_offset = \"1m\"", port: server.port)
        #expect(found.state == .warning && found.message.hasSuffix("behind, more than 2 s"))
    }

    @Test("a server that does not know the time or will not tell it is not believed")
    func useless() async throws {
        let unset = "the server's own clock is not set"
        let nonsense = "the server's answer makes no sense"
        let cases: [(change: @Sendable (inout [UInt8]) -> Void, text: String)] = [
            ({ $0[0] |= 0xc0 }, unset), ({ $0[1] = 16 }, unset), ({ $0[1] = 0 }, "asked too often for the server"),
            (
                {
                    $0[1] = 0
                    $0.replaceSubrange(12..<16, with: Array("D\u{1b}NY".utf8))
                }, "the server refuses to tell the time (D)"
            ), ({ $0[5] = 40 }, nonsense), ({ $0[9] = 40 }, nonsense),
            ({ $0.replaceSubrange(32..<40, with: [UInt8](repeating: 0, count: 8)) }, nonsense),
            // It left before it came.
            ({ $0[43] &-= 9 }, nonsense),
        ]
        for (change, text) in cases {
            let server = try #require(
                FakeServer { question, _ in
                    var answer = TimeCheckTests.answer(question)
                    // What is taken from the last byte of the seconds must not go below zero.
                    answer[35] |= 0x80
                    answer[43] |= 0x80
                    change(&answer)
                    return [answer]
                })
            let found = try await run(port: server.port)
            #expect(found == CheckFinding(.critical, "time 127.0.0.1:\(server.port): \(text)"))
        }
    }

    @Test("packets that do not bring back our token, or are none, are not the answer", .timeLimit(.minutes(1)))
    func strangers() async throws {
        let server = try #require(
            FakeServer { question, _ in
                let good = TimeCheckTests.answer(question)
                var others: [[UInt8]] = [[], question, Array(good.prefix(47))]
                for (index, bits) in [(0, UInt8(1)), (0, 0x18), (24, 1), (31, 0x80)] {
                    var other = TimeCheckTests.answer(question, ahead: 1000)
                    other[index] ^= bits
                    others.append(other)
                }
                return others + [good + [1, 2, 3]]
            })
        #expect(try await run(port: server.port).state == .ok)
        let silent = try #require(FakeServer { _, _ in [] })
        let found = try await run(port: silent.port, timeout: .milliseconds(300))
        #expect(found == CheckFinding(.critical, "time 127.0.0.1:\(silent.port): no answer in 300 ms"))
        #expect(silent.questions == 3)
        let flood = try #require(FakeServer { question, _ in [[UInt8]](repeating: question, count: 200) })
        let flooded = try await run(port: flood.port, timeout: .seconds(30))
        #expect(flooded.message.hasSuffix("what the server sends is no answer"))
    }

    @Test("T3: offsets are right on both sides of the turn of the era in 2036, and no packet traps")
    func era() {
        let before = TimePacket.stamp(seconds: 2_085_978_490, nanoseconds: 500_000_000)
        let after = TimePacket.stamp(seconds: 2_085_978_500, nanoseconds: 0)
        let answer = TimePacket.Answer(stratum: 1, received: after, sent: after)
        let (offset, delay) = TimePacket.difference(answer, asked: before, elapsed: .milliseconds(100))
        #expect(abs(offset - 9.45) < 1e-6 && abs(delay - 0.1) < 1e-9)
        #expect(TimePacket.stamp(seconds: 0, nanoseconds: 0) == 2_208_988_800 << 32)
        var random = Generator(state: 3)
        let packet = TimePacket()
        for _ in 0..<5000 {
            var bytes = (0..<48).map { _ in UInt8.random(in: 0 ... .max, using: &random) }
            bytes[0] = 0x24
            bytes.replaceSubrange(24..<32, with: packet.question[40..<48])
            guard let answer = try? packet.answer(bytes) else { continue }
            let asked = UInt64.random(in: 0 ... .max, using: &random)
            let found = TimePacket.difference(answer, asked: asked, elapsed: .seconds(1))
            #expect(found.offset.isFinite && found.delay >= 0)
        }
    }

    @Test("wrong settings are refused; a bare address or name has the usual port")
    func refused() throws {
        func check(_ settings: String) throws -> CheckDefinition {
            let text = "name = \"t\"\ntype = \"time\"\n" + settings
            return try CheckDefinition(settings: TOMLDocument.parse(text, file: "agent.toml"))
        }
        for text in [
            "", "server = \"a b\"", "server = \"a:0\"", "server = \"a\"\nmax_offset = \"50ms\"",
            "server = \"a\"\nwarning_offset = \"0s\"", "server = \"a\"\nstep = true",
        ] {
            #expect(throws: TOMLError.self, "\(text)") { try check(text) }
        }
        for text in ["ntp.example", "192.0.2.1", "2001:db8::1", "[2001:db8::1]:1123", "ntp.example:1123"] {
            #expect(throws: Never.self) { try check("server = \"\(text)\"") }
        }
    }
}
