import CollectorServices
import Glibc
import LinuxSystem
import Logging
import Model
import Stores

/// Makes backups inside the running collector, one at a time, on a thread of their own.
actor BackupService: BackupMaking {
    private let writer: BackupWriter
    private let store: any ChangeCommitting
    private let logger: Logger
    private let latest: BackupProgressBoard
    private var isRunning = false

    init(writer: BackupWriter, store: any ChangeCommitting, logger: Logger) {
        self.writer = writer
        self.store = store
        self.logger = logger
        latest = BackupProgressBoard()
    }

    func begin(target: String, by: String) async throws -> BackupStanding {
        try await claim(target, by: by)
        Task { await make(target) }
        return await standing() ?? BackupStanding(target: target, startedAt: writer.now())
    }

    func standing() async -> BackupStanding? { latest.standing }

    /// Makes a backup and returns when it stands; throws why it does not.
    func make(now target: String, by: String) async throws {
        try await claim(target, by: by)
        if let failure = await make(target) { throw CollectorError.state(failure) }
    }

    /// Refuses what cannot become a backup, and takes the place of the one that runs.
    private func claim(_ target: String, by: String) async throws {
        guard !isRunning else {
            throw ServiceRefusal.conflict("a backup runs already; wait until it has ended")
        }
        try Self.check(target)
        isRunning = true
        latest.begin(BackupStanding(target: target, startedAt: writer.now()))
        do {
            var set = ChangeSet()
            set.agents = [.audit(who: by, action: "backup", target: target, detail: "")]
            _ = try await store.commit(set)
        } catch {
            isRunning = false
            latest.end(at: writer.now(), failure: "\(error)")
            throw error
        }
    }

    /// nil when the backup stands, else why it does not.
    @discardableResult
    private func make(_ target: String) async -> String? {
        let (writer, latest) = (writer, latest)
        let begun = ContinuousClock.now
        let result = await BlockingThread.run { () -> Result<BackupManifest, any Error> in
            Result { try writer.write(to: target, progress: latest.progress) }
        }
        isRunning = false
        switch result {
        case .success(let manifest):
            latest.end(at: writer.now(), manifest: manifest)
            logger.notice(
                "backup made",
                metadata: [
                    "target": "\(target)", "bytes": "\(manifest.totalBytes)", "commit": "\(manifest.commit)",
                    "milliseconds": "\((ContinuousClock.now - begun) / .milliseconds(1))",
                ])
            return nil
        case .failure(let error):
            latest.end(at: writer.now(), failure: "\(error)")
            logger.error("backup failed", metadata: ["target": "\(target)", "error": "\(error)"])
            return "\(error)"
        }
    }

    private static func check(_ target: String) throws {
        let isPlain =
            target.utf8.first == UInt8(ascii: "/") && target.utf8.count <= 1024
            && !target.utf8.contains { $0 < 0x20 || $0 == 0x7f }
            && !target.split(separator: "/").contains { $0 == "." || $0 == ".." }
        let (parent, name) = BackupWriter.split(target)
        guard isPlain, !name.isEmpty, name.utf8.count <= 200 else {
            throw ServiceRefusal.invalid("the target of a backup is an absolute path without . and ..")
        }
        guard !BackupFiles.exists(target) else {
            throw ServiceRefusal.conflict("\(target) exists; a backup makes its directory itself, name another one")
        }
        guard access(parent, W_OK | X_OK) == 0 else {
            let reason = String(cString: strerror(errno))
            throw ServiceRefusal.invalid(
                "\(parent): \(reason); the collector's own user writes backups, so it must be able to write there "
                    + "(and ReadWritePaths= of its unit must name the place)")
        }
    }
}
