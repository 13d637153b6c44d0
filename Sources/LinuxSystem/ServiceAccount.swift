import Glibc

/// Root acts as the account that a service's state belongs to: what a command writes there must be the service's own,
/// and what it reads there was written by an account that must not steer root.
public enum ServiceAccount {
    /// Gives up root for the owner of `directory` for good. Does nothing for others than root, where the directory does
    /// not exist, and where it is root's.
    public static func become(ownerOf directory: String) throws(SystemReadError) {
        guard geteuid() == 0 else { return }
        var status = stat()
        guard lstat(directory, &status) == 0 else {
            if errno == ENOENT { return }
            throw .unreadable(path: directory, error: errno)
        }
        guard status.st_mode & S_IFMT == S_IFDIR, status.st_uid != 0 else { return }
        guard setgroups(0, nil) == 0, setgid(status.st_gid) == 0, setuid(status.st_uid) == 0 else {
            throw .unreadable(path: directory, error: errno)
        }
    }
}
