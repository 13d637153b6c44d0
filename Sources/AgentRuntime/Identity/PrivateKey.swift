import CCrypto

/// A P-256 private key made on this host; it leaves the process only into a file of mode 0600 (threats M18).
struct PrivateKey {
    /// PKCS #8 in PEM.
    let pem: [UInt8]

    private static let capacity = 4096

    /// A new key; nil when libcrypto has none to give.
    init?() {
        var buffer = [CChar](repeating: 0, count: PrivateKey.capacity)
        let length = muster_key_generate(&buffer, buffer.count)
        guard length > 0 else { return nil }
        pem = buffer.prefix(length).map { UInt8(bitPattern: $0) }
    }

    /// The key in a PEM text; nil when there is none that can be used.
    init?(pem: [UInt8]) {
        guard muster_key_is_valid(pem, pem.count) == 1 else { return nil }
        self.pem = pem
    }

    /// A PKCS #10 request (RFC 2986) in PEM, signed by this key. The collector ignores the name in it.
    func certificateRequest() -> String? {
        var buffer = [CChar](repeating: 0, count: PrivateKey.capacity)
        let length = muster_request_make(pem, pem.count, "muster-agent", &buffer, buffer.count)
        guard length > 0 else { return nil }
        return String(decoding: buffer.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
