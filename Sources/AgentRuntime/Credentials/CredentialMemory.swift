import FoundationEssentials
import Logging
import Model
import SNMP

/// Which credential answers at which place, by name, and which are not tried there for a while: after a failure an hour, then four,
/// then a day, like a source of the inventory that overran. Never a secret.
///
/// A place is an address with its port: a device that gets another address begins anew (threats M23).
struct CredentialMemory: Hashable, Sendable, Codable {
    private(set) var works: [String: String] = [:]
    private(set) var cooling = SourceCooling()

    /// How many places are remembered at most.
    static let capacity = 20_000

    /// The name of the credential that answered at a place last; nil where none did.
    func remembered(at place: String) -> String? { works[place] }

    /// What is said of a credential that is not tried now; nil where it may be. One that was changed since may be tried at once.
    func pause(of credential: NamedCredential, at place: String, _ now: Timestamp) -> SourceCooling.Entry? {
        let key = CredentialMemory.key(credential.name, place)
        guard cooling.remaining(key, at: now) != nil, let entry = cooling.entries[key], entry.since > credential.changed
        else { return nil }
        return entry
    }

    /// The credential answered; true when that is news.
    mutating func worked(_ credential: NamedCredential, at place: String) -> Bool {
        let wasCooling = cooling.ended(CredentialMemory.key(credential.name, place))
        guard works[place] != credential.name else { return wasCooling }
        guard works[place] != nil || works.count < CredentialMemory.capacity else { return wasCooling }
        works[place] = credential.name
        return true
    }

    /// The credential is refused at a place, or nobody answers it where somebody is.
    mutating func failed(
        _ credential: NamedCredential, at place: String, reason: String, _ now: Timestamp
    ) {
        let key = CredentialMemory.key(credential.name, place)
        guard cooling.entries[key] != nil || cooling.entries.count < CredentialMemory.capacity else { return }
        // What was changed since the last failure is another credential.
        if let entry = cooling.entries[key], entry.since <= credential.changed { _ = cooling.ended(key) }
        _ = cooling.overran(key, reason: reason, at: now)
        if works[place] == credential.name { works[place] = nil }
    }

    /// The credential is met with silence now: it may be another one's turn.
    mutating func forget(_ credential: NamedCredential, at place: String) {
        if works[place] == credential.name { works[place] = nil }
    }

    /// Forgets what credentials of other names were, and places that are over.
    mutating func keepOnly(names: Set<String>) {
        works = works.filter { names.contains($0.value) }
        cooling.forget { key in
            guard let end = key.utf8.firstIndex(of: UInt8(ascii: " ")) else { return true }
            return !names.contains(String(key[key.utf8.index(after: end)...]))
        }
    }

    private static func key(_ name: String, _ place: String) -> String { "\(place) \(name)" }
}

extension SNMPTarget {
    /// What a credential is remembered for.
    var place: String { "\(address):\(port)" }
}

extension SNMPError {
    /// Whether nothing came back, so that it may be the credential or the device.
    var isSilence: Bool {
        if case .noAnswer(_, _, _, portClosed: false) = self { true } else { false }
    }
}

/// Keeps ``CredentialMemory`` in the agent's state directory; without a path nowhere.
struct CredentialFile: Sendable {
    let path: String?
    let log: Logger

    /// The file as it was left; empty when there is none or it is damaged, which costs one more try of each credential.
    func load() -> CredentialMemory {
        guard let path, let bytes = try? DurableFile.read(path, limit: 8 << 20),
            let memory = try? JSONDecoder().decode(CredentialMemory.self, from: Data(bytes))
        else { return CredentialMemory() }
        return memory
    }

    /// Writes the list.
    func save(_ memory: CredentialMemory) {
        guard let path else { return }
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            try DurableFile.replace(path, with: Array(try encoder.encode(memory)))
        } catch { log.warning("\(path): \(error)") }
    }
}
