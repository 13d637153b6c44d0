import Glibc

/// Keeps a second agent out of the state directory for as long as this process lives (flock(2)).
struct StateLock: ~Copyable {
    private let descriptor: Int32

    /// Takes the lock.
    /// - Throws: ``FileError`` when another process has it.
    init(_ state: StateDirectory) throws(FileError) {
        let path = state.path + "/lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .last("open", path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(descriptor)
            guard code == EWOULDBLOCK else { throw .system(operation: "lock", path: path, code: code) }
            throw .damaged(path: path, reason: "another muster-agent runs on this state directory; stop it first")
        }
    }

    deinit { close(descriptor) }
}
