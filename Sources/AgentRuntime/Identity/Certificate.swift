import CCrypto
import Model
import Wire

/// What the agent reads from an X.509 certificate.
struct Certificate {
    /// PEM or DER, as given.
    let bytes: [UInt8]
    /// The first moment it is valid.
    let notBefore: Timestamp
    /// The last moment it is valid.
    let notAfter: Timestamp
    /// SHA-256 of its DER form.
    let fingerprint: SHA256Digest
    /// The subject's common name; empty where there is none.
    let commonName: String
    /// Whether it may sign others.
    let isAuthority: Bool

    /// Reads the first certificate in PEM or DER; nil when there is none.
    init?(_ bytes: [UInt8]) {
        var info = muster_certificate()
        guard muster_certificate_read(bytes, bytes.count, &info) == 1 else { return nil }
        let octets = withUnsafeBytes(of: info.sha256) { Array($0) }
        guard let fingerprint = SHA256Digest(hexadecimal: hexadecimal(octets)) else { return nil }
        self.bytes = bytes
        self.fingerprint = fingerprint
        notBefore = Timestamp(seconds: info.not_before)
        notAfter = Timestamp(seconds: info.not_after)
        commonName = withUnsafeBytes(of: info.common_name) { name in
            String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
        }
        isAuthority = info.is_authority == 1
    }

    /// Whether it holds the public half of `key`.
    func matches(_ key: PrivateKey) -> Bool {
        muster_certificate_matches_key(bytes, bytes.count, key.pem, key.pem.count) == 1
    }

    /// Whether `authority` signed it. Dates are not looked at.
    func isSigned(by authority: Certificate) -> Bool {
        muster_certificate_signed_by(bytes, bytes.count, authority.bytes, authority.bytes.count) == 1
    }
}
