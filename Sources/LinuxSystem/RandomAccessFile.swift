import Glibc

/// A file of which only places that matter are read.
public final class RandomAccessFile: Sendable {
    private let descriptor: Int32
    private let path: String
    /// Its length in bytes when it was opened.
    public let size: Int

    /// Opens a regular file.
    public init(_ path: String, _ root: SystemRoot) throws(SystemReadError) {
        let descriptor = try root.descriptor(path)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .unreadable(path: path, error: EINVAL)
        }
        self.descriptor = descriptor
        self.path = path
        size = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// `count` bytes from `offset`; fewer where the file ends before.
    public func bytes(at offset: Int, count: Int) throws(SystemReadError) -> [UInt8] {
        guard offset >= 0, count > 0, offset < size else { return [] }
        let wanted = min(count, size - offset)
        var content = [UInt8](repeating: 0, count: wanted)
        var done = 0
        while done < wanted {
            let got = content.withUnsafeMutableBytes { room in
                pread(descriptor, room.baseAddress.map { $0 + done }, wanted - done, off_t(offset + done))
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw .unreadable(path: path, error: errno) }
            if got == 0 { break }
            done += got
        }
        content.removeLast(wanted - done)
        return content
    }
}
