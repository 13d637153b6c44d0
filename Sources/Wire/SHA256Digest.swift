import CCrypto
import Model

/// A SHA-256 digest (FIPS 180-4), written as 64 lower-case hexadecimal digits.
public struct SHA256Digest: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The 32 octets.
    public let octets: [UInt8]

    /// The digest of `bytes`.
    public init(of bytes: some Collection<UInt8>) {
        var digest = [UInt8](repeating: 0, count: 32)
        let input = Array(bytes)
        // Fails only when libcrypto has no SHA-256 at all, in which case no TLS connection could exist either.
        let succeeded = muster_sha256(input, input.count, &digest)
        precondition(succeeded == 1, "libcrypto offers no SHA-256")
        octets = digest
    }

    /// Parses 64 hexadecimal digits; nil on anything else.
    public init?(hexadecimal text: String) {
        guard let octets = decodeHexadecimal(text), octets.count == 32 else { return nil }
        self.octets = octets
    }

    /// 64 lower-case hexadecimal digits.
    public var description: String { hexadecimal(octets) }

    /// Reads 64 hexadecimal digits.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let digest = SHA256Digest(hexadecimal: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not 64 hexadecimal digits")
        }
        self = digest
    }

    /// Writes 64 hexadecimal digits.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// Octets as lower-case hexadecimal digits.
public func hexadecimal(_ octets: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for octet in octets {
        text.append(digits[Int(octet >> 4)])
        text.append(digits[Int(octet & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}

/// The octets written as hexadecimal digits; nil on an odd count or any other character.
public func decodeHexadecimal(_ text: String) -> [UInt8]? { decodeHexadecimal(text.utf8) }

/// `count` octets from libcrypto's random generator; nil when it has no entropy.
public func randomOctets(_ count: Int) -> [UInt8]? {
    var octets = [UInt8](repeating: 0, count: count)
    return muster_random(&octets, count) == 1 ? octets : nil
}
