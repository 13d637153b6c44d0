import CollectorServices
import Model
import Synchronization

/// How the backup that runs or ended last stands; written by its thread, read by the socket's route.
final class BackupProgressBoard: Sendable {
    private let state = Mutex<BackupStanding?>(nil)

    /// nil before the first.
    var standing: BackupStanding? { state.withLock { $0 } }

    /// What the writer tells.
    var progress: BackupWriter.Progress {
        { [self] step, done, total in
            state.withLock { standing in
                standing?.step = step
                standing?.doneBytes = done
                standing?.totalBytes = total
            }
        }
    }

    func begin(_ standing: BackupStanding) { state.withLock { $0 = standing } }

    func end(at moment: Timestamp, manifest: BackupManifest) {
        state.withLock { standing in
            standing?.state = .done
            standing?.endedAt = moment
            standing?.doneBytes = manifest.totalBytes
            standing?.totalBytes = manifest.totalBytes
            standing?.files = manifest.files.count
            standing?.commit = manifest.commit
        }
    }

    func end(at moment: Timestamp, failure: String) {
        state.withLock { standing in
            standing?.state = .failed
            standing?.endedAt = moment
            standing?.failure = failure
        }
    }
}
