/// Why the fleet CA refused or could not work.
public enum FleetCAError: Error, Hashable, CustomStringConvertible {
    /// A file cannot be read or written; the text is the system's reason.
    case file(path: String, reason: String)
    /// A file can be read or written by others than its owner.
    case looseMode(path: String, mode: UInt32)
    /// A file is not what it should be.
    case damaged(path: String, reason: String)
    /// A certificate request that cannot be used; the text says why.
    case request(String)
    /// There is a CA already.
    case exists(path: String)
    /// A name that cannot stand in a server certificate.
    case name(String)
    /// libcrypto has no entropy, or signing failed.
    case crypto(String)

    /// One line: what, where, what to do.
    public var description: String {
        switch self {
        case .file(let path, let reason): "\(path): \(reason); check that it exists and its owner and mode"
        case .looseMode(let path, let mode):
            "\(path): mode 0\(String(mode, radix: 8)) lets others in; run chmod go-rwx on it"
        case .damaged(let path, let reason): "\(path): \(reason); restore it from a backup"
        case .request(let reason): "certificate request refused: \(reason)"
        case .exists(let path): "\(path) exists already; a fleet has one CA, remove it by hand to lose all agents"
        case .name(let name): "\"\(name)\" is no host name or address; correct the list of names"
        case .crypto(let reason): "cryptography failed: \(reason)"
        }
    }
}
