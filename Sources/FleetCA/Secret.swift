import Wire

/// The secret of a join token or of an API token: shown once, kept as its SHA-256 only.
public struct Secret: Hashable, Sendable {
    /// The secret: 64 hexadecimal digits, 256 random bits.
    public let text: String

    /// A new secret.
    public static func random() throws(FleetCAError) -> Secret {
        guard let octets = randomOctets(32) else { throw .crypto("no random numbers") }
        return Secret(text: hexadecimal(octets))
    }

    /// What is stored: SHA-256 of the secret's text in hexadecimal. 256 random bits need no slow hash.
    public var hash: String { Secret.hash(of: text) }

    /// The stored form of a secret that somebody presents.
    public static func hash(of text: String) -> String { SHA256Digest(of: text.utf8).description }
}
