/// Where a setting that names a secret's file points: an absolute path, or the name of a credential that the service
/// manager laid into `$CREDENTIALS_DIRECTORY` for this service alone (systemd.exec(5), `LoadCredential=`).
public struct SecretPlace: Hashable, Sendable {
    /// The file's path.
    public let path: String
    /// Whether the service manager laid it there: it belongs to root or to us, and an access list may show as the
    /// group's right to read.
    public let isCredential: Bool

    /// The place that `setting` means, with the credentials of this process.
    public init(_ setting: String) throws(SecretPlaceError) {
        try self.init(setting, credentials: environment("CREDENTIALS_DIRECTORY"))
    }

    init(_ setting: String, credentials: String?) throws(SecretPlaceError) {
        guard !setting.utf8.contains(0) else { throw .notAPlace(setting) }
        if setting.hasPrefix("/") {
            self.init(path: setting, isCredential: false)
            return
        }
        guard (1...255).contains(setting.utf8.count), !setting.utf8.contains(UInt8(ascii: "/")), setting != ".",
            setting != ".."
        else { throw .notAPlace(setting) }
        guard let credentials, credentials.hasPrefix("/") else { throw .noCredentials(setting) }
        self.init(path: credentials + "/" + setting, isCredential: true)
    }

    private init(path: String, isCredential: Bool) {
        self.path = path
        self.isCredential = isCredential
    }

    /// The permission bits that must not be set on the file.
    public var forbiddenBits: UInt32 { isCredential ? 0o037 : 0o077 }
}

/// Why a setting names no file.
public enum SecretPlaceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Neither an absolute path nor a name.
    case notAPlace(String)
    /// A credential's name where the service manager gave no credentials.
    case noCredentials(String)

    /// One line: what, where, what to do.
    public var description: String {
        switch self {
        case .notAPlace: "neither an absolute path nor the name of a credential"
        case .noCredentials(let name):
            "a credential's name, and this process has no credentials; add LoadCredential=\(name):/etc/muster/credentials/\(name) "
                + "to the unit, or give an absolute path"
        }
    }
}
