import FleetCA
import FoundationEssentials
import Glibc
import Model
import SQLiteStores
import Wire

/// Writes one backup of the running collector, from a thread that may block.
///
/// The main database first, then the samples: each report that the database counts as stored has its values in the copy.
/// All goes into a directory of a temporary name beside the target, is flushed, and gets its name last.
struct BackupWriter: Sendable {
    let store: SQLiteStore
    let samples: SQLiteSampleStore
    let stateDirectory: String
    let authority: SHA256Digest
    let now: @Sendable () -> Timestamp

    /// Told what is copied and how many bytes of how many are done.
    typealias Progress = @Sendable (_ step: String, _ done: Int64, _ total: Int64) -> Void

    /// Where a directory that is not complete lies; the random part keeps two apart.
    static func partialName(of target: String) -> String {
        let (parent, name) = split(target)
        return "\(parent)/.\(name)\(partialMark)\(hexadecimal(randomOctets(4) ?? [0]))"
    }

    /// What stands in the name of a directory that is not complete.
    static let partialMark = ".partial-"

    /// Parent directory and last part of an absolute path.
    static func split(_ path: String) -> (parent: String, name: String) {
        let parts = path.split(separator: "/")
        return ("/" + parts.dropLast().joined(separator: "/"), parts.last.map(String.init) ?? "")
    }

    /// Writes the backup into the new directory `target`.
    func write(to target: String, progress: @escaping Progress) throws -> BackupManifest {
        let partial = Self.partialName(of: target)
        guard mkdir(partial, 0o700) == 0 else { throw BackupFiles.failure(partial) }
        do {
            let manifest = try fill(partial, progress: progress)
            // A name that came to stand there meanwhile is not replaced: renaming onto what is not empty fails.
            guard !BackupFiles.exists(target) else { throw CollectorError.file(target, "exists; name another one") }
            guard rename(partial, target) == 0 else { throw BackupFiles.failure(target) }
            try BackupFiles.syncDirectory(Self.split(target).parent)
            return manifest
        } catch {
            try? BackupFiles.remove(partial)
            throw error
        }
    }

    private func fill(_ directory: String, progress: @escaping Progress) throws -> BackupManifest {
        let madeAt = now()
        let names = try samples.backupFiles()
        var plan = [(BackupFiles.database, BackupFiles.size(stateDirectory + "/" + BackupFiles.database))]
        plan += names.map { ("\(BackupFiles.samples)/\($0)", BackupFiles.size("\(samples.directory)/\($0)")) }
        let total = plan.reduce(0) { $0 + $1.1 }
        try checkRoom(directory, bytes: total)
        guard mkdir("\(directory)/\(BackupFiles.samples)", 0o700) == 0 else { throw BackupFiles.failure(directory) }

        var files: [BackupManifest.File] = []
        var content = StoreContent(schema: [], commit: 0)
        var before: Int64 = 0
        for (path, size) in plan {
            let done = before
            let share: @Sendable (Double) throws -> Void = { part in
                progress(path, done + Int64(Double(size) * part), total)
            }
            let target = "\(directory)/\(path)"
            if path == BackupFiles.database {
                content = try store.copy(to: target, progress: share)
            } else if try !samples.copy(BackupWriter.split(path).name, to: target, progress: share) {
                continue
            }
            files.append(try sealed(path, in: directory))
            before += size
        }
        for name in BackupFiles.identity {
            let bytes =
                name.hasSuffix(".key")
                ? try PrivateFile.read("\(stateDirectory)/\(name)")
                : try PrivateFile.readPublic("\(stateDirectory)/\(name)")
            try PrivateFile.write(bytes, to: "\(directory)/\(name)")
            files.append(try sealed(name, in: directory))
        }
        let manifest = BackupManifest(
            format: BackupManifest.currentFormat, productVersion: ProductVersion.text, madeAt: madeAt.rfc3339,
            schema: content.schema, commit: content.commit, authority: authority, files: files)
        try PrivateFile.write(try manifest.encoded(), to: "\(directory)/\(BackupManifest.name)")
        try BackupFiles.syncDirectory("\(directory)/\(BackupFiles.samples)")
        try BackupFiles.syncDirectory(directory)
        return manifest
    }

    private func sealed(_ path: String, in directory: String) throws -> BackupManifest.File {
        let (bytes, sum) = try BackupFiles.seal("\(directory)/\(path)")
        return BackupManifest.File(path: path, sizeBytes: bytes, sha256: sum)
    }

    private func checkRoom(_ directory: String, bytes: Int64) throws {
        guard let free = BackupFiles.freeBytes(directory), free < bytes else { return }
        throw CollectorError.file(
            BackupWriter.split(directory).parent,
            "has \(free >> 20) MiB free, the backup takes about \(bytes >> 20) MiB; make room or name another disk")
    }
}
