import Devices
import Model
import SNMP

/// What came of asking one device with the credentials it may take.
struct CredentialTrial: Sendable {
    /// The one that answered; nil where none did.
    var winner: NamedCredential?
    /// Those that did not, each with what came in place of an answer, in the order in which they were tried.
    var failures: [(credential: NamedCredential, error: SNMPError)] = []
    /// Those that were not tried, because they failed lately.
    var paused: [(credential: NamedCredential, entry: SourceCooling.Entry)] = []

    /// Why the device could not be asked; nil where it answered.
    var error: SNMPError? {
        if winner != nil { return nil }
        if let only = failures.first, failures.count + paused.count == 1 { return only.error }
        let texts =
            failures.map { "\($0.credential): \($0.error)" } + paused.map { "\($0.credential): \($0.entry.message)" }
        return .credentialsRefused(texts)
    }

    /// Whether a device is there that refuses: silence of another credential is then a refusal as well.
    var isRefused: Bool { failures.contains { $0.error.isAboutCredential } }
}
