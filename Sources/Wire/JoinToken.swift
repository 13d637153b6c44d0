import Model

/// What a new agent is given: where the collector is, which CA it must show, and a secret that works once.
///
/// Text form: `muster-join:1:HOST:PORT:CA-SHA256:SECRET` (an IPv6 host in brackets).
public struct JoinToken: Hashable, Sendable {
    /// Host name or address of the collector's agents' port.
    public var host: String
    /// The agents' port, 7601 by default.
    public var port: Int
    /// SHA-256 of the fleet CA's certificate in DER.
    public var authority: SHA256Digest
    /// 32 hexadecimal digits or more: at least 128 random bits.
    public var secret: String

    /// A token.
    public init(host: String, port: Int, authority: SHA256Digest, secret: String) {
        self.host = host
        self.port = port
        self.authority = authority
        self.secret = secret
    }

    /// Reads the text form; nil on anything else.
    public init?(_ text: String) {
        guard text.utf8.count <= 512, text.hasPrefix("muster-join:1:") else { return nil }
        let parts = text.dropFirst("muster-join:1:".count).split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[parts.count - 3].utf8.allSatisfy({ (48...57).contains($0) }),
            let port = Int(parts[parts.count - 3]), (1...65535).contains(port),
            let authority = SHA256Digest(hexadecimal: String(parts[parts.count - 2])),
            let octets = decodeHexadecimal(String(parts[parts.count - 1])), octets.count >= 16
        else { return nil }
        var host = parts[..<(parts.count - 3)].joined(separator: ":")
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        let plain = host.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard plain && !host.isEmpty || IPAddress(host) != nil else { return nil }
        self.init(host: host, port: port, authority: authority, secret: String(parts[parts.count - 1]))
    }

    /// The text form. It holds the secret: never log it.
    public var text: String {
        let name = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        return "muster-join:1:\(name):\(port):\(authority):\(secret)"
    }
}
