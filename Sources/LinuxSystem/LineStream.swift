import Glibc

extension SystemRoot {
    /// Gives `body` the lines of a file one after the other, without their ends, until it returns false; the file is
    /// never in memory as a whole. An empty line is given too; of a line longer than 64 KiB the beginning is given.
    ///
    /// The line stands in a buffer that is used again: what is to stay must be copied out of it.
    public func forEachLine(
        _ path: String, limit: Int, _ body: (ByteText) -> Bool
    ) throws(SystemReadError) {
        let descriptor = try descriptor(path)
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var kept = 0
        var total = 0
        var isCut = false
        while true {
            let count = buffer.withUnsafeMutableBytes { room in
                Glibc.read(descriptor, room.baseAddress.map { $0 + kept }, room.count - kept)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .unreadable(path: path, error: errno) }
            total += count
            guard total <= limit else { throw .tooLarge(path: path, limit: limit) }
            let filled = kept + count
            var start = 0
            while let end = lineEnd(buffer, start, filled) {
                if isCut {
                    isCut = false
                } else if !body(ByteText(slice: buffer[start..<end])) {
                    return
                }
                start = end + 1
            }
            if start < filled, count == 0 || (start == 0 && filled == buffer.count) {
                if !isCut, !body(ByteText(slice: buffer[start..<filled])) { return }
                isCut = count > 0
                start = filled
            }
            if count == 0 { return }
            kept = filled - start
            if start > 0, kept > 0 {
                buffer.withUnsafeMutableBytes { room in
                    guard let base = room.baseAddress else { return }
                    memmove(base, base + start, kept)
                }
            }
        }
    }
}

/// Where the next newline is between two places; memchr looks at many bytes at once.
private func lineEnd(_ buffer: [UInt8], _ start: Int, _ end: Int) -> Int? {
    guard start < end, end <= buffer.count else { return nil }
    return buffer.withUnsafeBytes { bytes in
        guard let base = bytes.baseAddress, let found = memchr(base + start, 10, end - start) else { return nil }
        return UnsafeRawPointer(found) - base
    }
}
