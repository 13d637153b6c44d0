import Checks
import Glibc
import LinuxSystem
import Model
import SNMP
import TOML

/// One `[[credential]]`: what devices of some networks want to see, under a name that may be shown.
public struct NamedCredential: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// The name: what the record, receipts and the state directory know it by; empty for the one that a device has in its own table.
    public var name: String
    /// The secret.
    public var credential: SNMPCredential
    /// Where it may be used; empty for everywhere.
    public var networks: [IPNetwork] = []
    /// When what it was read from was changed last: what failed before then may be tried again.
    public var changed: Timestamp

    /// A credential that may be used everywhere.
    init(name: String, credential: SNMPCredential, changed: Timestamp = Timestamp(milliseconds: 0)) {
        self.name = name
        self.credential = credential
        self.changed = changed
    }

    /// Reads the table and the secret files it names.
    init(_ table: TOMLTable) throws {
        name = try table.requiredString("name", maxBytes: 64)
        guard NamedCredential.isWord(name) else {
            throw table.refusal("name", found: "\"\(name)\"", accepted: "letters, digits, dots, hyphens, underscores")
        }
        credential = try CredentialSettings.read(table)
        changed = CredentialSettings.changed(table, credential)
        networks = try table.networks("networks") ?? []
        if let flaw = credential.flaw {
            throw table.refusal("version", found: "a credential no device accepts: \(flaw)", accepted: "another one")
        }
    }

    /// Whether it may be used for that address.
    func covers(_ address: IPAddress) -> Bool {
        networks.isEmpty || networks.contains { $0.contains(address) }
    }

    /// The name and the version, without the secret.
    public var description: String { name.isEmpty ? "\(credential)" : "\(name) (\(credential))" }

    /// What was set; when its files were changed is none of it.
    public var customMirror: Mirror {
        Mirror(self, children: ["name": name, "credential": credential, "networks": networks])
    }

    /// Whether a name can stand in every listing as it is.
    static func isWord(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                    || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            }
    }
}

/// Which credentials a `[[device]]` is asked with.
public enum CredentialChoice: Hashable, Sendable {
    /// The one in its own table.
    case own(NamedCredential)
    /// Those with these names, in this order.
    case named([String])
    /// Those of its network, in the order of the file.
    case network
}
