import Glibc
import Model
import Testing
import Wire

@testable import AgentRuntime

@Suite("Key and identity")
struct IdentityTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test("A key is P-256 in PKCS 8, a request names nobody else, both are PEM")
    func keyAndRequest() throws {
        let key = try #require(PrivateKey())
        let text = String(decoding: key.pem, as: UTF8.self)
        #expect(text.hasPrefix("-----BEGIN PRIVATE KEY-----\n") && text.hasSuffix("-----END PRIVATE KEY-----\n"))
        let request = try #require(key.certificateRequest())
        #expect(request.hasPrefix("-----BEGIN CERTIFICATE REQUEST-----\n"))
        #expect(try #require(PrivateKey()).pem != key.pem)
        #expect(PrivateKey(pem: key.pem) != nil)
    }

    @Test("Damaged keys and certificates are refused, never a trap")
    func damaged() throws {
        let key = try #require(PrivateKey())
        for count in stride(from: 0, to: key.pem.count - 1, by: 7) {
            #expect(PrivateKey(pem: Array(key.pem[..<count])) == nil)
        }
        for bytes: [UInt8] in [
            [], [0x30], [0x30, 0x82, 0xff, 0xff], Array("-----BEGIN CERTIFICATE-----".utf8), key.pem,
        ] {
            #expect(Certificate(bytes) == nil)
        }
        #expect(PrivateKey(pem: TestCertificates.authority) == nil)
    }

    @Test("A certificate tells its dates, name, hash, issuer and whether it may sign")
    func certificate() throws {
        let authority = try #require(Certificate(TestCertificates.authority))
        let agent = try #require(Certificate(TestCertificates.agent))
        let key = try #require(PrivateKey(pem: TestCertificates.agentKey))
        #expect(authority.isAuthority && !agent.isAuthority)
        #expect(agent.commonName == TestCertificates.agentID)
        #expect(agent.notBefore < agent.notAfter)
        #expect(agent.notAfter.rfc3339.hasPrefix("2036-"))
        #expect(authority.fingerprint.description == TestCertificates.authorityHash)
        #expect(agent.isSigned(by: authority) && !authority.isSigned(by: agent))
        #expect(agent.matches(key) && !authority.matches(key))
    }

    private func whole() throws -> StateDirectory {
        let state = StateDirectory(directory.path)
        try directory.write(TestCertificates.authority, to: "authority.pem")
        try directory.write(TestCertificates.agent, to: "certificate.pem")
        try directory.write(TestCertificates.agentKey, to: "key.pem")
        let record = AgentRecord(
            agentID: TestCertificates.agentID, host: "h", port: 1, generation: 4, renewAfter: Timestamp(milliseconds: 0)
        )
        try record.save(state.agent)
        return state
    }

    @Test("A whole identity loads")
    func loads() throws {
        let identity = try AgentIdentity.load(try whole())
        #expect(identity.record.agentID == TestCertificates.agentID && identity.record.generation == 4)
    }

    @Test("Nothing there says how to enrol")
    func notEnrolled() {
        #expect(throws: IdentityError.notEnrolled(directory: directory.path)) {
            try AgentIdentity.load(StateDirectory(directory.path))
        }
    }

    @Test("A8: Each file missing, empty, loose or of another is named exactly")
    func exactErrors() throws {
        let files = ["key.pem", "certificate.pem", "authority.pem", "agent.json"]
        for name in files {
            for spoil in ["missing", "empty", "junk", "directory", "writable"] {
                let state = try whole()
                let path = directory.path + "/" + name
                switch spoil {
                case "missing": unlink(path)
                case "empty": try directory.write([], to: name)
                case "junk": try directory.write(Array("junk".utf8), to: name)
                case "writable": chmod(path, 0o622)
                default:
                    unlink(path)
                    mkdir(path, 0o700)
                }
                do {
                    _ = try AgentIdentity.load(state)
                    Issue.record("\(name) \(spoil) was accepted")
                } catch {
                    #expect(error.description.contains(path), "\(name) \(spoil): \(error.description)")
                    #expect(!error.description.contains("\n"))
                }
                if spoil == "directory" { rmdir(path) }
            }
        }
    }

    @Test("A8: A key that others may read is refused with what to do")
    func looseKey() throws {
        let state = try whole()
        chmod(state.key, 0o640)
        do {
            _ = try AgentIdentity.load(state)
            Issue.record("accepted")
        } catch { #expect(error.description.contains("chmod 600")) }
    }

    @Test("A8: Another's key, certificate or record does not make an identity")
    func mixed() throws {
        var state = try whole()
        try directory.write(try #require(PrivateKey()).pem, to: "key.pem")
        #expect(throws: IdentityError.self) { try AgentIdentity.load(state) }
        state = try whole()
        try directory.write(TestCertificates.agent, to: "authority.pem")
        #expect(throws: IdentityError.self) { try AgentIdentity.load(state) }
        state = try whole()
        var record = try AgentRecord.load(state.agent)
        record.agentID = "agent-00000000000000000000000000000000"
        try record.save(state.agent)
        #expect(throws: IdentityError.self) { try AgentIdentity.load(state) }
    }

    @Test("S6: A renewal cut short between its files is put right")
    func renewalRecovery() throws {
        let state = try whole()
        #expect(try RenewalRecovery.repair(state) == nil)
        // New key in place, new certificate not: the old key comes back.
        try DurableFile.replace(state.previousKey, with: TestCertificates.agentKey)
        try directory.write(try #require(PrivateKey()).pem, to: "key.pem")
        #expect(try RenewalRecovery.repair(state) != nil)
        #expect(try AgentIdentity.load(state).certificate.commonName == TestCertificates.agentID)
        // The certificate in place, the key not yet named: enrolment cut short.
        rename(state.key, state.pendingKey)
        #expect(try RenewalRecovery.repair(state) != nil)
        #expect(try AgentIdentity.load(state).record.generation == 4)
    }

    @Test("Seal removes identity, spool and sections, and nothing else")
    func seal() throws {
        let state = try whole()
        let journal = SpoolJournal(
            directory: state.spool, bounds: SpoolBounds(bytes: 1 << 20, age: 10), uptime: { 0 })
        journal.append([PendingReport(kind: 6, claimedMilliseconds: 0, payload: [1])])
        let running = try StateLock(state)
        #expect(throws: FileError.self) { try state.seal() }
        _ = consume running
        try directory.write([1], to: "keep")
        let removed = try state.seal()
        #expect(removed.contains(state.key) && removed.contains(state.spool))
        #expect(directory.names() == ["keep"])
        #expect(try state.seal().isEmpty)
    }

    @Test("A token comes from a file only its owner can read, or not at all")
    func tokenFile() throws {
        let text = "muster-join:1:h:7601:\(TestCertificates.authorityHash):\(String(repeating: "0a", count: 16))"
        try directory.write(Array("  \(text)\n".utf8), to: "token")
        #expect(try Enrolment.token(from: directory.path + "/token").text == text)
        chmod(directory.path + "/token", 0o644)
        #expect(throws: EnrolmentError.self) { try Enrolment.token(from: directory.path + "/token") }
        for bytes in [[], Array("\n".utf8), Array("x".utf8), [0xff, 0xfe]] {
            try directory.write(bytes, to: "token")
            do {
                _ = try Enrolment.token(from: directory.path + "/token")
                Issue.record("accepted")
            } catch { #expect(!error.description.contains(text)) }
        }
    }
}
