import FoundationEssentials
import Glibc
import Model
import Wire

/// The last sent state of each section, on disk, so that a restart goes on with differences.
///
/// Only digests stay in memory. A file that is lost or damaged, or for which the budget has no room, costs one whole section at the
/// next change.
final class SectionStore {
    /// Which section of whom.
    struct Key: Hashable, Sendable {
        var subject: Subject
        var section: SectionName
    }

    private let directory: String
    private let limit: Int
    private var digests: [Key: SHA256Digest] = [:]
    private var sizes: [Key: Int] = [:]
    private let log: (String) -> Void

    /// Opens the directory and reads what is there; its files together take at most `limit` octets.
    init(directory: String, limit: Int, log: @escaping (String) -> Void) {
        self.directory = directory
        self.limit = limit
        self.log = log
        do throws(FileError) {
            try FileGuard.directory(directory)
            for name in try DurableFile.names(in: directory) { take(name) }
        } catch { log(error.description) }
    }

    /// The digest of what was sent last; nil when nothing is known.
    func digest(_ key: Key) -> SHA256Digest? { digests[key] }

    /// Everything known, sorted by subject and section.
    var keys: [Key] { digests.keys.sorted { SectionStore.name($0) < SectionStore.name($1) } }

    /// What was sent last; nil when it is not known or the file is damaged.
    func load(_ key: Key) -> SentSection? {
        guard digests[key] != nil, let (sent, _) = read(SectionStore.name(key)) else { return nil }
        return sent
    }

    /// Keeps what was sent; on failure the next change is sent whole. False when the budget has no room for it.
    func save(_ sent: SentSection, digest: SHA256Digest) -> Bool {
        let key = Key(subject: sent.subject, section: sent.section)
        digests[key] = nil
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let bytes = Array(try encoder.encode(sent))
            guard sizes.reduce(bytes.count, { $1.key == key ? $0 : $0 + $1.value }) <= limit else {
                remove(key)
                // Unchanged it costs nothing all the same.
                digests[key] = digest
                return false
            }
            try DurableFile.replace(directory + "/" + SectionStore.name(key), with: bytes)
            digests[key] = digest
            sizes[key] = bytes.count
        } catch { log("section \(sent.section.rawValue) could not be kept: \(error)") }
        return true
    }

    /// Forgets subjects that are not configured any more.
    func forget(where isGone: (Subject) -> Bool) {
        for key in digests.keys where isGone(key.subject) { remove(key) }
    }

    /// Forgets a section: the next reading of it is sent whole.
    func remove(_ key: Key) {
        digests[key] = nil
        sizes[key] = nil
        unlink(directory + "/" + SectionStore.name(key))
    }

    private func take(_ name: String) {
        guard name.hasSuffix(".json") else { return }
        guard let (sent, size) = read(name),
            SectionStore.name(Key(subject: sent.subject, section: sent.section)) == name
        else {
            log("\(directory)/\(name): damaged; the section is sent whole")
            unlink(directory + "/" + name)
            return
        }
        let key = Key(subject: sent.subject, section: sent.section)
        digests[key] = sent.digest
        sizes[key] = size
    }

    private func read(_ name: String) -> (SentSection, Int)? {
        guard let bytes = try? DurableFile.read(directory + "/" + name, limit: 64 << 20) else { return nil }
        return (try? JSONDecoder().decode(SentSection.self, from: Data(bytes))).map { ($0, bytes.count) }
    }

    /// A name without anything a host or device said in it.
    private static func name(_ key: Key) -> String {
        var writer = ByteWriter()
        switch key.subject {
        case .device(let target): writer.text("device " + target)
        default: writer.text("host")
        }
        writer.text(key.section.rawValue)
        return String(SHA256Digest(of: writer.bytes).description.prefix(32)) + ".json"
    }
}
