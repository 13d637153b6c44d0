import Glibc
import LinuxSystem

/// Refuses files and directories that others could have changed or secrets that others can read (threats M15, S10).
enum FileGuard {
    /// Checks that `path` is a directory of ours that others cannot write; makes it with mode 0700 where it is missing.
    static func directory(_ path: String) throws(FileError) {
        if mkdir(path, 0o700) == 0 {
            try DurableFile.syncDirectory(of: path)
            return
        }
        guard errno == EEXIST || errno == EROFS else { throw .last("create directory", path) }
        var status = stat()
        guard lstat(path, &status) == 0 else { throw .last("stat", path) }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw .damaged(path: path, reason: "is not a directory; remove what stands in its place")
        }
        try ownership(path, status)
    }

    /// Checks that this program's own file can only be written by its owner.
    static func program() throws(FileError) {
        try file(SystemRoot().link("/proc/self/exe") ?? "/proc/self/exe", secret: false)
    }

    /// Checks that the regular file at `path` can only be written by its owner and, when it holds a secret, only be
    /// read by its owner.
    static func file(_ path: String, secret: Bool) throws(FileError) {
        try file(path, forbiddenBits: secret ? 0o077 : 0o022)
    }

    /// Checks that none of these permission bits is set on the regular file at `path`, nor a right of others to write.
    static func file(_ path: String, forbiddenBits: UInt32) throws(FileError) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw .last("stat", path) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
        try ownership(path, status)
        guard status.st_mode & forbiddenBits == 0 else {
            throw .readableByOthers(path: path, mode: status.st_mode)
        }
    }

    private static func ownership(_ path: String, _ status: stat) throws(FileError) {
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw .wrongOwner(path: path, owner: status.st_uid)
        }
        guard status.st_mode & 0o022 == 0 else { throw .writableByOthers(path: path, mode: status.st_mode) }
    }
}
