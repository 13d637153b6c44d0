import Glibc
import Stores

/// Keeps a second collector off a database file (threats C10): an advisory lock on `FILE.lock`, gone with the process.
///
/// The lock lies beside the database, because closing any descriptor of the database itself would drop SQLite's own
/// POSIX locks.
final class StoreLock: Sendable {
    private let descriptor: Int32

    init(beside path: String) throws(StoreError) {
        let file = path + ".lock"
        descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw .unwritable("\(file): \(String(cString: strerror(errno)))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw .inUse(path)
        }
    }

    /// Lets the next collector in, while this one may still hold the object.
    func release() { flock(descriptor, LOCK_UN) }

    deinit { close(descriptor) }
}
