import Glibc
import LinuxSystem

/// The checks of files and directories before anything starts (threats M15).
enum StateDirectory {
    /// Makes the directory with mode 0700 where it does not exist, with its parents.
    static func make(_ path: String) throws(CollectorError) {
        var prefix = ""
        for part in path.split(separator: "/") {
            prefix += "/" + part
            if mkdir(prefix, prefix == path ? 0o700 : 0o755) != 0, errno != EEXIST { throw systemError(prefix) }
        }
    }

    /// Refuses a directory that is missing, belongs to somebody else, or that others can enter.
    static func check(_ path: String) throws(CollectorError) {
        let status = try status(of: path)
        guard status.st_mode & S_IFMT == S_IFDIR else { throw .file(path, "is not a directory") }
        guard status.st_uid == geteuid() else {
            throw .file(path, "belongs to user \(status.st_uid), not to the user that runs the collector")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw .file(path, "mode 0\(String(status.st_mode & 0o7777, radix: 8)) lets others in; run chmod 0700 on it")
        }
        guard !BackupFiles.exists(path + "/" + BackupRestore.staging) else {
            throw .file(path, "a restore was cut off here; run muster-collector restore again with the same backup")
        }
    }

    /// Makes the directory that a file lies in, open to nobody else, where it does not exist.
    static func makeParent(of path: String) throws(CollectorError) {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), slash != path.startIndex else { return }
        try make(String(path[..<slash]))
    }

    /// Refuses to go on as a program that others can change.
    static func checkProgram() throws(CollectorError) {
        try checkConfig(SystemRoot().link("/proc/self/exe") ?? "/proc/self/exe")
    }

    /// Refuses a configuration file that others can change.
    static func checkConfig(_ path: String) throws(CollectorError) {
        guard access(path, F_OK) == 0 else {
            throw .file(path, "\(String(cString: strerror(errno))); name the configuration with --config")
        }
        let status = try status(of: path)
        guard status.st_uid == 0 || status.st_uid == geteuid() else {
            throw .file(path, "belongs to user \(status.st_uid); it must belong to root or the collector's user")
        }
        guard status.st_mode & 0o022 == 0 else {
            throw .file(path, "others can write it; run chmod go-w on it")
        }
    }

    private static func status(of path: String) throws(CollectorError) -> stat {
        var status = stat()
        guard stat(path, &status) == 0 else { throw systemError(path) }
        return status
    }

    private static func systemError(_ path: String) -> CollectorError {
        .file(path, String(cString: strerror(errno)))
    }
}

/// Why the collector does not start or a command of it failed.
public enum CollectorError: Error, Hashable, CustomStringConvertible {
    /// A file or directory, and what is wrong with it.
    case file(String, String)
    /// Something is set up already, or not yet.
    case state(String)

    /// One line.
    public var description: String {
        switch self {
        case .file(let path, let problem): "\(path): \(problem)"
        case .state(let text): text
        }
    }
}
