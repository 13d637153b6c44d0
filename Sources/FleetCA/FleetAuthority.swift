import FoundationEssentials
import Model
import SwiftASN1
import Wire
import X509

import enum Crypto.P256

/// The fleet's own certificate authority: signs the collector's and the agents' certificates and nothing else.
///
/// It lives in two files of the state directory: `ca.key` (P-256, mode 0600) and `ca.pem`.
public struct FleetAuthority: Sendable {
    /// The CA's certificate.
    public let certificate: Certificate
    /// The certificate in DER: what the digest in a join token is of.
    public let der: [UInt8]
    /// The certificate in PEM.
    public let pem: String
    let key: Certificate.PrivateKey

    /// SHA-256 of ``der``: agents pin this before their secret leaves the host.
    public var digest: SHA256Digest { SHA256Digest(of: der) }

    /// When the CA's certificate ends.
    public var notAfter: Timestamp { Timestamp(certificate.notValidAfter) }

    /// Ten years.
    static let lifeSeconds: Int64 = 3652 * 86_400

    /// Makes a new CA in `directory`; refuses where one stands.
    public static func create(in directory: String, at now: Timestamp) throws -> FleetAuthority {
        guard !PrivateFile.exists(keyPath(directory)), !PrivateFile.exists(certificatePath(directory)) else {
            throw FleetCAError.exists(path: keyPath(directory))
        }
        let authority = try make(at: now)
        try PrivateFile.write(Array(try authority.key.serializeAsPEM().pemString.utf8), to: keyPath(directory))
        try PrivateFile.write(Array(authority.pem.utf8), to: certificatePath(directory), mode: 0o644)
        return authority
    }

    /// The CA that stands in `directory`.
    public static func load(from directory: String) throws -> FleetAuthority {
        let keyText = String(decoding: try PrivateFile.read(keyPath(directory)), as: UTF8.self)
        let text = String(decoding: try PrivateFile.readPublic(certificatePath(directory)), as: UTF8.self)
        let certificate: Certificate
        let key: Certificate.PrivateKey
        do { key = try Certificate.PrivateKey(pemEncoded: keyText) } catch {
            throw FleetCAError.damaged(path: keyPath(directory), reason: "not a private key in PEM")
        }
        do { certificate = try Certificate(pemEncoded: text) } catch {
            throw FleetCAError.damaged(path: certificatePath(directory), reason: "not a certificate in PEM")
        }
        guard certificate.publicKey == key.publicKey else {
            throw FleetCAError.damaged(path: certificatePath(directory), reason: "belongs to another key than ca.key")
        }
        return try FleetAuthority(certificate: certificate, key: key)
    }

    /// Whether a CA stands in `directory`.
    public static func exists(in directory: String) -> Bool { PrivateFile.exists(keyPath(directory)) }

    /// A CA in memory, for tests and for ``create(in:at:)``.
    static func make(at now: Timestamp) throws -> FleetAuthority {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let label = String(SHA256Digest(of: try randomSerial()).description.prefix(8))
        let name = try DistinguishedName { CommonName("Muster fleet CA \(label)") }
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(bytes: try randomSerial()),
            publicKey: key.publicKey,
            // Five minutes back, so that a host whose clock is a little late can join at once.
            notValidBefore: now.adding(seconds: -300).date, notValidAfter: now.adding(seconds: lifeSeconds).date,
            issuer: name, subject: name, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                SubjectKeyIdentifier(hash: key.publicKey)
            },
            issuerPrivateKey: key)
        return try FleetAuthority(certificate: certificate, key: key)
    }

    init(certificate: Certificate, key: Certificate.PrivateKey) throws {
        self.certificate = certificate
        self.key = key
        der = try derBytes(of: certificate)
        pem = try certificate.serializeAsPEM().pemString + "\n"
    }

    private static func keyPath(_ directory: String) -> String { directory + "/ca.key" }
    private static func certificatePath(_ directory: String) -> String { directory + "/ca.pem" }
}

/// The certificate's DER.
func derBytes(of certificate: Certificate) throws -> [UInt8] {
    var serializer = DER.Serializer()
    try serializer.serialize(certificate)
    return serializer.serializedBytes
}

/// Nineteen random octets, the first positive: a serial number (RFC 5280 §4.1.2.2).
func randomSerial() throws(FleetCAError) -> [UInt8] {
    guard var octets = randomOctets(19), let first = octets.first else {
        throw .crypto("no random numbers")
    }
    octets[0] = first & 0x7f | 0x40
    return octets
}

extension Timestamp {
    var date: Date { Date(timeIntervalSince1970: Double(milliseconds) / 1000) }

    init(_ date: Date) {
        let seconds = date.timeIntervalSince1970
        self.init(seconds: Int64(exactly: seconds.rounded(.down)) ?? .max)
    }
}
