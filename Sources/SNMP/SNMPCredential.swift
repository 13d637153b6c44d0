/// How an authenticated message is signed (RFC 3414, RFC 7860).
public enum SNMPAuthentication: String, Hashable, Sendable, CaseIterable {
    /// HMAC-MD5-96.
    case md5
    /// HMAC-SHA-96.
    case sha1
    /// HMAC-128-SHA-224.
    case sha224
    /// HMAC-192-SHA-256.
    case sha256
    /// HMAC-256-SHA-384.
    case sha384
    /// HMAC-384-SHA-512.
    case sha512
}

/// How a private message is encrypted (RFC 3414, RFC 3826 and the two ways vendors stretch a key for AES-256).
public enum SNMPPrivacy: String, Hashable, Sendable, CaseIterable {
    /// CBC-DES.
    case des
    /// CFB128-AES-128.
    case aes128
    /// AES-192 with the key stretched as in draft-blumenthal-aes-usm.
    case aes192
    /// AES-256 with the key stretched as in draft-blumenthal-aes-usm.
    case aes256
    /// AES-256 with the key stretched as in draft-reeder-snmpv3-usm-3desede, which Cisco uses.
    case aes256c
}

/// A user of SNMPv3's user-based security model. What is absent is the security level: no passphrase for
/// authentication is noAuthNoPriv, none for privacy is authNoPriv.
public struct SNMPUser: Hashable, Sendable {
    /// The user name, 1 to 32 bytes.
    public var name: String
    /// How messages are signed, where they are.
    public var authentication: SNMPAuthentication?
    /// The passphrase behind the signature, at least 8 bytes.
    public var authenticationPassphrase: String
    /// How messages are encrypted, where they are.
    public var privacy: SNMPPrivacy?
    /// The passphrase behind the encryption, at least 8 bytes.
    public var privacyPassphrase: String

    /// A user without authentication or privacy.
    public init(name: String) {
        self.name = name
        authenticationPassphrase = ""
        privacyPassphrase = ""
    }

    /// A user whose messages are signed and, with `privacy`, encrypted.
    public init(
        name: String, authentication: SNMPAuthentication, passphrase: String, privacy: SNMPPrivacy? = nil,
        privacyPassphrase: String = ""
    ) {
        self.name = name
        self.authentication = authentication
        authenticationPassphrase = passphrase
        self.privacy = privacy
        self.privacyPassphrase = privacyPassphrase
    }
}

/// What a device wants to see before it answers. Never shown: its description names the version only.
public enum SNMPCredential: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// SNMPv1 with a community.
    case v1(community: String)
    /// SNMPv2c with a community.
    case v2c(community: String)
    /// SNMPv3 with a user and a context (`""` is the default one).
    case v3(SNMPUser, context: String = "")

    /// The version, without the secret.
    public var description: String {
        switch self {
        case .v1: "SNMPv1"
        case .v2c: "SNMPv2c"
        case .v3(let user, _): "SNMPv3 user \(user.name)"
        }
    }

    /// The version, without the secret.
    public var debugDescription: String { description }

    /// Nothing to look into.
    public var customMirror: Mirror { Mirror(self, children: [:]) }

    /// What no agent could accept, in words; nil when the credential is well formed.
    public var flaw: String? {
        switch self {
        case .v1(let community), .v2c(let community):
            if community.isEmpty { return "the community is empty" }
            if community.utf8.count > 255 { return "the community is over 255 bytes" }
            return community.utf8.contains(0) ? "the community holds a NUL" : nil
        case .v3(let user, let context): return user.flaw ?? contextFlaw(context)
        }
    }
}

extension SNMPUser: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The name, without the passphrases.
    public var description: String { "SNMPv3 user \(name)" }
    /// The name, without the passphrases.
    public var debugDescription: String { description }
    /// Nothing to look into.
    public var customMirror: Mirror { Mirror(self, children: [:]) }

    fileprivate var flaw: String? {
        if name.isEmpty || name.utf8.count > 32 { return "the user name must have 1 to 32 bytes" }
        if name.utf8.contains(0) { return "the user name holds a NUL" }
        if authentication == nil, privacy != nil { return "privacy needs authentication" }
        if authentication != nil, authenticationPassphrase.utf8.count < 8 {
            return "the authentication passphrase must have at least 8 bytes"
        }
        if privacy != nil, privacyPassphrase.utf8.count < 8 {
            return "the privacy passphrase must have at least 8 bytes"
        }
        return nil
    }
}

private func contextFlaw(_ context: String) -> String? {
    if context.utf8.count > 255 { return "the context is over 255 bytes" }
    return context.utf8.contains(0) ? "the context holds a NUL" : nil
}
