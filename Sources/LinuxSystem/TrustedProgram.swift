import Glibc

/// Whether nobody but root can change which program stands at a path (threats M15).
public enum TrustedProgram {
    /// What is wrong, as the end of a sentence; nil where the file and every directory and link on the way to it belong to root and
    /// can be written by root alone. A file that does not exist is wrong too: see ``isMissing(_:)``.
    public static func problem(_ path: String) -> String? {
        guard path.hasPrefix("/") else { return "\(path) is no absolute path" }
        guard let found = realpath(path, nil) else { return "\(path): \(systemErrorText(errno))" }
        defer { free(found) }
        // The way as it is written has links in it; the way behind them has their targets.
        for way in [path, String(cString: found)] {
            if let problem = problemOfOne("/") { return problem }
            var place = ""
            for part in way.split(separator: "/") {
                place += "/" + part
                if let problem = problemOfOne(place) { return problem }
            }
        }
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return "\(path) is no regular file" }
        return nil
    }

    /// Whether there is nothing at the path.
    public static func isMissing(_ path: String) -> Bool { access(path, F_OK) != 0 && errno == ENOENT }

    private static func problemOfOne(_ place: String) -> String? {
        var status = stat()
        guard lstat(place, &status) == 0 else { return "\(place): \(systemErrorText(errno))" }
        guard status.st_uid == 0 else { return "\(place) does not belong to root" }
        // The mode of a link says nothing; who may replace it says its directory.
        if status.st_mode & S_IFMT == S_IFLNK { return nil }
        return status.st_mode & 0o022 == 0 ? nil : "\(place) can be written by others than root"
    }
}
