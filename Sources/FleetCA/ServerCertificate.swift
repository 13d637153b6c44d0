import FoundationEssentials
import Model
import SwiftASN1
import Wire
import X509

import enum Crypto.P256

/// The collector's own certificate for both listeners, kept as `server.key` and `server.pem` beside the CA.
public struct ServerCertificate: Sendable {
    /// Certificate and key in PEM.
    public let certificatePEM: String
    /// The private key in PEM.
    public let keyPEM: String
    /// When it ends.
    public let notAfter: Timestamp

    /// Days that it lives.
    public static let days: Int64 = 365
}

extension FleetAuthority {
    /// The server certificate in `directory`; a new one when there is none, when two thirds of its life are over, or
    /// when it is not of this CA or not for exactly `names` (host names and addresses).
    public func serverCertificate(
        in directory: String, names: [String], at now: Timestamp
    ) throws -> ServerCertificate {
        let wanted = try names.map { try Self.generalName($0) }
        if let kept = try keptServerCertificate(in: directory, names: wanted, at: now) { return kept }
        let made = try makeServerCertificate(names: wanted, at: now)
        try PrivateFile.write(Array(made.keyPEM.utf8), to: directory + "/server.key")
        try PrivateFile.write(Array(made.certificatePEM.utf8), to: directory + "/server.pem", mode: 0o644)
        return made
    }

    private func keptServerCertificate(
        in directory: String, names: [GeneralName], at now: Timestamp
    ) throws -> ServerCertificate? {
        let (keyPath, path) = (directory + "/server.key", directory + "/server.pem")
        guard PrivateFile.exists(keyPath), PrivateFile.exists(path) else { return nil }
        let keyText = String(decoding: try PrivateFile.read(keyPath), as: UTF8.self)
        let text = String(decoding: try PrivateFile.readPublic(path), as: UTF8.self)
        guard let key = try? Certificate.PrivateKey(pemEncoded: keyText),
            let kept = try? Certificate(pemEncoded: text), kept.publicKey == key.publicKey,
            certificate.publicKey.isValidSignature(kept.signature, for: kept),
            let alternatives = try? kept.extensions.subjectAlternativeNames, Array(alternatives) == names
        else { return nil }
        let (start, end) = (Timestamp(kept.notValidBefore), Timestamp(kept.notValidAfter))
        guard now.milliseconds(since: start) >= 0,
            now.milliseconds(since: start) < end.milliseconds(since: start) / 3 * 2
        else { return nil }
        return ServerCertificate(certificatePEM: text, keyPEM: keyText, notAfter: end)
    }

    private func makeServerCertificate(names: [GeneralName], at now: Timestamp) throws -> ServerCertificate {
        let serverKey = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let notAfter = now.adding(seconds: ServerCertificate.days * 86_400)
        let made = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(bytes: try randomSerial()),
            publicKey: serverKey.publicKey,
            notValidBefore: now.adding(seconds: -300).date, notValidAfter: notAfter.date,
            issuer: certificate.subject, subject: try DistinguishedName { CommonName("muster-collector") },
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth])
                SubjectAlternativeNames(names)
                SubjectKeyIdentifier(hash: serverKey.publicKey)
                authorityKeyIdentifier
            },
            issuerPrivateKey: key)
        return ServerCertificate(
            certificatePEM: try made.serializeAsPEM().pemString + "\n",
            keyPEM: try serverKey.serializeAsPEM().pemString + "\n", notAfter: notAfter)
    }

    private static func generalName(_ text: String) throws(FleetCAError) -> GeneralName {
        if let address = IPAddress(text) {
            return .ipAddress(ASN1OctetString(contentBytes: address.octets[...]))
        }
        let plain = text.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 45
                || byte == 46
        }
        guard plain, (1...253).contains(text.utf8.count) else { throw .name(text) }
        return .dnsName(text)
    }
}
