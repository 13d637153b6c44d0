import Foundation
import Glibc
import Model
import SNMP
import SNMPTestSupport
import Testing

@Suite("Traps and informs", .enabled(if: TrapTools.directory != nil, "no snmptrap on this machine"))
struct TrapReceiverTests {
    @Test("v1 traps are told as the later versions name them (RFC 3584)")
    func firstVersion() async throws {
        let bench = try TrapBench([TrapBench.plain()])
        let head = ["-v", "1", "-c", "public", bench.target]
        #expect(
            try TrapTools.trap(
                head + ["1.3.6.1.4.1.8072", "", "2", "0", "55", TrapBench.ifIndex.description, "i", "3"]) == 0)
        let generic = try #require(await bench.next())
        #expect(generic.kind == TrapBench.linkDown)
        #expect(generic.source == "sw-1" && generic.address == localhost && generic.uptime == 55)
        #expect(generic.rows == [SNMPRow(TrapBench.ifIndex, .integer(3))])
        #expect(try TrapTools.trap(head + ["1.3.6.1.4.1.318", "", "6", "5", ""]) == 0)
        #expect(await bench.next()?.kind == [1, 3, 6, 1, 4, 1, 318, 0, 5])
    }

    @Test("v2c traps and informs; an inform is answered")
    func secondVersion() async throws {
        let bench = try TrapBench([TrapBench.plain()])
        let tail = [
            "-c", "public", bench.target, "77", TrapBench.linkDown.description, TrapBench.ifIndex.description, "i", "3",
        ]
        #expect(try TrapTools.trap(["-v", "2c"] + tail) == 0)
        let trap = try #require(await bench.next())
        #expect(trap.kind == TrapBench.linkDown && trap.uptime == 77 && !trap.isInform)
        #expect(trap.rows == [SNMPRow(TrapBench.ifIndex, .integer(3))])
        #expect(try TrapTools.inform(["-v", "2c", "-r", "0", "-t", "2"] + tail) == 0)
        #expect(await bench.next()?.isInform == true)
    }

    @Test("over IPv6 as over IPv4")
    func overIPv6() async throws {
        let loopback = try #require(IPAddress("::1"))
        let port = freePort()
        let receiver = try SNMPTrapReceiver(
            sockets: [try SNMPTrapReceiver.bind(loopback, port: port)],
            sources: [TrapBench.plain(loopback)], engineID: TrapBench.ownEngine, boots: 1)
        defer { receiver.close() }
        var traps = receiver.traps.makeAsyncIterator()
        #expect(
            try TrapTools.inform([
                "-v", "2c", "-c", "public", "-r", "0", "-t", "2", "udp6:[::1]:\(port)", "1",
                TrapBench.linkDown.description,
            ])
                == 0)
        #expect(await traps.next()?.address == loopback)
    }

    @Test("devices can be replaced while it receives: the new one is heard, the old one is a stranger, v3 users too")
    func replaced() async throws {
        let bench = try TrapBench([])
        let tail = [bench.target, "1", TrapBench.linkDown.description]
        let plain = ["-v", "2c", "-c", "public", "-r", "0", "-t", "2"] + tail
        #expect(try TrapTools.inform(plain) != 0)
        #expect(bench.counts().strangers == 1)
        bench.receiver.replace(sources: [TrapBench.plain(name: "new")])
        #expect(try TrapTools.inform(plain) == 0)
        #expect(await bench.next()?.source == "new")
        let user = SNMPUser(name: "muster", authentication: .sha1, passphrase: "authpass1")
        bench.receiver.replace(sources: [
            SNMPTrapSource(name: "signed", addresses: [localhost], credential: .v3(user))
        ])
        let signed =
            ["-v", "3", "-u", "muster", "-l", "authNoPriv", "-a", "SHA", "-A", "authpass1", "-r", "0", "-t", "2"] + tail
        #expect(try TrapTools.inform(signed) == 0)
        #expect(await bench.next()?.source == "signed")
        #expect(try TrapTools.inform(plain) != 0)
        bench.receiver.replace(sources: [])
        #expect(try TrapTools.inform(signed) != 0)
        #expect(bench.counts().taken == 2)
    }

    @Test("v3 informs of a user with signature and encryption are answered with this engine's id")
    func thirdVersionInforms() async throws {
        let user = SNMPUser(
            name: "muster", authentication: .sha1, passphrase: "authpass1", privacy: .aes128,
            privacyPassphrase: "privpass1")
        let source = SNMPTrapSource(name: "sw-1", addresses: [localhost], credential: .v3(user))
        let bench = try TrapBench([source], boots: 7)
        let inform = ["-v", "3", "-u", "muster", "-r", "0", "-t", "2"]
        let right = ["-l", "authPriv", "-a", "SHA", "-A", "authpass1", "-x", "AES", "-X", "privpass1"]
        let tail = [bench.target, "1", TrapBench.linkDown.description]
        #expect(try TrapTools.inform(inform + right + tail) == 0)
        #expect(await bench.next()?.isInform == true)
        // Weaker than what the device is asked with, or with another key: neither answered nor taken.
        let weaker = ["-l", "authNoPriv", "-a", "SHA", "-A", "authpass1"]
        #expect(try TrapTools.inform(inform + weaker + tail) != 0)
        let wrong = ["-l", "authPriv", "-a", "SHA", "-A", "otherpass", "-x", "AES", "-X", "privpass1"]
        #expect(try TrapTools.inform(inform + wrong + tail) != 0)
        #expect(bench.counts().taken == 1)
        #expect(bench.counts().refused(.credential) == 1)
    }

    @Test("v2c and v1 do for a device that is asked over v3 as little as another community does")
    func noWeakerVersion() async throws {
        let user = SNMPUser(name: "muster", authentication: .sha1, passphrase: "authpass1")
        let bench = try TrapBench([SNMPTrapSource(name: "sw-1", addresses: [localhost], credential: .v3(user))])
        #expect(
            try TrapTools.trap(["-v", "2c", "-c", "muster", bench.target, "1", TrapBench.linkDown.description]) == 0)
        #expect(try TrapTools.trap(["-v", "1", "-c", "", bench.target, "1.3.6.1.4.1.1", "", "2", "0", "1"]) == 0)
        #expect(await bench.counted(2))
        #expect(bench.counts().refused(.credential) == 2)
        let plain = try TrapBench([TrapBench.plain()])
        #expect(
            try TrapTools.trap(["-v", "2c", "-c", "private", plain.target, "1", TrapBench.linkDown.description]) == 0)
        #expect(await plain.counted(1))
        #expect(plain.counts().refused(.credential) == 1 && plain.counts().taken == 0)
    }

    @Test("strangers are counted and not looked into")
    func strangers() async throws {
        let bench = try TrapBench([TrapBench.plain(TrapBench.otherHost)])
        let sender = try #require(DatagramSender(from: localhost, to: bench.port))
        sender.send(BER.trap(TrapBench.linkDown))
        sender.send([])
        #expect(await bench.counted(2))
        #expect(bench.counts().strangers == 2 && bench.counts().lastStranger == localhost)
        #expect(bench.counts().taken == 0)
    }

    @Test("the same octets count once")
    func repeated() async throws {
        let bench = try TrapBench([TrapBench.plain()])
        let sender = try #require(DatagramSender(from: localhost, to: bench.port))
        for _ in 0..<3 { sender.send(BER.trap(TrapBench.linkDown)) }
        sender.send(BER.trap(TrapBench.linkDown, request: 2))
        #expect(await bench.counted(4))
        #expect(bench.counts().taken == 2 && bench.counts().refused(.repeated) == 2)
    }

    @Test("octets that are no trap are refused, counted, and stop nothing", .timeLimit(.minutes(1)))
    func hostile() async throws {
        let bench = try TrapBench([TrapBench.plain()], limits: SNMPTrapLimits(rate: 1e6, burst: 1e6))
        let sender = try #require(DatagramSender(from: localhost, to: bench.port))
        let good = BER.trap(TrapBench.linkDown, [(TrapBench.ifIndex, BER.integer(3))])
        var cases: [[UInt8]] = (0..<good.count).map { Array(good.prefix($0)) }
        var random = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            cases.append(
                (0..<Int.random(in: 1...1400, using: &random)).map { _ in .random(in: 0...255, using: &random) })
        }
        // Lengths that lie, types that do not exist, a message that is asked for, one of a later version, one without kind.
        cases.append([0x30, 0x84, 0xff, 0xff, 0xff, 0xff] + good)
        cases.append([0x30, 0x80] + good)
        cases.append(BER.trap(TrapBench.linkDown, tag: 0xa0))
        cases.append(BER.tlv(0x30, BER.integer(9) + Array(good.dropFirst(5))))
        cases.append(BER.trap([], request: 5))
        var sent = 0
        for (index, bytes) in cases.enumerated() {
            if sender.send(bytes) { sent += 1 }
            if index % 100 == 99 { #expect(await bench.counted(sent)) }
        }
        // Each octet changed in turn: some are still a trap, with other values.
        for index in good.indices {
            var bytes = good
            bytes[index] ^= UInt8(1 << (index % 8))
            if sender.send(bytes) { sent += 1 }
        }
        #expect(await bench.counted(sent))
        let counts = bench.counts()
        #expect(counts.refused(.broken) > 500 && counts.refused(.notATrap) > 0)
        #expect(counts.taken < good.count)
        var seen = 0
        while seen < counts.taken, await bench.next() != nil { seen += 1 }
        sender.send(BER.trap(TrapBench.linkDown, request: 77))
        #expect(await bench.next()?.kind == TrapBench.linkDown)
    }

    @Test("of 10,000 traps at once a device has its burst taken, the rest is counted, and another device is heard")
    func flood() async throws {
        let limits = SNMPTrapLimits(rate: 10, burst: 50, queue: 100)
        let bench = try TrapBench(
            [TrapBench.plain(), TrapBench.plain(TrapBench.otherHost, name: "sw-2")], limits: limits)
        let sender = try #require(DatagramSender(from: localhost, to: bench.port))
        let other = try #require(DatagramSender(from: TrapBench.otherHost, to: bench.port))
        let before = residentBytes()
        var sent = 0
        for number in 0..<10_000 where sender.send(BER.trap(TrapBench.linkDown, request: Int64(number))) { sent += 1 }
        #expect(await eventually { other.send(BER.trap(TrapBench.linkDown)) })
        sent += 1
        #expect(await bench.counted(sent, within: 20))
        let counts = bench.counts()
        let taken = counts.sources["sw-1"]?.taken ?? 0
        #expect((50...150).contains(taken), "\(taken)")
        let accounted = taken + (counts.sources["sw-1"]?.refused.values.reduce(0, +) ?? 0) + counts.lostByKernel
        #expect(accounted >= 10_000)
        #expect(residentBytes() - before < 16 << 20)
        print(
            "flood: \(taken) taken, \(counts.refused(.flood)) over the limit, \(counts.lostByKernel) lost by the kernel"
        )
    }
}

/// Octets of this process in memory.
private func residentBytes() -> Int {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return pages * 4096
}
