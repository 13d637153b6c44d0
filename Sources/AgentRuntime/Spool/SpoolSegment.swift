import Glibc
import Model
import Wire

/// A run of records of one epoch, and which of them still wait.
struct SpoolSegment {
    /// Where the records are.
    enum Place {
        /// In a file of the spool's directory.
        case file(String)
        /// In memory, because the disk fails: not enqueued in the sense of promise G3, sent all the same.
        case memory([Frame])
    }

    /// Where the records are.
    var place: Place
    /// Their epoch.
    let epoch: UInt64
    /// The age mark of the file's head.
    let bornAt: UInt64
    /// The records that wait, ascending.
    var entries: [SpoolRecord.Entry]
    /// Octets it takes.
    var bytes: Int

    /// The frames of `entries`; those that cannot be read any more are left out.
    func frames(of entries: ArraySlice<SpoolRecord.Entry>) -> [Frame] {
        switch place {
        case .memory(let frames):
            let wanted = Set(entries.map(\.sequence))
            return frames.filter { wanted.contains($0.sequence) }
        case .file(let path):
            let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
            guard descriptor >= 0 else { return [] }
            defer { close(descriptor) }
            return entries.compactMap { read($0, from: descriptor) }
        }
    }

    private func read(_ entry: SpoolRecord.Entry, from descriptor: Int32) -> Frame? {
        var bytes = [UInt8](repeating: 0, count: entry.length)
        var filled = 0
        while filled < bytes.count {
            let count = bytes[filled...].withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress, $0.count, off_t(entry.offset + filled))
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return nil }
            filled += count
        }
        guard let found = SpoolRecord.decode(bytes, at: 0, epoch: epoch), found.frame.sequence == entry.sequence else {
            return nil
        }
        return found.frame
    }
}
