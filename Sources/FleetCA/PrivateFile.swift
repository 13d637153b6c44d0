import Glibc

/// Files that only their owner may read: written whole or not at all, refused when others could write or read them.
public enum PrivateFile {
    /// Writes `bytes` to `path` with mode 0600 through a temporary file, fsync, rename and fsync of the directory.
    ///
    /// - Parameter mode: 0600 for keys, 0644 for certificates.
    public static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o600) throws(FleetCAError) {
        let temporary = path + ".new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw systemError(temporary) }
        do throws(FleetCAError) {
            defer { close(descriptor) }
            try writeAll(bytes, to: descriptor, path: temporary)
            guard fchmod(descriptor, mode) == 0, fsync(descriptor) == 0 else { throw systemError(temporary) }
        } catch {
            unlink(temporary)
            throw error
        }
        guard rename(temporary, path) == 0 else { throw systemError(path) }
        try syncDirectory(of: path)
    }

    /// The content of a private file of at most 1 MiB; refuses links, other kinds of files, another owner and modes
    /// that let others read or write, by the permission bits in `forbiddenBits`.
    public static func read(_ path: String, forbiddenBits: mode_t = 0o077) throws(FleetCAError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw systemError(path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw systemError(path) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .damaged(path: path, reason: "not a regular file") }
        guard status.st_mode & forbiddenBits == 0 else { throw .looseMode(path: path, mode: status.st_mode & 0o7777) }
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw .file(path: path, reason: "belongs to another user")
        }
        return try readAll(descriptor, path: path)
    }

    /// The content of a file of at most 1 MiB that everybody may read but only its owner may write.
    public static func readPublic(_ path: String) throws(FleetCAError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw systemError(path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw systemError(path) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .damaged(path: path, reason: "not a regular file") }
        guard status.st_mode & 0o022 == 0 else { throw .looseMode(path: path, mode: status.st_mode & 0o7777) }
        return try readAll(descriptor, path: path)
    }

    /// Whether something stands at `path`.
    public static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(FleetCAError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw systemError(path) }
            rest = rest.dropFirst(count)
        }
    }

    private static func readAll(_ descriptor: Int32, path: String) throws(FleetCAError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw systemError(path) }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= 1 << 20 else { throw .damaged(path: path, reason: "larger than 1 MiB") }
        }
    }

    private static func syncDirectory(of path: String) throws(FleetCAError) {
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        let directory = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw systemError(directory) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw systemError(directory) }
    }

    private static func systemError(_ path: String) -> FleetCAError {
        .file(path: path, reason: String(cString: strerror(errno)))
    }
}
