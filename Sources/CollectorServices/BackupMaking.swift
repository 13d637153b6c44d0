import Model

/// How the backup that was asked for last stands.
public struct BackupStanding: Hashable, Sendable {
    /// Where a backup can be.
    public enum State: String, Hashable, Sendable {
        /// Files are being copied.
        case running
        /// It is complete, flushed and under its name.
        case done
        /// It failed and was removed.
        case failed
    }

    /// Where it is.
    public var state: State
    /// The directory it becomes.
    public var target: String
    /// When it began, by the collector's clock.
    public var startedAt: Timestamp
    /// When it ended; nil while it runs.
    public var endedAt: Timestamp?
    /// What is copied now.
    public var step: String
    /// Bytes copied.
    public var doneBytes: Int64
    /// Bytes to copy, as the files were when it began.
    public var totalBytes: Int64
    /// How many files it holds; 0 until it is done.
    public var files: Int
    /// The newest commit in it; 0 until it is done.
    public var commit: Int64
    /// Why it failed, in one line; empty otherwise.
    public var failure: String

    /// A backup that begins.
    public init(target: String, startedAt: Timestamp) {
        state = .running
        self.target = target
        self.startedAt = startedAt
        step = "begins"
        doneBytes = 0
        totalBytes = 0
        files = 0
        commit = 0
        failure = ""
    }
}

/// Makes backups of the running collector, one at a time.
public protocol BackupMaking: Sendable {
    /// Begins a backup into the directory `target`, which must not exist, for the account `by`; returns at once.
    ///
    /// Throws ``ServiceRefusal`` when one is running or the target cannot be used.
    func begin(target: String, by: String) async throws -> BackupStanding
    /// The backup that runs or ended last; nil when there was none since the start.
    func standing() async -> BackupStanding?
}
