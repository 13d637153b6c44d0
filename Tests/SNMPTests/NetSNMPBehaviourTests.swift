import Glibc
import Model
import SNMP
import SNMPTestSupport
import Testing

private let sysDescr: OID = [1, 3, 6, 1, 2, 1, 1, 1, 0]
private let system: OID = [1, 3, 6, 1, 2, 1, 1]
private let interfaces: OID = [1, 3, 6, 1, 2, 1, 2]

private let configuration = """
    rocommunity public
    rocommunity6 public
    sysName box
    sysLocation rack
    createUser plain
    createUser auth SHA authpass1
    createUser md5des MD5 authpass1 DES privpass1
    createUser sha1aes128 SHA authpass1 AES privpass1
    createUser sha224aes128 SHA-224 authpass1 AES privpass1
    createUser sha256aes192 SHA-256 authpass1 AES-192 privpass1
    createUser sha384aes256 SHA-384 authpass1 AES-256 privpass1
    createUser sha512aes256 SHA-512 authpass1 AES-256 privpass1
    createUser sha1aes256c SHA authpass1 AES-256-C privpass1
    rouser plain noauth
    rouser auth auth
    rouser md5des priv
    rouser sha1aes128 priv
    rouser sha224aes128 priv
    rouser sha256aes192 priv
    rouser sha384aes256 priv
    rouser sha512aes256 priv
    rouser sha1aes256c priv
    """

private func user(
    _ name: String, _ authentication: SNMPAuthentication, _ passphrase: String = "authpass1",
    _ privacy: SNMPPrivacy? = nil, _ privacyPassphrase: String = "privpass1"
) -> SNMPUser {
    SNMPUser(
        name: name, authentication: authentication, passphrase: passphrase, privacy: privacy,
        privacyPassphrase: privacyPassphrase)
}

private let everyUser: [SNMPUser] = [
    SNMPUser(name: "plain"), user("auth", .sha1), user("md5des", .md5, "authpass1", .des),
    user("sha1aes128", .sha1, "authpass1", .aes128), user("sha224aes128", .sha224, "authpass1", .aes128),
    user("sha256aes192", .sha256, "authpass1", .aes192), user("sha384aes256", .sha384, "authpass1", .aes256),
    user("sha512aes256", .sha512, "authpass1", .aes256), user("sha1aes256c", .sha1, "authpass1", .aes256c),
]

/// Each numbered behaviour of net-snmp that once surprised somebody, against net-snmp's own agent.
@Suite("net-snmp, as it really behaves", .enabled(if: Snmpd.path != nil, "no snmpd on this machine"))
struct NetSNMPBehaviourTests {
    /// Runs `body` with a running agent and a client.
    private func withAgent(
        _ body: (Snmpd, SNMPClient, (SNMPCredential) -> SNMPTarget) async throws -> Void
    ) async throws {
        let agent = try #require(try Snmpd(configuration))
        defer { agent.stop() }
        let client = try SNMPClient()
        defer { client.close() }
        let target = { (credential: SNMPCredential) in
            SNMPTarget(
                address: localhost, port: agent.port, credential: credential, timeout: 0.4, retries: 1,
                limits: SNMPLimits(deadline: 20))
        }
        let answers = await eventually {
            await client.read([sysDescr], from: target(.v2c(community: "public"))).receipt.isComplete
        }
        try #require(answers, "snmpd did not start: \(agent.log)")
        try await body(agent, client, target)
    }

    @Test("reads over v1, v2c and v3 with every hash and cipher the library has (8)")
    func everyVersion() async throws {
        try await withAgent { _, client, target in
            let credentials =
                [.v1(community: "public"), .v2c(community: "public")] + everyUser.map { SNMPCredential.v3($0) }
            for credential in credentials {
                let result = await client.rows(under: [system], from: target(credential))
                #expect(result.receipt.isComplete, "\(credential): \(result.receipt)")
                #expect(result.rows.contains(SNMPRow([1, 3, 6, 1, 2, 1, 1, 5, 0], .octets(Array("box".utf8)))))
            }
        }
    }

    @Test("asks many at once from one thread (1)")
    func manyAtOnce() async throws {
        try await withAgent { _, client, target in
            let complete = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<40 {
                    let credential: SNMPCredential =
                        number % 2 == 0 ? .v2c(community: "public") : .v3(everyUser[number % everyUser.count])
                    var asked = target(credential)
                    asked.retries = 6
                    let patient = asked
                    group.addTask { await client.rows(under: [interfaces], from: patient).receipt.isComplete }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(complete == 40)
        }
    }

    @Test("a right passphrase after a wrong one works, a wrong one after a right one does not (3)")
    func usersDoNotStay() async throws {
        try await withAgent { _, client, target in
            let right = target(.v3(user("auth", .sha1)))
            let wrong = target(.v3(user("auth", .sha1, "wrongpass")))
            for _ in 0..<3 {
                #expect(
                    await client.read([sysDescr], from: wrong).receipt.end
                        == .failed(.wrongAuthenticationKey(user: "auth")))
                #expect(await client.read([sysDescr], from: right).receipt.isComplete)
            }
            async let first = client.read([sysDescr], from: wrong)
            async let second = client.read([sysDescr], from: right)
            async let third = client.read([sysDescr], from: wrong)
            #expect(await second.receipt.isComplete)
            #expect(await !first.receipt.isComplete)
            #expect(await !third.receipt.isComplete)
        }
    }

    @Test("the check that failed is named (4, 8)")
    func namedErrors() async throws {
        try await withAgent { _, client, target in
            let cases: [(SNMPCredential, SNMPError)] = [
                (.v3(user("nobody", .sha1)), .unknownUser("nobody")),
                (.v3(user("auth", .sha1, "wrongpass")), .wrongAuthenticationKey(user: "auth")),
                (.v3(user("auth", .sha256)), .wrongAuthenticationKey(user: "auth")),
                (.v3(user("auth", .sha1, "authpass1", .aes128)), .unsupportedSecurityLevel(user: "auth")),
                (
                    .v3(user("sha1aes128", .sha1, "authpass1", .aes128, "wrongpass")),
                    .wrongPrivacyKey(user: "sha1aes128")
                ),
                (.v3(user("sha1aes256c", .sha1, "authpass1", .aes256)), .wrongPrivacyKey(user: "sha1aes256c")),
            ]
            for (credential, error) in cases {
                let result = await client.read([sysDescr], from: target(credential))
                #expect(result.receipt.end == .failed(error), "\(credential)")
            }
            let silent = await client.read([sysDescr], from: target(.v2c(community: "wrong")))
            guard case .failed(.noAnswer) = silent.receipt.end else {
                Issue.record("wrong community ended as \(silent.receipt.end)")
                return
            }
        }
    }

    @Test("a device without rights for the user is an error, not an empty device")
    func noRights() async throws {
        try await withAgent { _, client, target in
            let result = await client.rows(under: [system], from: target(.v3(SNMPUser(name: "auth"))))
            #expect(!result.receipt.isComplete)
        }
    }

    @Test(
        "a restart is followed: boot count up, boot count back to the start, another engine id (2, 3)", arguments: 0...2
    )
    func restart(_ kind: Int) async throws {
        let engine = "\nexactEngineID 0x80001f88800102030\(kind)\n"
        let agent = try #require(try Snmpd(configuration + engine + "engineBoots 5\n"))
        defer { agent.stop() }
        let client = try SNMPClient()
        defer { client.close() }
        let asked = SNMPTarget(
            address: localhost, port: agent.port,
            credential: .v3(user("sha1aes128", .sha1, "authpass1", .aes128)), timeout: 0.4, retries: 1)
        #expect(await eventually { await client.read([sysDescr], from: asked).receipt.isComplete })
        agent.halt()
        let next = [engine + "engineBoots 9\n", engine + "engineBoots 1\n", "\nexactEngineID 0x80001f88800807060504\n"]
        try agent.configure(configuration + next[kind])
        try #require(agent.start())
        let back = await eventually(within: 10) { await client.read([sysDescr], from: asked).receipt.isComplete }
        #expect(back, "\(agent.log)")
    }

    @Test("two devices with one engine id are read one after the other (3)")
    func clonedEngineIDs() async throws {
        let cloned = configuration + "\nexactEngineID 0x80001f8880aabbccdd\n"
        let first = try #require(try Snmpd(cloned))
        let second = try #require(try Snmpd(cloned))
        defer {
            first.stop()
            second.stop()
        }
        let client = try SNMPClient()
        defer { client.close() }
        let targets = [first, second].map {
            SNMPTarget(
                address: localhost, port: $0.port, credential: .v3(user("auth", .sha1)), timeout: 0.5, retries: 4)
        }
        for target in targets {
            #expect(await eventually { await client.read([sysDescr], from: target).receipt.isComplete })
        }
        let complete = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<8 {
                group.addTask { await client.rows(under: [interfaces], from: targets[number % 2]).receipt.isComplete }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(complete == 8)
    }

    @Test("reads over TCP and IPv6, and notices when a connection ends or is refused (4, 7)")
    func transports() async throws {
        try await withAgent { agent, client, target in
            var tcp = target(.v2c(community: "public"))
            tcp.transport = .tcp
            let result = await client.rows(under: [interfaces], from: tcp)
            #expect(result.receipt.isComplete, "\(result.receipt)")
            var tcpUser = target(.v3(user("sha1aes128", .sha1, "authpass1", .aes128)))
            tcpUser.transport = .tcp
            #expect(await client.read([sysDescr], from: tcpUser).receipt.isComplete)
            var v6 = target(.v2c(community: "public"))
            v6.address = try #require(IPAddress("::1"))
            #expect(await client.rows(under: [interfaces], from: v6).receipt.isComplete)
            agent.halt()
            #expect(await !client.read([sysDescr], from: tcp).receipt.isComplete)
            let refused = await client.read([sysDescr], from: tcp)
            guard case .failed(.noAnswer(_, _, _, true)) = refused.receipt.end else {
                Issue.record("refused TCP ended as \(refused.receipt.end)")
                return
            }
        }
    }

    @Test("GETBULK reads what GETNEXT reads, in fewer messages (9)")
    func bulk() async throws {
        try await withAgent { _, client, target in
            let bulk = await client.rows(under: [interfaces], from: target(.v2c(community: "public")))
            let single = await client.rows(under: [interfaces], from: target(.v1(community: "public")))
            #expect(!bulk.rows.isEmpty)
            #expect(bulk.rows.map(\.oid) == single.rows.map(\.oid))
            #expect(bulk.receipt.requests * 4 < single.receipt.requests)
        }
    }

    @Test("exceptions carry no value, and every type arrives as itself (9)")
    func types() async throws {
        try await withAgent { _, client, target in
            let v2c = target(.v2c(community: "public"))
            let result = try await client.get(
                [
                    sysDescr, [1, 3, 6, 1, 2, 1, 1, 2, 0], [1, 3, 6, 1, 2, 1, 1, 3, 0], [1, 3, 6, 1, 2, 1, 1, 99, 0],
                    [1, 3, 9],
                ],
                from: v2c)
            #expect(result.rows.count == 5)
            #expect(result.rows[0].value.octets?.isEmpty == false)
            #expect(result.rows[1].value.objectID?.parts.starts(with: [1, 3, 6, 1, 4, 1, 8072]) == true)
            guard case .timeticks = result.rows[2].value else {
                Issue.record("sysUpTime is \(result.rows[2].value)")
                return
            }
            #expect(result.rows[3].value.isException)
            #expect(result.rows[4].value == .noSuchObject)
            let counters = await client.table([1, 3, 6, 1, 2, 1, 31, 1, 1, 1], columns: [1, 6, 10], from: v2c)
            #expect(!counters.indexes.isEmpty)
            for index in counters.indexes {
                guard case .counter64 = counters[index, 6] else {
                    Issue.record("ifHCInOctets is \(String(describing: counters[index, 6]))")
                    return
                }
            }
        }
    }

    @Test("rows come in chunks, and ending the iteration ends the walk")
    func chunks() async throws {
        try await withAgent { _, client, target in
            let asked = target(.v2c(community: "public"))
            var rows = 0
            var receipt: SNMPReceipt?
            for await event in client.walk([[1, 3, 6, 1, 2, 1]], from: asked) {
                switch event {
                case .rows(let chunk): rows += chunk.count
                case .end(let end): receipt = end
                }
            }
            #expect(receipt?.isComplete == true)
            #expect(receipt?.rows == rows)
            #expect(rows > 256)
            for await _ in client.walk([[1, 3, 6, 1, 2, 1]], from: asked) { break }
            #expect(await client.read([sysDescr], from: asked).receipt.isComplete)
        }
    }

    @Test("what cannot be sent at all is an error at once (9)")
    func sendFails() async throws {
        let client = try SNMPClient()
        defer { client.close() }
        let unroutable = try #require(IPAddress("255.255.255.255"))
        let target = SNMPTarget(address: unroutable, credential: .v2c(community: "public"))
        let result = await client.read([sysDescr], from: target)
        guard case .failed(.unreachable) = result.receipt.end else {
            Issue.record("ended as \(result.receipt.end)")
            return
        }
        #expect(result.receipt.seconds < 1)
    }
}
