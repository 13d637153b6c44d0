import Wire

/// HMAC (RFC 2104) with SHA-256.
enum HMACSHA256 {
    private static let blockBytes = 64

    /// The 32 octets that authenticate `message` under `key`.
    static func authenticationCode(for message: [UInt8], key: [UInt8]) -> [UInt8] {
        var block = key.count > blockBytes ? SHA256Digest(of: key).octets : key
        block += [UInt8](repeating: 0, count: blockBytes - block.count)
        let inner = SHA256Digest(of: block.map { $0 ^ 0x36 } + message).octets
        return SHA256Digest(of: block.map { $0 ^ 0x5c } + inner).octets
    }
}
