import Glibc

/// Who may change a file: programs refuse to trust one that others can write.
public struct FileMode: Hashable, Sendable {
    /// The owner's user number.
    public var owner: UInt32
    /// The permission bits.
    public var bits: UInt32
    /// Whether it is a regular file.
    public var isRegularFile: Bool
    /// Whether it is a directory.
    public var isDirectory: Bool

    /// The mode of what stands at `path` on the running machine, a symbolic link not followed.
    public static func read(_ path: String) throws(SystemReadError) -> FileMode {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            throw errno == ENOENT ? .absent(path: path) : .unreadable(path: path, error: errno)
        }
        return FileMode(
            owner: status.st_uid, bits: status.st_mode & 0o7777, isRegularFile: status.st_mode & S_IFMT == S_IFREG,
            isDirectory: status.st_mode & S_IFMT == S_IFDIR)
    }

    /// Whether only the owner can change it.
    public var isWritableByOwnerOnly: Bool { bits & 0o022 == 0 }
}
