import FleetCA
import FoundationEssentials
import Glibc
import Model
import SQLiteStores

/// Puts a backup in place of an empty state directory.
///
/// Everything is copied into a directory inside the state directory and checked there; then each file gets its place by
/// a rename, the CA's key last, because without it no collector starts. Cut off at any moment, the same call goes on or
/// begins anew, and until it has ended neither `run` nor `init` uses the directory.
struct BackupRestore: Sendable {
    /// The backup.
    let source: String
    /// The state directory, which is empty or does not exist.
    let stateDirectory: String
    /// Told what is done and how many bytes of how many.
    let progress: BackupWriter.Progress

    /// The directory inside the state directory.
    static let staging = ".restore"
    /// Stands there from the moment that everything was checked.
    private static let checked = "checked"

    /// An account.
    typealias Owner = (user: uid_t, group: gid_t)

    private var place: String { stateDirectory + "/" + Self.staging }

    /// Restores; returns the manifest of what is in place now.
    func restore() throws -> BackupManifest {
        let owner = try owner()
        let manifest = try BackupManifest.read(in: source)
        try refuseNewer(manifest)
        try refuseIncomplete(manifest)
        try prepare(manifest, owner)
        let lock = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard lock >= 0 else { throw BackupFiles.failure(place) }
        defer { close(lock) }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            throw CollectorError.file(stateDirectory, "another restore runs there; let it end")
        }
        if try isChecked(manifest) == false {
            try stage(manifest, owner)
            try verifyDatabase(manifest)
            try PrivateFile.write(try manifest.encoded(), to: "\(place)/\(Self.checked)")
        }
        try putInPlace(manifest, owner)
        return manifest
    }

    private func refuseNewer(_ manifest: BackupManifest) throws {
        let known = Set(SQLiteStore.knownSchema)
        guard let strange = manifest.schema.first(where: { !known.contains($0) }) else { return }
        throw CollectorError.file(
            source,
            "is of version \(escaped(manifest.productVersion)), whose schema \(escaped(strange)) this version "
                + "\(ProductVersion.text) does not know; install that version and restore it there")
    }

    private func refuseIncomplete(_ manifest: BackupManifest) throws {
        let there = Set(manifest.files.map(\.path))
        for name in BackupFiles.identity + [BackupFiles.database] where !there.contains(name) {
            throw CollectorError.file(source, "its manifest names no \(name); use another backup")
        }
        for file in manifest.files where BackupFiles.size("\(source)/\(file.path)") != file.sizeBytes {
            throw CollectorError.file(
                "\(source)/\(file.path)", "has not the \(file.sizeBytes) bytes of the manifest; use another backup")
        }
    }

    /// Makes the directories; refuses a state directory with anything else in it.
    private func prepare(_ manifest: BackupManifest, _ owner: Owner) throws {
        try StateDirectory.make(stateDirectory)
        try give(stateDirectory, to: owner)
        let names = try FileManager.default.contentsOfDirectory(atPath: stateDirectory)
        if !names.contains(Self.staging) {
            guard names.allSatisfy({ $0 == "lost+found" }) else {
                throw CollectorError.file(
                    stateDirectory, "is not empty; a restore replaces nothing, move the directory away first")
            }
            guard chmod(stateDirectory, 0o700) == 0, mkdir(place, 0o700) == 0 else {
                throw BackupFiles.failure(place)
            }
        }
        let isStaged = BackupFiles.exists("\(place)/\(Self.checked)")
        if !isStaged, let free = BackupFiles.freeBytes(stateDirectory), free < manifest.totalBytes {
            throw CollectorError.file(stateDirectory, "has \(free >> 20) MiB free, too few for the backup; make room")
        }
    }

    /// Whether an earlier call got as far as moving files of this very backup; of another one it is refused.
    private func isChecked(_ manifest: BackupManifest) throws -> Bool {
        let mark = "\(place)/\(Self.checked)"
        guard BackupFiles.exists(mark) else { return false }
        guard try PrivateFile.read(mark) == (try manifest.encoded()) else {
            throw CollectorError.file(
                stateDirectory,
                "holds half of a restore from another backup; run it again with that one, or remove "
                    + "the directory")
        }
        return true
    }

    private func stage(_ manifest: BackupManifest, _ owner: Owner) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: place) {
            try BackupFiles.remove("\(place)/\(name)")
        }
        guard mkdir("\(place)/\(BackupFiles.samples)", 0o700) == 0 else { throw BackupFiles.failure(place) }
        let total = manifest.totalBytes
        var done: Int64 = 0
        for file in manifest.files {
            let target = "\(place)/\(file.path)"
            let mode: mode_t = file.path.hasSuffix(".pem") ? 0o644 : 0o600
            let (bytes, sum) = try BackupFiles.copy("\(source)/\(file.path)", to: target, mode: mode) { count in
                done += count
                progress(file.path, done, total)
            }
            guard bytes == file.sizeBytes, sum == file.sha256 else {
                throw CollectorError.file(
                    "\(source)/\(file.path)", "is not what was backed up: its SHA-256 differs; use another backup")
            }
            try give(target, to: owner)
        }
        for directory in [place, "\(place)/\(BackupFiles.samples)"] { try give(directory, to: owner) }
        try BackupFiles.syncDirectory("\(place)/\(BackupFiles.samples)")
        try BackupFiles.syncDirectory(place)
    }

    /// Opens the staged database, checks its pages, and holds it and the CA against the manifest.
    private func verifyDatabase(_ manifest: BackupManifest) throws {
        progress("checking \(BackupFiles.database)", manifest.totalBytes, manifest.totalBytes)
        let content = try SQLiteStore.content(of: "\(place)/\(BackupFiles.database)")
        guard content.schema == manifest.schema, content.commit == manifest.commit else {
            throw CollectorError.file(
                "\(source)/\(BackupFiles.database)",
                "holds another schema or commit than the manifest says; use another backup")
        }
    }

    private func putInPlace(_ manifest: BackupManifest, _ owner: Owner) throws {
        let samples = "\(stateDirectory)/\(BackupFiles.samples)"
        if BackupFiles.exists("\(place)/\(BackupFiles.samples)") {
            guard rename("\(place)/\(BackupFiles.samples)", samples) == 0 else { throw BackupFiles.failure(samples) }
        }
        // The CA's key is the first of the list: it goes last.
        for name in ([BackupFiles.database] + BackupFiles.identity.reversed()) {
            let (from, to) = ("\(place)/\(name)", "\(stateDirectory)/\(name)")
            guard BackupFiles.exists(from) else { continue }
            guard rename(from, to) == 0 else { throw BackupFiles.failure(to) }
        }
        try BackupFiles.syncDirectory(stateDirectory)
        try RestoredState.write(manifest, in: stateDirectory, owner: owner)
        // Gone under its name at once, so that half of it is never taken for a restore to go on with.
        let finished = place + "-finished"
        guard rename(place, finished) == 0 else { throw BackupFiles.failure(place) }
        try BackupFiles.syncDirectory(stateDirectory)
        try BackupFiles.remove(finished)
    }

    /// The account that the state directory belongs to, else the one that made the backup: what root puts there must be
    /// the collector's own.
    private func owner() throws -> Owner {
        var status = stat()
        guard lstat(stateDirectory, &status) == 0 || lstat(source, &status) == 0 else {
            throw BackupFiles.failure(source)
        }
        return (status.st_uid, status.st_gid)
    }

    private func give(_ path: String, to owner: Owner) throws {
        guard geteuid() == 0 else { return }
        guard lchown(path, owner.user, owner.group) == 0 else { throw BackupFiles.failure(path) }
    }
}
