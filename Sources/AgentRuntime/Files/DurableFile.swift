import Glibc

/// Small files that survive a power cut: written beside, fsynced, renamed, the directory fsynced (threats M18).
enum DurableFile {
    /// Puts `bytes` at `path` in one step, with `mode`; the old content stays until the new one is on disk.
    ///
    /// Without `isDurable` a power cut may take it: for files whose loss costs nothing. Without `isNamed` it may bring the old
    /// content back, whole.
    static func replace(
        _ path: String, with bytes: [UInt8], mode: mode_t = 0o600, isDurable: Bool = true, isNamed: Bool = true
    ) throws(FileError) {
        let beside = path + ".new"
        guard unlink(beside) == 0 || errno == ENOENT else { throw .last("remove", beside) }
        let descriptor = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { throw .last("create", beside) }
        do throws(FileError) {
            try writeAll(descriptor, bytes, path: beside)
            guard !isDurable || fsync(descriptor) == 0 else { throw .last("fsync", beside) }
        } catch {
            close(descriptor)
            unlink(beside)
            throw error
        }
        guard close(descriptor) == 0 else { throw .last("close", beside) }
        guard rename(beside, path) == 0 else { throw .last("rename to \(path)", beside) }
        if isDurable, isNamed { try syncDirectory(of: path) }
    }

    /// Puts `bytes` behind what the file at `path` holds, fsynced; killed in between, some of them may be there.
    static func append(_ bytes: [UInt8], to path: String) throws(FileError) {
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw .last("open", path) }
        do throws(FileError) {
            try writeAll(descriptor, bytes, path: path)
            guard fsync(descriptor) == 0 else { throw .last("fsync", path) }
        } catch {
            close(descriptor)
            throw error
        }
        guard close(descriptor) == 0 else { throw .last("close", path) }
    }

    /// The whole content of the regular file at `path`; links are not followed.
    static func read(_ path: String, limit: Int = 1 << 20) throws(FileError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ELOOP { throw .notAFile(path: path) }
            throw .last("open", path)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .last("stat", path) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
        return try readAll(descriptor, path: path, limit: limit)
    }

    /// The rest of an open file, at most `limit` bytes.
    static func readAll(_ descriptor: Int32, path: String, limit: Int) throws(FileError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw .last("read", path)
            }
            bytes += chunk[..<count]
            guard bytes.count <= limit else { throw .tooLarge(path: path, limit: limit) }
        }
    }

    /// Writes every byte, however often the kernel takes only some.
    static func writeAll(_ descriptor: Int32, _ bytes: [UInt8], path: String) throws(FileError) {
        var offset = 0
        while offset < bytes.count {
            let count = bytes[offset...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw .last("write", path)
            }
            offset += count
        }
    }

    /// Makes the names in the directory that holds `path` durable.
    static func syncDirectory(of path: String) throws(FileError) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let parent = parts.dropLast().joined(separator: "/")
        let directory = parts.count < 2 ? "." : parent.isEmpty ? "/" : parent
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last("open", directory) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .last("fsync", directory) }
    }

    /// The names in a directory, sorted by bytes, without `.` and `..`.
    static func names(in directory: String) throws(FileError) -> [String] {
        guard let handle = opendir(directory) else { throw .last("open", directory) }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
