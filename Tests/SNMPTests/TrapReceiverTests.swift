import Foundation
import Glibc
import Model
import SNMP
import SNMPTestSupport
import Testing

private let linkDown: OID = [1, 3, 6, 1, 6, 3, 1, 1, 5, 3]
private let ifIndex: OID = [1, 3, 6, 1, 2, 1, 2, 2, 1, 1, 3]
private let sysDescr: OID = [1, 3, 6, 1, 2, 1, 1, 1, 0]
private let ownEngine: [UInt8] = [0x80, 0, 0x1f, 0x88, 5, 1, 2, 3, 4]
private let otherHost = IPAddress("127.0.0.2") ?? localhost

/// A receiver on loopback and what it took.
private final class Bench {
    let receiver: SNMPTrapReceiver
    let port = freePort()
    private var iterator: AsyncStream<SNMPTrap>.Iterator
    private var total = SNMPTrapCounts()

    init(_ sources: [SNMPTrapSource], limits: SNMPTrapLimits = SNMPTrapLimits(), boots: UInt32 = 1) throws {
        receiver = try SNMPTrapReceiver(
            sockets: [try SNMPTrapReceiver.bind(localhost, port: port)], sources: sources, engineID: ownEngine,
            boots: boots, limits: limits)
        iterator = receiver.traps.makeAsyncIterator()
    }

    deinit { receiver.close() }

    var target: String { "127.0.0.1:\(port)" }

    func next() async -> SNMPTrap? { await iterator.next() }

    /// Everything counted so far.
    func counts() -> SNMPTrapCounts {
        let new = receiver.takeCounts()
        total.strangers += new.strangers
        total.lastStranger = new.lastStranger ?? total.lastStranger
        total.lostByKernel += new.lostByKernel
        for (name, source) in new.sources {
            total.sources[name, default: .init()].taken += source.taken
            for (reason, count) in source.refused {
                total.sources[name, default: .init()].refused[reason, default: 0] += count
            }
        }
        return total
    }

    /// Waits until so many datagrams were counted.
    func counted(_ number: Int, within seconds: Double = 5) async -> Bool {
        await eventually(within: seconds) {
            let counts = self.counts()
            let refused = SNMPTrapRefusal.allCases.reduce(0) { $0 + counts.refused($1) }
            return counts.taken + refused + counts.strangers + counts.lostByKernel >= number
        }
    }

    static func plain(_ address: IPAddress = localhost, name: String = "sw-1") -> SNMPTrapSource {
        SNMPTrapSource(name: name, addresses: [address], credential: .v2c(community: "public"))
    }
}

@Suite("Traps and informs", .enabled(if: TrapTools.directory != nil, "no snmptrap on this machine"))
struct TrapReceiverTests {
    @Test("v1 traps are told as the later versions name them (RFC 3584)")
    func firstVersion() async throws {
        let bench = try Bench([Bench.plain()])
        let head = ["-v", "1", "-c", "public", bench.target]
        #expect(
            try TrapTools.trap(head + ["1.3.6.1.4.1.8072", "", "2", "0", "55", ifIndex.description, "i", "3"]) == 0)
        let generic = try #require(await bench.next())
        #expect(generic.kind == linkDown)
        #expect(generic.source == "sw-1" && generic.address == localhost && generic.uptime == 55)
        #expect(generic.rows == [SNMPRow(ifIndex, .integer(3))])
        #expect(try TrapTools.trap(head + ["1.3.6.1.4.1.318", "", "6", "5", ""]) == 0)
        #expect(await bench.next()?.kind == [1, 3, 6, 1, 4, 1, 318, 0, 5])
    }

    @Test("v2c traps and informs; an inform is answered")
    func secondVersion() async throws {
        let bench = try Bench([Bench.plain()])
        let tail = ["-c", "public", bench.target, "77", linkDown.description, ifIndex.description, "i", "3"]
        #expect(try TrapTools.trap(["-v", "2c"] + tail) == 0)
        let trap = try #require(await bench.next())
        #expect(trap.kind == linkDown && trap.uptime == 77 && !trap.isInform)
        #expect(trap.rows == [SNMPRow(ifIndex, .integer(3))])
        #expect(try TrapTools.inform(["-v", "2c", "-r", "0", "-t", "2"] + tail) == 0)
        #expect(await bench.next()?.isInform == true)
    }

    @Test("over IPv6 as over IPv4")
    func overIPv6() async throws {
        let loopback = try #require(IPAddress("::1"))
        let port = freePort()
        let receiver = try SNMPTrapReceiver(
            sockets: [try SNMPTrapReceiver.bind(loopback, port: port)],
            sources: [Bench.plain(loopback)], engineID: ownEngine, boots: 1)
        defer { receiver.close() }
        var traps = receiver.traps.makeAsyncIterator()
        #expect(
            try TrapTools.inform([
                "-v", "2c", "-c", "public", "-r", "0", "-t", "2", "udp6:[::1]:\(port)", "1", linkDown.description,
            ])
                == 0)
        #expect(await traps.next()?.address == loopback)
    }

    @Test("devices can be replaced while it receives: the new one is heard, the old one is a stranger, v3 users too")
    func replaced() async throws {
        let bench = try Bench([])
        let tail = [bench.target, "1", linkDown.description]
        let plain = ["-v", "2c", "-c", "public", "-r", "0", "-t", "2"] + tail
        #expect(try TrapTools.inform(plain) != 0)
        #expect(bench.counts().strangers == 1)
        bench.receiver.replace(sources: [Bench.plain(name: "new")])
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
        let bench = try Bench([source], boots: 7)
        let inform = ["-v", "3", "-u", "muster", "-r", "0", "-t", "2"]
        let right = ["-l", "authPriv", "-a", "SHA", "-A", "authpass1", "-x", "AES", "-X", "privpass1"]
        let tail = [bench.target, "1", linkDown.description]
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
        let bench = try Bench([SNMPTrapSource(name: "sw-1", addresses: [localhost], credential: .v3(user))])
        #expect(try TrapTools.trap(["-v", "2c", "-c", "muster", bench.target, "1", linkDown.description]) == 0)
        #expect(try TrapTools.trap(["-v", "1", "-c", "", bench.target, "1.3.6.1.4.1.1", "", "2", "0", "1"]) == 0)
        #expect(await bench.counted(2))
        #expect(bench.counts().refused(.credential) == 2)
        let plain = try Bench([Bench.plain()])
        #expect(try TrapTools.trap(["-v", "2c", "-c", "private", plain.target, "1", linkDown.description]) == 0)
        #expect(await plain.counted(1))
        #expect(plain.counts().refused(.credential) == 1 && plain.counts().taken == 0)
    }

    @Test("strangers are counted and not looked into")
    func strangers() async throws {
        let bench = try Bench([Bench.plain(otherHost)])
        let sender = try #require(DatagramSender(from: localhost, to: bench.port))
        sender.send(BER.trap(linkDown))
        sender.send([])
        #expect(await bench.counted(2))
        #expect(bench.counts().strangers == 2 && bench.counts().lastStranger == localhost)
        #expect(bench.counts().taken == 0)
    }

    @Test("the same octets count once")
    func repeated() async throws {
        let bench = try Bench([Bench.plain()])
        let sender = try #require(DatagramSender(from: localhost, to: bench.port))
        for _ in 0..<3 { sender.send(BER.trap(linkDown)) }
        sender.send(BER.trap(linkDown, request: 2))
        #expect(await bench.counted(4))
        #expect(bench.counts().taken == 2 && bench.counts().refused(.repeated) == 2)
    }

    @Test("octets that are no trap are refused, counted, and stop nothing", .timeLimit(.minutes(1)))
    func hostile() async throws {
        let bench = try Bench([Bench.plain()], limits: SNMPTrapLimits(rate: 1e6, burst: 1e6))
        let sender = try #require(DatagramSender(from: localhost, to: bench.port))
        let good = BER.trap(linkDown, [(ifIndex, BER.integer(3))])
        var cases: [[UInt8]] = (0..<good.count).map { Array(good.prefix($0)) }
        var random = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            cases.append(
                (0..<Int.random(in: 1...1400, using: &random)).map { _ in .random(in: 0...255, using: &random) })
        }
        // Lengths that lie, types that do not exist, a message that is asked for, one of a later version, one without kind.
        cases.append([0x30, 0x84, 0xff, 0xff, 0xff, 0xff] + good)
        cases.append([0x30, 0x80] + good)
        cases.append(BER.trap(linkDown, tag: 0xa0))
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
        sender.send(BER.trap(linkDown, request: 77))
        #expect(await bench.next()?.kind == linkDown)
    }

    @Test("of 10,000 traps at once a device has its burst taken, the rest is counted, and another device is heard")
    func flood() async throws {
        let limits = SNMPTrapLimits(rate: 10, burst: 50, queue: 100)
        let bench = try Bench([Bench.plain(), Bench.plain(otherHost, name: "sw-2")], limits: limits)
        let sender = try #require(DatagramSender(from: localhost, to: bench.port))
        let other = try #require(DatagramSender(from: otherHost, to: bench.port))
        let before = residentBytes()
        var sent = 0
        for number in 0..<10_000 where sender.send(BER.trap(linkDown, request: Int64(number))) { sent += 1 }
        #expect(await eventually { other.send(BER.trap(linkDown)) })
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

/// Whether a session to a port of loopback is open in this process's network: its socket is connected (proc(5), net/udp).
private func hasSession(to port: UInt16) -> Bool {
    let text = (try? String(contentsOfFile: "/proc/self/net/udp", encoding: .utf8)) ?? ""
    let digits = String(port, radix: 16, uppercase: true)
    let end = ":" + String(repeating: "0", count: 4 - digits.count) + digits
    return text.split(separator: "\n").dropFirst().contains { line in
        line.split(separator: " ").dropFirst(2).first?.hasSuffix(end) ?? false
    }
}

/// Whether the open session to a port ends by itself: after five seconds without use.
private func endsSession(to port: UInt16) async -> Bool {
    guard hasSession(to: port) else { return false }
    return await eventually(within: 20) { !hasSession(to: port) }
}

private let deviceEngine = "80001f8805aabbccdd"

private let configuration = """
    rocommunity public
    exactEngineID 0x\(deviceEngine)
    createUser muster SHA authpass1 AES privpass1
    rouser muster priv
    """

@Suite(
    "Traps over SNMPv3", .enabled(if: TrapTools.directory != nil && Snmpd.path != nil, "no snmptrap or snmpd here"))
struct SignedTrapTests {
    private static let user = SNMPUser(
        name: "muster", authentication: .sha1, passphrase: "authpass1", privacy: .aes128,
        privacyPassphrase: "privpass1")
    private static let keys = [
        "-v", "3", "-u", "muster", "-l", "authPriv", "-a", "SHA", "-A", "authpass1", "-x", "AES", "-X", "privpass1",
    ]

    /// Runs `body` with a receiver that has asked its device; `clock` is the device's boots and time.
    private func withDevice(
        _ body: (Bench, SNMPClient, SNMPTarget, _ clock: (boots: Int64, time: Int64)) async throws -> Void
    ) async throws {
        let agent = try #require(try Snmpd(configuration))
        defer { agent.stop() }
        let client = try SNMPClient()
        defer { client.close() }
        let source = SNMPTrapSource(name: "sw-1", addresses: [localhost], credential: .v3(Self.user))
        let bench = try Bench([source])
        let target = SNMPTarget(
            address: localhost, port: agent.port, credential: .v3(Self.user), timeout: 0.5, retries: 1,
            limits: SNMPLimits(deadline: 20))
        let engine: OID = [1, 3, 6, 1, 6, 3, 10, 2, 1]
        var rows: [SNMPRow] = []
        try #require(
            await eventually {
                rows = await client.rows(under: [engine], from: target).rows
                return rows.count >= 3
            }, "snmpd did not start: \(agent.log)")
        let boots = try #require(rows.first { $0.oid == engine.appending(2, 0) }?.value.number)
        let time = try #require(rows.first { $0.oid == engine.appending(3, 0) }?.value.number)
        // snmptrap takes a time of 0 for one that was not given.
        try await body(bench, client, target, (boots, time + 1))
    }

    private func arguments(_ bench: Bench, _ clock: (boots: Int64, time: Int64), keys: [String] = keys) -> [String] {
        keys + [
            "-e", "0x" + deviceEngine, "-Z", "\(clock.boots),\(clock.time)", bench.target, "1", linkDown.description,
        ]
    }

    @Test("of a device that was asked are read, also after its sessions have ended")
    func traps() async throws {
        try await withDevice { bench, _, target, clock in
            #expect(try TrapTools.trap(arguments(bench, clock)) == 0)
            #expect(await bench.next()?.kind == linkDown)
            // What the trap needs stays when the client's session has ended.
            try #require(await endsSession(to: target.port))
            #expect(try TrapTools.trap(arguments(bench, clock)) == 0)
            #expect(await bench.next()?.kind == linkDown)
        }
    }

    @Test("of an engine that is not known, with another key, or made at another time are refused and counted")
    func refused() async throws {
        try await withDevice { bench, _, _, clock in
            var stranger = arguments(bench, clock)
            stranger[stranger.firstIndex(of: "0x" + deviceEngine) ?? 0] = "0x80001f880511223344"
            let wrong = Self.keys.map { $0 == "authpass1" ? "otherpass" : $0 }
            let weaker = Array(Self.keys.prefix(5)) + ["authNoPriv"] + Array(Self.keys[6...9])
            let unknown = Self.keys.map { $0 == "muster" ? "nobody" : $0 }
            // The first moves the device's clock on, so that what is made 200 s before it is of another time.
            #expect(try TrapTools.trap(arguments(bench, (clock.boots, clock.time + 200))) == 0)
            #expect(await bench.next()?.kind == linkDown)
            var sent = [stranger, arguments(bench, clock)]
            for keys in [wrong, weaker, unknown] {
                sent.append(arguments(bench, (clock.boots, clock.time + 200), keys: keys))
            }
            for arguments in sent { #expect(try TrapTools.trap(arguments) == 0) }
            try #require(sent.count == 5)
            #expect(await bench.counted(6))
            let counts = bench.counts()
            #expect(counts.taken == 1, "\(counts)")
            #expect(counts.refused(.unknownEngine) + counts.refused(.unknownUser) == 2, "\(counts)")
            #expect(counts.refused(.wrongDigest) == 1, "\(counts)")
            #expect(counts.refused(.credential) == 1, "\(counts)")
            #expect(counts.refused(.notInTime) == 1, "\(counts)")
        }
    }

    @Test("that come again are counted once, at once and later")
    func replayed() async throws {
        try await withDevice { bench, _, _, clock in
            let catcher = try #require(FakeAgent { _, _ in [] })
            defer { catcher.stop() }
            let sent = arguments(bench, clock).map { $0 == bench.target ? "127.0.0.1:\(catcher.port)" : $0 }
            #expect(try TrapTools.trap(sent) == 0)
            #expect(await eventually { !catcher.requests.isEmpty })
            let caught = try #require(catcher.requests.first)
            let sender = try #require(DatagramSender(from: localhost, to: bench.port))
            sender.send(caught)
            #expect(await bench.next()?.kind == linkDown)
            sender.send(caught)
            #expect(await bench.counted(2))
            #expect(bench.counts().refused(.repeated) == 1)
            // A trap of 200 s later moves the clock on; then the first is out of time even for who has forgotten it.
            #expect(try TrapTools.trap(arguments(bench, (clock.boots, clock.time + 200))) == 0)
            #expect(await bench.next() != nil)
            sender.send(caught)
            #expect(await bench.counted(4))
            #expect(bench.counts().taken == 2 && bench.counts().refused(.notInTime) == 1, "\(bench.counts())")
        }
    }

    @Test("with a signature of one octet, of none, or cut anywhere are refused (CVE-2008-0960)")
    func shortSignatures() async throws {
        try await withDevice { bench, _, _, clock in
            let engineID: [UInt8] = [0x80, 0, 0x1f, 0x88, 5, 0xaa, 0xbb, 0xcc, 0xdd]
            let trap = BER.trap(linkDown)
            let parts = try #require(BER.read(trap[...]))
            let rest = try #require(BER.read(parts.contents).flatMap { BER.read($0.rest) }).rest
            let scoped = BER.tlv(0x30, BER.tlv(4, engineID) + BER.tlv(4, []) + Array(rest))
            let sender = try #require(DatagramSender(from: localhost, to: bench.port))
            var sent = 0
            // All 256 of them: the fault was that one of them was taken.
            for octet in UInt8.min ... .max {
                sender.send(
                    BER.signed(
                        engineID: engineID, boots: clock.boots, time: clock.time, user: "muster", signature: [octet],
                        scoped: scoped))
                sent += 1
                if sent % 64 == 0 { #expect(await bench.counted(sent)) }
            }
            for length in [0, 2, 11, 12, 13, 48] {
                sender.send(
                    BER.signed(
                        engineID: engineID, boots: clock.boots, time: clock.time, user: "muster",
                        signature: [UInt8](repeating: 7, count: length), scoped: scoped))
                sent += 1
            }
            #expect(await bench.counted(sent))
            #expect(bench.counts().taken == 0, "\(bench.counts())")
            #expect(try TrapTools.trap(arguments(bench, clock)) == 0)
            #expect(await bench.next()?.kind == linkDown)
        }
    }

    @Test("keep a wrong passphrase wrong while their user stays known")
    func otherKeys() async throws {
        try await withDevice { bench, client, target, clock in
            try #require(await endsSession(to: target.port))
            var wrong = target
            var user = Self.user
            user.authenticationPassphrase = "otherpass"
            wrong.credential = .v3(user)
            let end = await client.read([sysDescr], from: wrong).receipt.end
            #expect(end == .failed(.wrongAuthenticationKey(user: "muster")), "\(end)")
            #expect(await client.read([sysDescr], from: target).receipt.isComplete)
            #expect(try TrapTools.trap(arguments(bench, clock)) == 0)
            #expect(await bench.next()?.kind == linkDown)
        }
    }
}
