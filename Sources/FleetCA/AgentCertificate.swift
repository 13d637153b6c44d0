import FoundationEssentials
import Model
import SwiftASN1
import Wire
import X509

import enum Crypto.P256
import enum Crypto.P384

/// A certificate that the CA signed for an agent.
public struct AgentCertificate: Hashable, Sendable {
    /// The agent's identity, as it stands in the subject.
    public var agent: String
    /// The certificate in PEM.
    public var pem: String
    /// Its serial number in lower-case hexadecimal.
    public var serial: String
    /// When it ends.
    public var notAfter: Timestamp
    /// When the agent asks for the next one: two thirds of its life.
    public var renewAfter: Timestamp
}

extension FleetAuthority {
    /// Seconds that an agent's certificate lives unless the configuration says otherwise: 90 days.
    public static let agentSeconds: Int64 = 90 * 86_400

    /// A certificate begins so long before it is issued, so that a host whose clock is a little late can use it at once.
    static let backdatedSeconds: Int64 = 300

    /// A new agent identity: `agent-` and 32 hexadecimal digits at random.
    public static func newAgentID() throws(FleetCAError) -> String {
        guard let octets = randomOctets(16) else { throw .crypto("no random numbers") }
        return "agent-" + hexadecimal(octets)
    }

    /// Signs the key in a PKCS #10 request for `agent`. Names and extensions in the request are ignored (threats M18);
    /// its own signature must hold, so that nobody gets a certificate over somebody else's key. The certificate lives
    /// `seconds`.
    public func issue(
        request pem: String, agent: String, at now: Timestamp, seconds: Int64 = agentSeconds
    ) throws -> AgentCertificate {
        let request = try Self.checkedRequest(pem)
        let serial = try randomSerial()
        let notAfter = now.adding(seconds: seconds)
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(bytes: serial), publicKey: request.publicKey,
            notValidBefore: now.adding(seconds: -Self.backdatedSeconds).date, notValidAfter: notAfter.date,
            issuer: certificate.subject, subject: try DistinguishedName { CommonName(agent) },
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.clientAuth])
                SubjectKeyIdentifier(hash: request.publicKey)
                authorityKeyIdentifier
            },
            issuerPrivateKey: key)
        return AgentCertificate(
            agent: agent, pem: try certificate.serializeAsPEM().pemString + "\n", serial: hexadecimal(serial),
            notAfter: notAfter, renewAfter: now.adding(seconds: seconds / 3 * 2))
    }

    var authorityKeyIdentifier: AuthorityKeyIdentifier {
        AuthorityKeyIdentifier(keyIdentifier: SubjectKeyIdentifier(hash: certificate.publicKey).keyIdentifier)
    }

    private static func checkedRequest(_ pem: String) throws(FleetCAError) -> CertificateSigningRequest {
        guard pem.utf8.count <= 8192 else { throw .request("larger than 8 KiB") }
        let request: CertificateSigningRequest
        do { request = try CertificateSigningRequest(pemEncoded: pem) } catch {
            throw .request("not a PKCS #10 request in PEM")
        }
        guard P256.Signing.PublicKey(request.publicKey) != nil || P384.Signing.PublicKey(request.publicKey) != nil
        else {
            throw .request("the key must be an elliptic curve key on P-256 or P-384")
        }
        guard request.publicKey.isValidSignature(request.signature, for: request) else {
            throw .request("its signature is not by the key in it")
        }
        return request
    }
}
