import FleetCA
import FoundationEssentials
import Glibc
import Model
import SQLiteStores

/// The file `restored.json` of a state directory: that it was put back from a backup, and from which.
struct RestoredState: Hashable, Sendable, Codable {
    /// When the backup was begun (RFC 3339).
    var madeAt: String
    /// When it was restored (RFC 3339).
    var restoredAt: String

    /// From the backup to its restoration; nil when the clock was set back between them.
    var span: ClosedRange<Timestamp>? {
        // Certificates say seconds: one issued in the second of the backup counts as issued after it.
        guard let from = Timestamp(rfc3339: madeAt)?.adding(seconds: -1), let to = Timestamp(rfc3339: restoredAt),
            from <= to
        else { return nil }
        return from...to
    }

    enum CodingKeys: String, CodingKey {
        case madeAt = "backup_made_at"
        case restoredAt = "restored_at"
    }

    private static func path(_ directory: String) -> String { directory + "/restored.json" }

    static func write(
        _ manifest: BackupManifest, in directory: String, owner: BackupRestore.Owner
    ) throws {
        let state = RestoredState(madeAt: manifest.madeAt, restoredAt: SQLiteStore.wallTime().rfc3339)
        let path = path(directory)
        try PrivateFile.write(Array(try JSONEncoder().encode(state)), to: path)
        guard geteuid() != 0 || lchown(path, owner.user, owner.group) == 0 else { throw BackupFiles.failure(path) }
    }

    /// nil where the state was never restored.
    static func read(in directory: String) throws -> RestoredState? {
        let path = path(directory)
        guard PrivateFile.exists(path) else { return nil }
        do { return try JSONDecoder().decode(RestoredState.self, from: Data(try PrivateFile.read(path))) } catch {
            throw CollectorError.file(
                path,
                "cannot be read (\(error)); remove it, agents whose certificates are newer "
                    + "than the backup must enrol again then")
        }
    }
}
