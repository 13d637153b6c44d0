import Foundation
import Glibc
import Model
import SNMP
import SNMPTestSupport
import Testing

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
        _ body: (TrapBench, SNMPClient, SNMPTarget, _ clock: (boots: Int64, time: Int64)) async throws -> Void
    ) async throws {
        let agent = try #require(try Snmpd(configuration))
        defer { agent.stop() }
        let client = try SNMPClient()
        defer { client.close() }
        let source = SNMPTrapSource(name: "sw-1", addresses: [localhost], credential: .v3(Self.user))
        let bench = try TrapBench([source])
        let target = SNMPTarget(
            address: localhost, port: agent.port, credential: .v3(Self.user), timeout: 0.5, retries: 1,
            limits: SNMPLimits(deadline: 20))
        let engine: OID = [1, 3, 6, 1, 6, 3, 10, 2, 1]
        var rows: SNMPRows = []
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

    private func arguments(_ bench: TrapBench, _ clock: (boots: Int64, time: Int64), keys: [String] = keys) -> [String]
    {
        keys + [
            "-e", "0x" + deviceEngine, "-Z", "\(clock.boots),\(clock.time)", bench.target, "1",
            TrapBench.linkDown.description,
        ]
    }

    @Test("of a device that was asked are read, also after its sessions have ended")
    func traps() async throws {
        try await withDevice { bench, _, target, clock in
            #expect(try TrapTools.trap(arguments(bench, clock)) == 0)
            #expect(await bench.next()?.kind == TrapBench.linkDown)
            // What the trap needs stays when the client's session has ended.
            try #require(await endsSession(to: target.port))
            #expect(try TrapTools.trap(arguments(bench, clock)) == 0)
            #expect(await bench.next()?.kind == TrapBench.linkDown)
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
            #expect(await bench.next()?.kind == TrapBench.linkDown)
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
            #expect(await bench.next()?.kind == TrapBench.linkDown)
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
            let trap = BER.trap(TrapBench.linkDown)
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
            #expect(await bench.next()?.kind == TrapBench.linkDown)
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
            let end = await client.read([TrapBench.sysDescr], from: wrong).receipt.end
            #expect(end == .failed(.wrongAuthenticationKey(user: "muster")), "\(end)")
            #expect(await client.read([TrapBench.sysDescr], from: target).receipt.isComplete)
            #expect(try TrapTools.trap(arguments(bench, clock)) == 0)
            #expect(await bench.next()?.kind == TrapBench.linkDown)
        }
    }
}
