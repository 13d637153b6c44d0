import Crypto
import Model
import SwiftASN1
import Testing
import X509

@testable import FleetCA

@Suite("Certificates of agents")
struct AgentCertificateTests {
    let start = Timestamp(rfc3339: "2026-11-23T12:00:00Z") ?? Timestamp(seconds: 0)
    let agent = "agent-00112233445566778899aabbccddeeff"

    @Test("What is issued passes every check until it ends, and is refused by name before and after")
    func validity() async throws {
        let authority = try FleetAuthority.make(at: start)
        let issued = try authority.issue(request: try request(), agent: agent, at: start)
        let der = [try derBytes(of: try Certificate(pemEncoded: issued.pem))]
        let verified = try await authority.verify(der, at: start)
        #expect(verified.id == agent)
        #expect(verified.serial == issued.serial)
        #expect(issued.notAfter == start.adding(seconds: 90 * 86_400))
        #expect(issued.renewAfter == start.adding(seconds: 60 * 86_400))
        await #expect(throws: CertificateProblem.expired(at: issued.notAfter)) {
            try await authority.verify(der, at: issued.notAfter.adding(seconds: 1))
        }
        await #expect(throws: CertificateProblem.notYetValid(from: start.adding(seconds: -300))) {
            try await authority.verify(der, at: start.adding(seconds: -301))
        }
    }

    @Test(
        "Names and extensions in a request are ignored",
        arguments: [
            "agent-ffffffffffffffffffffffffffffffff", "root", "a\u{0}b", "\u{202e}x", String(repeating: "n", count: 64),
        ])
    func hostileNames(name: String) async throws {
        let authority = try FleetAuthority.make(at: start)
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let request = try CertificateSigningRequest(
            version: .v1,
            subject: try DistinguishedName {
                CommonName(name)
                OrganizationName("admin")
            },
            privateKey: key,
            attributes: try .init([
                .init(
                    ExtensionRequest(
                        extensions: try Certificate.Extensions {
                            Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                            SubjectAlternativeNames([.dnsName("collector")])
                        }))
            ]),
            signatureAlgorithm: .ecdsaWithSHA256)
        let issued = try authority.issue(request: try request.serializeAsPEM().pemString, agent: agent, at: start)
        let certificate = try Certificate(pemEncoded: issued.pem)
        #expect(certificate.commonName == agent)
        #expect(try certificate.extensions.subjectAlternativeNames == nil)
        #expect(try certificate.extensions.basicConstraints == .notCertificateAuthority)
        #expect(try await authority.verify([try derBytes(of: certificate)], at: start).id == agent)
    }

    @Test("A request over somebody else's key is refused")
    func otherKey() throws {
        let authority = try FleetAuthority.make(at: start)
        let mine = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let theirs = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let good = try CertificateSigningRequest(
            version: .v1, subject: DistinguishedName(), privateKey: mine, attributes: .init(),
            signatureAlgorithm: .ecdsaWithSHA256)
        let forged = try CertificateSigningRequest(
            version: .v1, subject: DistinguishedName(), publicKey: theirs.publicKey, attributes: .init(),
            signatureAlgorithm: .ecdsaWithSHA256, signature: good.signature)
        #expect(throws: FleetCAError.request("its signature is not by the key in it")) {
            try authority.issue(request: try forged.serializeAsPEM().pemString, agent: agent, at: start)
        }
    }

    @Test(
        "What is no request is refused",
        arguments: ["", "x", "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n"])
    func noRequest(text: String) throws {
        let authority = try FleetAuthority.make(at: start)
        #expect(throws: FleetCAError.self) { try authority.issue(request: text, agent: agent, at: start) }
        #expect(throws: FleetCAError.request("larger than 8 KiB")) {
            try authority.issue(request: String(repeating: "A", count: 8193), agent: agent, at: start)
        }
    }

    @Test("Every octet of a good request changed in turn ends in an answer, never in a trap")
    func mutatedRequests() throws {
        let authority = try FleetAuthority.make(at: start)
        let good = Array(try request().utf8)
        for index in good.indices {
            var bytes = good
            bytes[index] ^= 0x15
            _ = try? authority.issue(request: String(decoding: bytes, as: UTF8.self), agent: agent, at: start)
            _ = try? authority.issue(
                request: String(decoding: good.prefix(index), as: UTF8.self), agent: agent, at: start)
        }
    }

    @Test("Another CA's certificate of the same name, a server's and a foreign subject are refused by name")
    func refusals() async throws {
        let authority = try FleetAuthority.make(at: start)
        let other = try FleetAuthority.make(at: start)
        let foreign = try other.issue(request: try request(), agent: agent, at: start)
        await #expect(throws: CertificateProblem.wrongAuthority) {
            try await authority.verify([try derBytes(of: try Certificate(pemEncoded: foreign.pem))], at: start)
        }
        let odd = try authority.issue(request: try request(), agent: "root", at: start)
        await #expect(throws: CertificateProblem.notAnAgent) {
            try await authority.verify([try derBytes(of: try Certificate(pemEncoded: odd.pem))], at: start)
        }
        await #expect(throws: CertificateProblem.notForClients) {
            try await authority.verify([authority.der], at: start)
        }
        await #expect(throws: CertificateProblem.absent) { try await authority.verify([], at: start) }
        await #expect(throws: CertificateProblem.unreadable) { try await authority.verify([[0x30, 0x03]], at: start) }
    }

    @Test("A CA of the same name with another key cannot sign for this fleet")
    func sameName() async throws {
        let authority = try FleetAuthority.make(at: start)
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let impostor = try FleetAuthority(
            certificate: try Certificate(
                version: .v3, serialNumber: .init(bytes: [1]), publicKey: key.publicKey, notValidBefore: start.date,
                notValidAfter: start.adding(seconds: 1000).date, issuer: authority.certificate.subject,
                subject: authority.certificate.subject, signatureAlgorithm: .ecdsaWithSHA256,
                extensions: try Certificate.Extensions {
                    Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                }, issuerPrivateKey: key), key: key)
        let issued = try impostor.issue(request: try request(), agent: agent, at: start)
        await #expect(throws: CertificateProblem.wrongAuthority) {
            try await authority.verify([try derBytes(of: try Certificate(pemEncoded: issued.pem))], at: start)
        }
    }

    @Test("Agent ids are those that are made here")
    func identities() throws {
        let made = try FleetAuthority.newAgentID()
        #expect(FleetAuthority.isAgentID(made))
        #expect(made != (try FleetAuthority.newAgentID()))
        for text in ["", "agent-", agent.uppercased(), agent + "0", "agent-0011223344556677889_aabbccddeef0"] {
            #expect(!FleetAuthority.isAgentID(text))
        }
    }

    private func request() throws -> String {
        try CertificateSigningRequest(
            version: .v1, subject: DistinguishedName(), privateKey: .init(P256.Signing.PrivateKey()),
            attributes: .init(), signatureAlgorithm: .ecdsaWithSHA256
        ).serializeAsPEM().pemString
    }
}
