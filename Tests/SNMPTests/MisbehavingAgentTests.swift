import Model
import SNMP
import SNMPTestSupport
import Testing

private let sysName: OID = [1, 3, 6, 1, 2, 1, 1, 5, 0]

private func loopback(_ port: UInt16, _ credential: SNMPCredential = .v2c(community: "public"), retries: Int = 1)
    -> SNMPTarget
{
    SNMPTarget(
        address: localhost, port: port,
        credential: credential, timeout: 0.3, retries: retries, limits: SNMPLimits(deadline: 10))
}

private func named(_ request: TestRequest, _ name: String) -> [UInt8] {
    request.response(request.oids.map { ($0, BER.tlv(4, Array(name.utf8))) })
}

@Suite("Against an agent that misbehaves, a client")
struct MisbehavingAgentTests {
    private func ask(
        _ credential: SNMPCredential = .v2c(community: "public"), retries: Int = 1,
        _ handler: @escaping @Sendable ([UInt8], Int) -> [FakeAgent.Reply]
    ) async throws -> SNMPResult {
        let agent = try #require(FakeAgent(handler))
        defer { agent.stop() }
        let client = try SNMPClient()
        defer { client.close() }
        return await client.read([sysName], from: loopback(agent.port, credential, retries: retries))
    }

    @Test("gives up on silence after its retries")
    func silence() async throws {
        let result = try await ask { _, _ in [] }
        guard case .failed(.noAnswer(_, _, let tries, let portClosed)) = result.receipt.end else {
            Issue.record("ended as \(result.receipt.end)")
            return
        }
        #expect(tries == 2)
        #expect(!portClosed)
        #expect(result.receipt.requests == 2)
        #expect(result.receipt.retries == 1)
    }

    @Test("says that nothing listens where the host says so")
    func portClosed() async throws {
        let client = try SNMPClient()
        defer { client.close() }
        let result = await client.read([sysName], from: loopback(freePort()))
        guard case .failed(.noAnswer(_, _, _, let portClosed)) = result.receipt.end else {
            Issue.record("ended as \(result.receipt.end)")
            return
        }
        #expect(portClosed)
    }

    @Test("takes an answer that comes after a lost request")
    func lostRequest() async throws {
        let result = try await ask { bytes, number in
            number == 1 ? [] : TestRequest(bytes).map { [.here(named($0, "late"))] } ?? []
        }
        #expect(result.rows == [SNMPRow(sysName, .octets(Array("late".utf8)))])
        #expect(result.receipt.retries == 1)
        #expect(result.receipt.isComplete)
    }

    @Test("refuses an answer that comes from another port")
    func otherPort() async throws {
        let result = try await ask { bytes, _ in
            TestRequest(bytes).map { [.elsewhere(named($0, "spoofed"))] } ?? []
        }
        #expect(result.rows.isEmpty)
        #expect(!result.receipt.isComplete)
    }

    @Test("refuses answers with another request id or community, and waits for the right one")
    func foreignAnswers() async throws {
        let result = try await ask { bytes, _ in
            guard let request = TestRequest(bytes) else { return [] }
            let forged = [(sysName, BER.tlv(4, Array("forged".utf8)))]
            return [
                .here(request.response(forged, id: request.id + 1)),
                .here(request.response(forged, community: Array("secret".utf8))), .here(named(request, "right")),
            ]
        }
        #expect(result.rows.map(\.value) == [.octets(Array("right".utf8))])
        #expect(result.receipt.refusedAnswers == 1)
    }

    @Test("survives every truncation and every flipped byte of an answer")
    func truncated() async throws {
        let agent = try #require(
            FakeAgent { bytes, number in
                guard let request = TestRequest(bytes) else { return [] }
                let right = named(request, "a name that is long enough to be cut in many places")
                var replies: [FakeAgent.Reply] = []
                for length in 0..<right.count { replies.append(.here(Array(right[..<length]))) }
                for position in right.indices where position % 7 == number % 7 {
                    var flipped = right
                    flipped[position] ^= 0xff
                    replies.append(.here(flipped))
                }
                return replies
            })
        defer { agent.stop() }
        let client = try SNMPClient()
        defer { client.close() }
        for _ in 0..<14 {
            let result = await client.read([sysName], from: loopback(agent.port, retries: 0))
            #expect(result.rows.count <= 1)
        }
    }

    @Test("keeps to the types: wrong lengths, wide numbers and unknown types are no crash")
    func types() async throws {
        let values: [[UInt8]] = [
            [0x46, 9, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0x40, 3, 1, 2, 3], [0x40, 4, 1, 2, 3, 4],
            [0x02, 0], [0x41, 5, 0, 0xff, 0xff, 0xff, 0xff], [0x06, 0], [0x06, 2, 0x80, 0x80],
            [0x44, 3, 0x9f, 0x78, 4],
            [0x03, 2, 0, 1], [0x47, 1, 1], [0x42, 4, 0xff, 0xff, 0xff, 0xff],
        ]
        let seen = try await values.asyncMap { value in
            try await ask(retries: 0) { bytes, _ in
                TestRequest(bytes).map { [.here($0.response([(sysName, value)]))] } ?? []
            }.rows.first?.value
        }
        #expect(seen[0] == .counter64(.max))
        #expect(seen[2] == .ipAddress(try #require(IPAddress("1.2.3.4"))))
        #expect(seen[4] == .counter32(.max))
        #expect(seen[10] == .gauge32(.max))
    }

    @Test("ends a walk that goes in circles, and one that never ends", arguments: [true, false])
    func endlessWalk(_ circular: Bool) async throws {
        let agent = try #require(
            FakeAgent { bytes, number in
                guard let request = TestRequest(bytes), let asked = request.oids.first else { return [] }
                let root: OID = [1, 3, 6, 1, 2, 1, 2]
                let next = circular ? UInt32(number % 3) : UInt32((asked.parts.last ?? 0) &+ 1)
                return [.here(request.response([(root.appending(1, next), BER.integer(1))]))]
            })
        defer { agent.stop() }
        let client = try SNMPClient()
        defer { client.close() }
        var target = loopback(agent.port)
        target.limits = SNMPLimits(rows: 50, deadline: 10)
        let result = await client.rows(under: [[1, 3, 6, 1, 2, 1, 2]], from: target)
        #expect(result.rows.count <= 50)
        if circular {
            guard case .failed(.notIncreasing) = result.receipt.end else {
                Issue.record("ended as \(result.receipt.end)")
                return
            }
        } else {
            #expect(result.receipt.end == .rowLimit)
        }
    }

    @Test("is freed at once by the cancellation of its task")
    func cancellation() async throws {
        let agent = try #require(FakeAgent { _, _ in [] })
        defer { agent.stop() }
        let client = try SNMPClient()
        defer { client.close() }
        var target = loopback(agent.port, retries: 50)
        target.limits.deadline = 60
        let patient = target
        let started = ContinuousClock.now
        let end = await withTaskGroup(of: SNMPEnd.self) { group in
            group.addTask { await client.read([sysName], from: patient).receipt.end }
            _ = await eventually { !agent.requests.isEmpty }
            group.cancelAll()
            return await group.next()
        }
        #expect(end == .cancelled)
        #expect(ContinuousClock.now - started < .seconds(5))
    }

    @Test("ends by its deadline however many retries are left")
    func deadline() async throws {
        let agent = try #require(FakeAgent { _, _ in [] })
        defer { agent.stop() }
        let client = try SNMPClient()
        defer { client.close() }
        var target = loopback(agent.port, retries: 50)
        target.limits.deadline = 0.3
        #expect(await client.read([sysName], from: target).receipt.end == .deadline)
    }

    @Test("cancels what is under way when it is closed, and what comes after")
    func close() async throws {
        let agent = try #require(FakeAgent { _, _ in [] })
        defer { agent.stop() }
        let client = try SNMPClient()
        let target = loopback(agent.port, retries: 50)
        async let underWay = client.read([sysName], from: target)
        _ = await eventually { !agent.requests.isEmpty }
        client.close()
        #expect(await underWay.receipt.end == .cancelled)
        #expect(await client.read([sysName], from: target).receipt.end == .cancelled)
    }

    @Test("answers a SNMPv3 agent that is silent, or never gets past its Reports, without blocking others")
    func reports() async throws {
        let quiet = try #require(FakeAgent { _, _ in [] })
        let user = SNMPUser(name: "u", authentication: .sha1, passphrase: "12345678")
        let looping = try #require(FakeAgent { bytes, _ in [.here(report(to: bytes))] })
        let good = try #require(FakeAgent { bytes, _ in TestRequest(bytes).map { [.here(named($0, "ok"))] } ?? [] })
        defer { for agent in [quiet, looping, good] { agent.stop() } }
        let client = try SNMPClient()
        defer { client.close() }
        let targets = [
            loopback(quiet.port, .v3(user), retries: 8), loopback(looping.port, .v3(user)), loopback(good.port),
        ]
        let first = await withTaskGroup(of: (Int, Bool).self) { group in
            for number in [0, 2] {
                group.addTask { (number, await client.read([sysName], from: targets[number]).receipt.isComplete) }
            }
            defer { group.cancelAll() }
            return await group.next()
        }
        #expect(first?.0 == 2, "a silent v3 device must not hold up another")
        #expect(first?.1 == true)
        #expect(await !client.read([sysName], from: targets[1]).receipt.isComplete)
        #expect(looping.requests.count < 20)
    }

    @Test("names the context or user that a SNMPv3 agent's Report refuses", arguments: [0, 1])
    func refusedByReport(_ which: Int) async throws {
        let unknownContext: [UInt32] = [1, 3, 6, 1, 6, 3, 12, 1, 5, 0]
        let unknownUser: [UInt32] = [1, 3, 6, 1, 6, 3, 15, 1, 1, 3, 0]
        let counter = which == 0 ? unknownContext : unknownUser
        let result = try await ask(.v3(SNMPUser(name: "u"), context: "elsewhere")) { bytes, number in
            let engine = UInt8(which + 1)
            return [
                .here(
                    number == 1
                        ? report(to: bytes, engine: engine) : report(to: bytes, counter, user: "u", engine: engine))
            ]
        }
        #expect(result.receipt.end == .failed(which == 0 ? .unknownContext("elsewhere") : .unknownUser("u")))
    }

    @Test("refuses credentials that no device could accept")
    func badCredentials() async throws {
        let client = try SNMPClient()
        defer { client.close() }
        let flawed: [SNMPCredential] = [
            .v2c(community: ""), .v2c(community: "a\0b"), .v3(SNMPUser(name: "")),
            .v3(SNMPUser(name: "u", authentication: .sha256, passphrase: "short")),
            .v3(SNMPUser(name: String(repeating: "u", count: 33))),
        ]
        for credential in flawed {
            guard case .failed(.badCredential) = await client.read([sysName], from: loopback(9, credential)).receipt.end
            else {
                Issue.record("accepted")
                return
            }
        }
    }

    @Test("never shows a secret in a description")
    func secrets() {
        let credentials: [SNMPCredential] = [
            .v2c(community: "hunter22"),
            .v3(
                SNMPUser(
                    name: "u", authentication: .md5, passphrase: "hunter22", privacy: .des,
                    privacyPassphrase: "hunter22")),
        ]
        for credential in credentials {
            let target = loopback(9, credential)
            #expect(!"\(credential) \(target) \(String(reflecting: target))".contains("hunter22"))
        }
    }
}

private let unknownEngineIDs: [UInt32] = [1, 3, 6, 1, 6, 3, 15, 1, 1, 4, 0]

/// A Report to a v3 request, from the engine with this last octet in its id.
private func report(
    to bytes: [UInt8], _ counter: [UInt32] = unknownEngineIDs, user: String = "", engine number: UInt8 = 0
) -> [UInt8] {
    guard let message = BER.read(bytes[...]), let version = BER.read(message.contents),
        let header = BER.read(version.rest), let id = BER.read(header.contents)
    else { return [] }
    let head = BER.integer(BER.number(id.contents)) + BER.integer(65507) + BER.tlv(4, [0]) + BER.integer(3)
    let engine = BER.tlv(4, [0x80, 0, 0, 1, 2, 3, 4, number])
    let name = BER.tlv(4, Array(user.utf8))
    let security = engine + BER.integer(1) + BER.integer(1) + name + BER.tlv(4, []) + BER.tlv(4, [])
    let varbind = BER.tlv(0x30, BER.oid(counter) + BER.integer(1, tag: 0x41))
    let pdu = BER.tlv(0xa8, BER.integer(0) + BER.integer(0) + BER.integer(0) + BER.tlv(0x30, varbind))
    return BER.tlv(
        0x30,
        BER.integer(3) + BER.tlv(0x30, head) + BER.tlv(4, BER.tlv(0x30, security))
            + BER.tlv(0x30, engine + BER.tlv(4, []) + pdu))
}

extension Array {
    fileprivate func asyncMap<T>(_ transform: (Element) async throws -> T) async rethrows -> [T] {
        var results: [T] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
