import FoundationEssentials
import Model
import Wire

/// The file `manifest.json` of a backup: what made it, what is in it, and the sum of each file.
struct BackupManifest: Hashable, Sendable, Codable {
    /// One file of the backup.
    struct File: Hashable, Sendable, Codable {
        /// Its path below the backup, as below the state directory: `muster.db`, `samples/samples-2026-11-23.db`.
        var path: String
        /// Its size.
        var sizeBytes: Int64
        /// SHA-256 of its bytes.
        var sha256: SHA256Digest

        enum CodingKeys: String, CodingKey {
            case path, sha256
            case sizeBytes = "size_bytes"
        }
    }

    /// The form of the backup itself.
    var format: Int
    /// The version of muster-collector that made it.
    var productVersion: String
    /// When it was begun, by the collector's clock (RFC 3339).
    var madeAt: String
    /// Names of the database's migrations, oldest first.
    var schema: [String]
    /// The newest commit in the database.
    var commit: Int64
    /// SHA-256 of the fleet CA's certificate: whose fleet this is.
    var authority: SHA256Digest
    /// Every file but this one.
    var files: [File]

    enum CodingKeys: String, CodingKey {
        case format, schema, commit, files
        case productVersion = "product_version"
        case madeAt = "made_at"
        case authority = "fleet_ca_sha256"
    }

    /// The form that this program writes and reads.
    static let currentFormat = 1
    /// The file's name.
    static let name = "manifest.json"

    /// Bytes of all files.
    var totalBytes: Int64 { files.reduce(0) { $0 + $1.sizeBytes } }

    /// The text of the file, with a line for whoever finds it.
    func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self)) + [0x0a]
    }

    /// Reads the manifest of the backup in `directory`; every reason to refuse it is one line.
    static func read(in directory: String) throws -> BackupManifest {
        let path = directory + "/" + name
        let bytes: Data
        do { bytes = try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
            throw CollectorError.file(directory, "holds no \(name): it is no backup, or one that was cut off")
        }
        try JSONGuardedForm.check(Array(bytes), path: path)
        let manifest: BackupManifest
        do { manifest = try JSONDecoder().decode(BackupManifest.self, from: bytes) } catch {
            throw CollectorError.file(path, "is damaged; use another backup")
        }
        for file in manifest.files where !isPlain(file.path) {
            throw CollectorError.file(
                path, "names \"\(escaped(file.path))\", which no backup holds; use another backup")
        }
        return manifest
    }

    /// Only what this program writes: no way out of the directory.
    private static func isPlain(_ path: String) -> Bool {
        if BackupFiles.names.contains(path) { return true }
        guard path.utf8.starts(with: "samples/".utf8), path.utf8.count <= 255 else { return false }
        let name = path.utf8.dropFirst(8)
        return !name.isEmpty && name.first != UInt8(ascii: ".")
            && name.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 46 }
    }

    /// Looks at the form before the rest, so that a backup of a later program is named as such.
    private enum JSONGuardedForm {
        private struct Form: Decodable { var format: Int }

        static func check(_ bytes: [UInt8], path: String) throws {
            do { try JSONGuard.check(bytes) } catch {
                throw CollectorError.file(path, "is damaged (\(error)); use another backup")
            }
            guard let form = try? JSONDecoder().decode(Form.self, from: Data(bytes)) else {
                throw CollectorError.file(path, "is damaged; use another backup")
            }
            guard form.format == BackupManifest.currentFormat else {
                throw CollectorError.file(
                    path,
                    "has form \(form.format), this version reads \(BackupManifest.currentFormat); restore it "
                        + "with the version of muster-collector that made it")
            }
        }
    }
}
