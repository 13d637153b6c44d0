import FoundationEssentials
import Model
import SwiftASN1
import Wire
// The verifier reads the collector's clock as everything else does; the library marks a given time as special.
@_spi(FixedExpiryValidationTime) import X509

/// Why a client certificate is refused: each case names one check that failed.
public enum CertificateProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// None was shown.
    case absent
    /// Not readable as X.509.
    case unreadable
    /// Not signed by this fleet's CA.
    case wrongAuthority
    /// Ended.
    case expired(at: Timestamp)
    /// Begins in the future.
    case notYetValid(from: Timestamp)
    /// Its usage does not allow to be a client: for example, a server's certificate.
    case notForClients
    /// Its subject is not an agent's identity.
    case notAnAgent
    /// The agent is revoked, or the certificate was not issued by this collector.
    case revoked
    /// Another standard check (RFC 5280) failed.
    case chain(String)

    /// One line: what failed, what to do.
    public var description: String {
        switch self {
        case .absent: "no client certificate was shown; enrol this agent first"
        case .unreadable: "the client certificate is not readable; enrol this agent again"
        case .wrongAuthority: "the client certificate is not signed by this fleet's CA; enrol this agent again"
        case .expired(let moment):
            "the client certificate ended at \(moment.rfc3339); ask for the next one at POST /v1/agent/recover, as the agent does by itself"
        case .notYetValid(let moment):
            "the client certificate begins at \(moment.rfc3339); check the clocks of agent and collector"
        case .notForClients: "the certificate is not one for clients; enrol this agent again"
        case .notAnAgent: "the subject of the client certificate is no agent; enrol this agent again"
        case .revoked: "this agent is revoked or its certificate is not known here; ask an administrator"
        case .chain(let reason): "the client certificate fails RFC 5280 path validation: \(reason)"
        }
    }
}

/// An agent that showed a certificate in which every standard check holds.
public struct VerifiedAgent: Hashable, Sendable {
    /// Its identity, from the subject.
    public var id: String
    /// The certificate's serial number in lower-case hexadecimal.
    public var serial: String
    /// When the certificate ends.
    public var notAfter: Timestamp
    /// When this CA issued it; nil when that is not known.
    public var issuedAt: Timestamp?

    /// An agent whose certificate the caller has verified.
    public init(id: String, serial: String, notAfter: Timestamp, issuedAt: Timestamp? = nil) {
        self.id = id
        self.serial = serial
        self.notAfter = notAfter
        self.issuedAt = issuedAt
    }
}

extension FleetAuthority {
    /// Checks a client's certificate: signature by this CA, validity at `now`, usage, subject, and the whole of
    /// RFC 5280 path validation. The first certificate is the leaf; further ones a client sends are ignored, because
    /// this CA signs agents directly.
    public func verify(_ chain: [[UInt8]], at now: Timestamp) async throws(CertificateProblem) -> VerifiedAgent {
        guard let first = chain.first else { throw .absent }
        guard first.count <= 16_384, let leaf = try? Certificate(derEncoded: first) else { throw .unreadable }
        let agent = try inspect(leaf, at: now)
        var verifier = Verifier(rootCertificates: CertificateStore([certificate])) {
            RFC5280Policy(fixedExpiryValidationTime: now.date)
        }
        if case .couldNotValidate = await verifier.validate(leaf: leaf, intermediates: CertificateStore()) {
            throw .chain("the chain to the fleet CA does not hold")
        }
        return agent
    }

    /// As ``verify(_:at:)``, but what has only one fault, that it has ended, passes as well: the routes say what little may be done
    /// with it.
    public func verifyEvenEnded(_ chain: [[UInt8]], at now: Timestamp) async throws(CertificateProblem) {
        do { _ = try await verify(chain, at: now) } catch {
            guard case .expired(let end) = error else { throw error }
            _ = try await verify(chain, at: end)
        }
    }

    /// The checks that have a name of their own, in the order in which an operator would ask.
    func inspect(_ leaf: Certificate, at now: Timestamp) throws(CertificateProblem) -> VerifiedAgent {
        guard leaf.issuer == certificate.subject, certificate.publicKey.isValidSignature(leaf.signature, for: leaf)
        else { throw .wrongAuthority }
        guard now.date <= leaf.notValidAfter else { throw .expired(at: Timestamp(leaf.notValidAfter)) }
        guard now.date >= leaf.notValidBefore else { throw .notYetValid(from: Timestamp(leaf.notValidBefore)) }
        guard let purpose = try? leaf.extensions.extendedKeyUsage, purpose.contains(.clientAuth),
            let usage = try? leaf.extensions.keyUsage, usage.digitalSignature
        else { throw .notForClients }
        guard let name = leaf.commonName, Self.isAgentID(name) else { throw .notAnAgent }
        return VerifiedAgent(
            id: name, serial: hexadecimal(leaf.serialNumber.bytes), notAfter: Timestamp(leaf.notValidAfter),
            issuedAt: Timestamp(leaf.notValidBefore).adding(seconds: Self.backdatedSeconds))
    }

    /// Reads identity and serial number out of a certificate that was verified when its connection was made.
    public func agent(ofVerified der: [UInt8], at now: Timestamp) throws(CertificateProblem) -> VerifiedAgent {
        guard let leaf = try? Certificate(derEncoded: der) else { throw .unreadable }
        return try inspect(leaf, at: now)
    }

    /// `agent-` and 32 lower-case hexadecimal digits.
    static func isAgentID(_ text: String) -> Bool {
        guard text.utf8.count == 38, text.utf8.starts(with: "agent-".utf8) else { return false }
        return text.utf8.dropFirst(6).allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }
}

extension Certificate {
    /// The subject's one common name; nil when there is none or several names.
    var commonName: String? {
        let attributes = subject.flatMap { Array($0) }
        guard attributes.count == 1, let only = attributes.first,
            only.type == ASN1ObjectIdentifier.RDNAttributeType.commonName
        else { return nil }
        return String(only.value)
    }
}
