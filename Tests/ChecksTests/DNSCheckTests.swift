import Glibc
import LinuxSystem
import Model
import Outbound
import TOML
import Testing

@testable import Checks

@Suite("DNSCheck") struct DNSCheckTests {
    private func check(_ settings: String) throws -> CheckDefinition {
        let text = "name = \"d\"\ntype = \"dns\"\n" + settings
        return try CheckDefinition(settings: TOMLDocument.parse(text, file: "agent.toml"))
    }

    private func run(_ settings: String, port: Int, timeout: Duration = .seconds(5)) async throws -> CheckFinding {
        let check = try check("resolver = \"127.0.0.1:\(port)\"\n" + settings).check
        return await check.run(CheckContext(timeout: timeout, outbound: OutboundClient()))
    }

    /// The answer to a question with records of the asked name.
    private static func answer(
        _ question: [UInt8], code: UInt8 = 0, flags: UInt8 = 0x81, records: [(type: UInt16, data: [UInt8])] = []
    ) -> [UInt8] {
        var message = question
        message[2] = flags
        message[3] = 0x80 | code
        message[7] = UInt8(truncatingIfNeeded: records.count)
        for (type, data) in records {
            message += [0xc0, 12, UInt8(type >> 8), UInt8(type & 0xff), 0, 1, 0, 0, 0, 60]
            message += [UInt8(data.count >> 8), UInt8(data.count & 0xff)] + data
        }
        return message
    }

    private static let address: (type: UInt16, data: [UInt8]) = (1, [192, 0, 2, 1])

    @Test("the record is there, and what it says is compared; the time is a sample")
    func records() async throws {
        let server = try #require(
            FakeServer { question, _ in
                [DNSCheckTests.answer(question, records: [DNSCheckTests.address, (1, [192, 0, 2, 2])])]
            })
        let name = "query = \"shop.example\"\n"
        let found = try await run(name, port: server.port)
        #expect(found.state == .ok)
        #expect(found.message == "DNS shop.example: 192.0.2.1, 192.0.2.2")
        #expect(found.samples.map(\.series.metric) == ["dns.lookup.duration"])
        #expect(found.samples.allSatisfy { $0.value > 0 && $0.value < 5 })
        #expect(try await run(name + "answers = [\"192.0.2.2\"]", port: server.port).state == .ok)
        let missing = try await run(name + "answers = [\"192.0.2.9\"]", port: server.port)
        #expect(missing.state == .critical)
        #expect(missing.message == "DNS shop.example: 192.0.2.9 is missing, the answer is 192.0.2.1, 192.0.2.2")
        let more = try await run(name + "answers = [\"192.0.2.1\"]\nonly = true", port: server.port)
        #expect(more == CheckFinding(.critical, "DNS shop.example: 192.0.2.2 is not expected", samples: more.samples))
        #expect(try await run(name + "record = \"MX\"", port: server.port).message == "DNS shop.example: no MX record")
        #expect(try await run(name + "authoritative = true", port: server.port).state == .critical)
        withExtendedLifetime(server) {}
    }

    @Test("each kind of record is read in the form of zone files, and refused when it is cut")
    func kinds() async throws {
        let name: [UInt8] = [4] + Array("MAIL".utf8) + [0xc0, 12]
        let zeros = [UInt8](repeating: 0, count: 16)
        let kinds: [(word: String, type: UInt16, data: [UInt8], text: String)] = [
            ("AAAA", 28, [0x20, 1, 0xd, 0xb8] + zeros.prefix(11) + [1], "2001:db8::1"),
            ("CNAME", 5, name, "mail.shop.example"), ("NS", 2, name, "mail.shop.example"),
            ("PTR", 12, name, "mail.shop.example"), ("MX", 15, [0, 10] + name, "10 mail.shop.example"),
            ("SRV", 33, [0, 1, 0, 2, 1, 0xbb] + name, "1 2 443 mail.shop.example"),
            ("TXT", 16, [2, 0x61, 0x62, 1, 0x63], "abc"),
            ("SOA", 6, name + name + [0, 0, 1, 0] + zeros, "mail.shop.example mail.shop.example 256"),
            ("CAA", 257, [0, 5] + Array("issueca.example".utf8), "0 issue ca.example"),
        ]
        for kind in kinds {
            let server = try #require(
                FakeServer { question, _ in
                    [DNSCheckTests.answer(question, records: [(kind.type, kind.data)])]
                })
            let found = try await run(
                "query = \"shop.example\"\nrecord = \"\(kind.word)\"\nanswers = [\"\(kind.text)\"]", port: server.port)
            #expect(found.state == .ok, "\(found.message)")
            #expect(found.message == "DNS shop.example: \(kind.text)")
            for length in 0..<kind.data.count {
                let question = try #require(DNSQuestion("shop.example", DNSRecordType(rawValue: kind.word) ?? .a))
                let cut = DNSCheckTests.answer(question.bytes, records: [(kind.type, Array(kind.data[..<length]))])
                let answer = DNSAnswer(cut, to: question)
                #expect(answer.map { $0.data != [kind.text] } ?? true)
            }
        }
    }

    @Test("what the server says instead of an answer is one short sentence")
    func codes() async throws {
        let words: [(code: UInt8, text: String)] = [
            (2, "the server failed to find out (SERVFAIL)"), (3, "no such name"),
            (5, "the server refuses to answer"), (9, "the server answered with error 9"),
        ]
        for (code, text) in words {
            let server = try #require(FakeServer { question, _ in [DNSCheckTests.answer(question, code: code)] })
            let found = try await run("query = \"shop.example\"", port: server.port)
            #expect(found.state == .critical)
            #expect(found.message == "DNS shop.example: \(text)")
            if code == 3 {
                #expect(
                    try await run("query = \"shop.example\"\nrcode = \"NXDOMAIN\"", port: server.port).state == .ok)
            }
        }
        let silent = try #require(FakeServer { _, _ in [] })
        let found = try await run("query = \"shop.example\"", port: silent.port, timeout: .milliseconds(300))
        #expect(found == CheckFinding(.critical, "DNS shop.example: no answer in 300 ms"))
        // The question was sent three times.
        #expect(silent.questions == 3)
        let gone = try #require(LoopbackListener())
        gone.close()
        let refused = try await run("query = \"shop.example\"", port: gone.port)
        #expect(refused == CheckFinding(.critical, "DNS shop.example: connection refused"))
    }

    @Test("an answer that does not fit is asked for over TCP, whole or not at all", .timeLimit(.minutes(1)))
    func truncated() async throws {
        let many = (0..<200).map { (type: UInt16(1), data: [192, 0, 2, UInt8($0)] as [UInt8]) }
        let server = try #require(
            FakeServer { question, isStream in
                // A cut answer may end in the middle of a record.
                guard isStream else {
                    return [Array(DNSCheckTests.answer(question, flags: 0x83, records: many).prefix(512))]
                }
                let message = DNSCheckTests.answer(Array(question.dropFirst(2)), records: many)
                let whole = [UInt8(message.count >> 8), UInt8(message.count & 0xff)] + message
                return [Array(whole.prefix(100)), Array(whole.dropFirst(100))]
            })
        let found = try await run("query = \"shop.example\"\nanswers = [\"192.0.2.199\"]", port: server.port)
        #expect(found.state == .ok)
        #expect(server.questions == 2)
        for (bytes, text) in [
            ([], "the connection was closed before the answer was whole"),
            ([0xff, 0xff, 1, 2], "the connection was closed before the answer was whole"),
            ([0, 1, 7], "what the server sends is no answer"), ([0, 0], "what the server sends is no answer"),
        ] as [([UInt8], String)] {
            let liar = try #require(
                FakeServer { question, isStream in
                    isStream ? [bytes] : [DNSCheckTests.answer(question, flags: 0x83)]
                })
            let found = try await run("query = \"shop.example\"", port: liar.port)
            #expect(found == CheckFinding(.critical, "DNS shop.example: \(text)"))
        }
    }

    @Test("packets with another id, name, type or kind are not the answer", .timeLimit(.minutes(1)))
    func strangers() async throws {
        let server = try #require(
            FakeServer { question, _ in
                let good = DNSCheckTests.answer(question, records: [DNSCheckTests.address])
                var others: [[UInt8]] = [[], [0], question, Array(good.prefix(11)), Array(good.prefix(20))]
                for index in [0, 1, 2, 4, 5, 13, question.count - 3, question.count - 1] {
                    var other = good
                    other[index] ^= index == 2 ? 0x88 : 1
                    other[other.count - 1] = 66
                    others.append(other)
                }
                // Letters of another case are the same name (RFC 1035 §2.3.3).
                var shouted = good
                for index in 13..<17 { shouted[index] &= 0xdf }
                return others + [shouted]
            })
        let found = try await run("query = \"shop.example\"", port: server.port)
        #expect(found.message == "DNS shop.example: 192.0.2.1")
        let flood = try #require(
            FakeServer { question, _ in
                [[UInt8]](repeating: [question[0] ^ 1] + question.dropFirst(), count: 200)
            })
        let flooded = try await run("query = \"shop.example\"", port: flood.port, timeout: .seconds(30))
        #expect(flooded == CheckFinding(.critical, "DNS shop.example: what the server sends is no answer"))
    }

    @Test("names that run in circles, lengths beyond the end and cut messages are refused")
    func broken() throws {
        let question = try #require(DNSQuestion("shop.example", .cname))
        let end = UInt8(question.bytes.count + 12)
        for data in [[0xc0, end], [1, 0x61, 0xc0, end], [0xc0, end + 2, 0xc0, end], [63], [0x40, 1], [0xff, 0xff]]
            as [[UInt8]]
        {
            let message = DNSCheckTests.answer(question.bytes, records: [(5, data)])
            #expect(question.isAnswered(by: message))
            #expect(DNSAnswer(message, to: question) == nil, "\(data)")
        }
        let good = DNSCheckTests.answer(question.bytes, records: [(5, [1, 0x61, 0xc0, 12])])
        #expect(DNSAnswer(good, to: question)?.data == ["a.shop.example"])
        for length in 0..<good.count { #expect(DNSAnswer(Array(good.prefix(length)), to: question) == nil) }
        var many = good
        (many[6], many[7]) = (0xff, 0xff)
        #expect(DNSAnswer(many, to: question) == nil)
    }

    @Test("whatever bytes come, nothing traps and no look takes long", .timeLimit(.minutes(1)))
    func noise() throws {
        var random = Generator(state: 20_261_127)
        for type in DNSRecordType.allCases {
            let question = try #require(DNSQuestion("shop.example", type))
            let record = (type: type.number, data: [0, 3, 1, 0x61, 0xc0, 12, 0, 0] as [UInt8])
            let good = DNSCheckTests.answer(question.bytes, records: [record, DNSCheckTests.address, record])
            for _ in 0..<3000 {
                var message = good
                for _ in 0..<Int.random(in: 1...6, using: &random) {
                    let place = Int.random(in: 2..<message.count, using: &random)
                    message[place] = UInt8.random(in: 0 ... .max, using: &random)
                }
                message = Array(message.prefix(Int.random(in: 0...message.count, using: &random)))
                _ = question.isAnswered(by: message)
                if let answer = DNSAnswer(message, to: question) { #expect(answer.data.count <= DNSAnswer.records) }
            }
        }
    }

    @Test("servers are asked in their order, and one that cannot tell is passed over", .timeLimit(.minutes(1)))
    func servers() async throws {
        let path = "/tmp/muster-dns-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        mkdir(path, 0o700)
        mkdir(path + "/etc", 0o700)
        defer {
            unlink(path + "/etc/resolv.conf")
            rmdir(path + "/etc")
            rmdir(path)
        }
        #expect(NameServers.read(SystemRoot(path: path)) == [Endpoint(host: "127.0.0.1", port: 53)])
        let text =
            "# x\nnameserver 192.0.2.1\nsearch a\nnameserver\tnonsense\nnameserver fe80::1%eth0\nnameserver ::1\n"
        let descriptor = open(path + "/etc/resolv.conf", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        _ = write(descriptor, text, text.utf8.count)
        close(descriptor)
        #expect(NameServers.read(SystemRoot(path: path)).map(\.host) == ["192.0.2.1", "nonsense", "fe80::1%eth0"])
        let useless = try #require(FakeServer { question, _ in [DNSCheckTests.answer(question, code: 5)] })
        let good = try #require(
            FakeServer { question, _ in [DNSCheckTests.answer(question, records: [DNSCheckTests.address])] })
        let silent = try #require(FakeServer { _, _ in [] })
        let check = try #require(try check("query = \"shop.example\"").check as? DNSCheck)
        let ports = { (servers: [FakeServer]) in servers.map { Endpoint(host: "127.0.0.1", port: $0.port) } }
        let found = check.look(ports([useless, silent, good]), timeout: .milliseconds(600))
        #expect(found.message == "DNS shop.example: 192.0.2.1")
        let lost = check.look(ports([silent, useless]), timeout: .milliseconds(600))
        #expect(lost.state == .critical && lost.message == "DNS shop.example: the server refuses to answer")
    }

    @Test("says whom it speaks for, and names of addresses are made")
    func subjects() throws {
        #expect(try check("query = \"a\"").subject == .host)
        #expect(
            try check("query = \"a\"\nresolver = \"127.0.0.1\"").subject
                == .listener(transport: "udp", address: "127.0.0.1", port: 53))
        #expect(try check("query = \"a\"\nresolver = \"[2001:db8::1]:5353\"").subject == .host)
        #expect(IPAddress("192.0.2.7")?.reverseName == "7.2.0.192.in-addr.arpa")
        let zeros = String(repeating: "0.", count: 23)
        #expect(IPAddress("2001:db8::1")?.reverseName == "1.\(zeros)8.b.d.0.1.0.0.2.ip6.arpa")
    }

    @Test("wrong settings are refused")
    func refused() {
        for text in [
            "", "query = \"\"", "query = \"a..b\"", "query = \"\(String(repeating: "a", count: 64)).example\"",
            "query = \"a\"\nrecord = \"HINFO\"", "query = \"a\"\nresolver = \"ns.example\"",
            "query = \"a\"\nresolver = \"192.0.2.1:0\"", "query = \"a\"\nrcode = \"FINE\"",
            "query = \"a\"\nrcode = \"NXDOMAIN\"\nanswers = [\"192.0.2.1\"]", "query = \"a\"\nonly = true",
            "query = \"a\"\nwarning_time = \"0s\"", "query = \"a\"\nport = 53",
        ] {
            #expect(throws: TOMLError.self, "\(text)") { try check(text) }
        }
    }

    @Test("times and sizes are said as people say them")
    func words() {
        let times: [(Duration, String)] = [
            (.milliseconds(300), "300 ms"), (.microseconds(450), "0.45 ms"), (.seconds(5), "5 s"),
            (.milliseconds(1250), "1.25 s"), (.seconds(60), "1 min"), (.seconds(93_600), "1 d 2 h"), (.zero, "0 ms"),
        ]
        for (time, text) in times { #expect(spoken(time) == text) }
        let sizes = [(1, "1 byte"), (9999, "9999 bytes"), (16 << 20, "16.8 MB"), (Int.max, "9.22 EB")]
        for (size, text) in sizes { #expect(spoken(bytes: size) == text) }
    }
}
