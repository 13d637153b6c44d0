import FleetCA
import FoundationEssentials
import LinuxSystem
import Model

/// A site whose GLPI agents may send inventories: all of them show its name and one secret.
public struct GLPISite: Hashable, Sendable {
    /// Its name: the user's name that the agents give.
    public let name: String
    /// The file with the secret.
    public let secretFile: SecretPlace
    /// Seconds of silence after which one of its agents is called silent.
    public let silentSeconds: Int64

    /// Characters of a secret at least: 32 hexadecimal digits are 128 bits.
    public static let secretBytes = 32...256
    /// Characters that a secret has to have that differ: in 32 random hexadecimal digits there are hardly ever fewer.
    static let distinctBytes = 7

    /// A site.
    public init(name: String, secretFile: SecretPlace, silentSeconds: Int64) {
        self.name = name
        self.secretFile = secretFile
        self.silentSeconds = silentSeconds
    }

    /// The SHA-256 of the secret, from the file as it is now: who removes or replaces the file shuts the site out at once.
    /// - Throws: ``GLPISecretError``.
    public func secretHash() throws(GLPISecretError) -> String {
        let content: [UInt8]
        do throws(FleetCAError) {
            content = try PrivateFile.read(secretFile.path, forbiddenBits: secretFile.forbiddenBits)
        } catch {
            throw GLPISecretError(site: name, reason: error.description)
        }
        let line = content.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        guard Self.secretBytes.contains(line.count), line.allSatisfy({ (0x21...0x7e).contains($0) }),
            Set(line).count >= Self.distinctBytes
        else {
            throw GLPISecretError(
                site: name,
                reason: """
                    the first line of \(secretFile.path) is no secret: it needs \(Self.secretBytes.lowerBound) to \
                    \(Self.secretBytes.upperBound) visible ASCII characters, made with openssl rand -hex 32
                    """)
        }
        return Secret.hash(of: String(decoding: line, as: UTF8.self))
    }
}

/// Why a site's secret cannot be used.
public struct GLPISecretError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The site.
    public let site: String
    /// What is wrong with its file.
    public let reason: String

    /// One line.
    public var description: String { "the secret of GLPI site \(site): \(reason)" }
}

/// All sites, and who is let in.
public struct GLPISites: Sendable {
    private let sites: [String: GLPISite]

    /// No site but these.
    public init(_ sites: [GLPISite] = []) {
        self.sites = Dictionary(sites.map { ($0.name, $0) }) { first, _ in first }
    }

    /// Whether there is none.
    public var isEmpty: Bool { sites.isEmpty }

    /// The site of that name.
    public subscript(name: String) -> GLPISite? { sites[name] }

    /// The site whose name and secret stand in a header field `Authorization` (RFC 7617); nil where they do not fit.
    /// - Throws: ``GLPISecretError`` where the site exists and its secret cannot be read.
    public func site(authorization: String) throws(GLPISecretError) -> GLPISite? {
        guard let (name, secret) = Self.credentials(authorization), let site = sites[name] else { return nil }
        let shown = Secret.hash(of: secret)
        return try site.secretHash() == shown ? site : nil
    }

    /// Whether a header field speaks of a name and a password.
    public static func isBasic(_ authorization: String) -> Bool {
        authorization.utf8.count > 6 && authorization.prefix(6).lowercased() == "basic "
    }

    private static func credentials(_ authorization: String) -> (name: String, secret: String)? {
        guard isBasic(authorization), authorization.utf8.count <= 1024,
            let octets = Data(base64Encoded: String(authorization.dropFirst(6))),
            let text = String(validating: octets, as: UTF8.self),
            let colon = text.utf8.firstIndex(of: UInt8(ascii: ":"))
        else { return nil }
        return (String(text[..<colon]), String(text[text.utf8.index(after: colon)...]))
    }
}
