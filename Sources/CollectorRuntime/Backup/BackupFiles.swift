import FoundationEssentials
import Glibc
import Wire

import struct Crypto.SHA256

/// Reading, writing and flushing of a backup's files.
enum BackupFiles {
    /// The main database.
    static let database = "muster.db"
    /// Key and certificate of the fleet CA and of the server, each readable by its owner alone in a backup.
    static let identity = ["ca.key", "ca.pem", "server.key", "server.pem"]
    /// What a backup holds besides samples.
    static let names: Set<String> = Set(identity + [database])
    /// The directory of samples.
    static let samples = "samples"

    private static let chunk = 1 << 20

    /// Reads a finished file once: its size and sum; flushes it, so that the sum is of what is on disk, and leaves it to
    /// its owner alone.
    static func seal(_ path: String) throws -> (bytes: Int64, sum: SHA256Digest) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        guard fchmod(descriptor, 0o600) == 0, fsync(descriptor) == 0 else { throw failure(path) }
        return try sum(descriptor, path: path) { _ in }
    }

    /// Copies a file to the new file `target` with mode `mode`, flushes it, and gives size and sum of what was read.
    static func copy(
        _ path: String, to target: String, mode: mode_t, progress: (Int64) -> Void
    ) throws -> (bytes: Int64, sum: SHA256Digest) {
        let source = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard source >= 0 else { throw failure(path) }
        defer { close(source) }
        let descriptor = open(target, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(target) }
        defer { close(descriptor) }
        let result = try sum(source, path: path) { bytes in
            try write(bytes, to: descriptor, path: target)
            progress(Int64(bytes.count))
        }
        guard fchmod(descriptor, mode) == 0, fsync(descriptor) == 0 else { throw failure(target) }
        return result
    }

    /// Flushes a directory's names.
    static func syncDirectory(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure(path) }
    }

    /// Bytes that are free for this user where `path` lies.
    static func freeBytes(_ path: String) -> Int64? {
        var figures = statvfs()
        guard statvfs(path, &figures) == 0 else { return nil }
        let (bytes, overflow) = Int64(clamping: figures.f_bavail)
            .multipliedReportingOverflow(by: Int64(clamping: figures.f_frsize))
        return overflow ? .max : bytes
    }

    /// The size of a file; 0 where there is none.
    static func size(_ path: String) -> Int64 {
        var status = stat()
        return lstat(path, &status) == 0 ? Int64(status.st_size) : 0
    }

    /// Whether anything stands at `path`.
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// Removes a file or a whole directory that this program made; what is not there is no error.
    static func remove(_ path: String) throws {
        guard exists(path) else { return }
        try FileManager.default.removeItem(atPath: path)
    }

    /// The system's reason, with the path.
    static func failure(_ path: String) -> CollectorError { .file(path, String(cString: strerror(errno))) }

    private static func sum(
        _ descriptor: Int32, path: String, each: (ArraySlice<UInt8>) throws -> Void
    ) throws -> (bytes: Int64, sum: SHA256Digest) {
        var hash = SHA256()
        var total: Int64 = 0
        var buffer = [UInt8](repeating: 0, count: chunk)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(path) }
            if count == 0 { break }
            buffer.withUnsafeBytes { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            try each(buffer[..<count])
            total += Int64(count)
        }
        guard let sum = SHA256Digest(hexadecimal: hexadecimal(Array(hash.finalize()))) else {
            throw CollectorError.file(path, "no sum could be made of it")
        }
        return (total, sum)
    }

    private static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32, path: String) throws {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure(path) }
            rest = rest.dropFirst(count)
        }
    }
}
