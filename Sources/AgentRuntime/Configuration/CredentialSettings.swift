import Glibc
import LinuxSystem
import Model
import SNMP
import TOML

/// The keys of a `[[device]]` or `[[credential]]` that say how to log in; secrets come from files that only their owner can read
/// and from credentials of the service.
enum CredentialSettings {
    private enum Version: String, CaseIterable {
        case v1 = "1"
        case v2c = "2c"
        case v3 = "3"
    }

    /// Every key that says how to log in.
    static let keys = [
        "version", "community", "community_file", "user", "context", "auth", "auth_file", "priv", "priv_file",
    ]

    /// When the file with the table, or a file with one of the credential's secrets, was changed last.
    static func changed(_ table: TOMLTable, _ credential: SNMPCredential) -> Timestamp {
        let keys =
            switch credential {
            case .v1, .v2c: ["community_file"]
            case .v3: ["auth_file", "priv_file"]
            }
        let files = keys.compactMap { key in (try? table.string(key)).flatMap { try? SecretPlace($0).path } }
        return ([table.file] + files).map(changed).max() ?? Timestamp(milliseconds: 0)
    }

    private static func changed(_ path: String) -> Timestamp {
        var status = stat()
        guard stat(path, &status) == 0 else { return Timestamp(milliseconds: 0) }
        return Timestamp(seconds: Int64(status.st_mtim.tv_sec))
    }

    /// Reads `version` and the keys that version has.
    static func read(_ table: TOMLTable) throws -> SNMPCredential {
        switch try table.choice("version", among: Version.self) ?? .v2c {
        case .v1: .v1(community: try community(table))
        case .v2c: .v2c(community: try community(table))
        case .v3: .v3(try user(table), context: try table.string("context", maxBytes: 255) ?? "")
        }
    }

    private static func community(_ table: TOMLTable) throws -> String {
        let plain = try table.string("community", maxBytes: 255)
        let file = try table.string("community_file")
        switch (plain, file) {
        case (let plain?, nil): return plain
        case (nil, let file?): return try SecretFile.read(setting: file)
        case (nil, nil): return "public"
        case (_?, _?):
            throw table.refusal("community", found: "given beside community_file", accepted: "one of the two")
        }
    }

    private static func user(_ table: TOMLTable) throws -> SNMPUser {
        let name = try table.requiredString("user", maxBytes: 32)
        let authentication = try table.choice("auth", among: SNMPAuthentication.self)
        let privacy = try table.choice("priv", among: SNMPPrivacy.self)
        let authenticationFile = try table.string("auth_file")
        let privacyFile = try table.string("priv_file")
        guard let authentication else {
            guard privacy == nil, authenticationFile == nil, privacyFile == nil else {
                throw table.refusal("user", found: "without auth", accepted: "auth and auth_file, too")
            }
            return SNMPUser(name: name)
        }
        guard let authenticationFile else { throw table.missing("auth_file") }
        guard (privacy == nil) == (privacyFile == nil) else {
            throw table.missing(privacy == nil ? "priv" : "priv_file")
        }
        return SNMPUser(
            name: name, authentication: authentication, passphrase: try SecretFile.read(setting: authenticationFile),
            privacy: privacy, privacyPassphrase: try privacyFile.map { try SecretFile.read(setting: $0) } ?? "")
    }
}
