import Glibc
import LinuxSystem
import Wire

/// An open log, read line by line from a place on.
final class LogFile {
    /// Which file it is.
    let identity: LogPosition.FileIdentity
    /// Its size when it was opened.
    let size: Int64
    private let descriptor: Int32

    /// How many first bytes tell a file that was filled anew.
    static let beginningBytes = 256
    /// How much of a line is looked at.
    static let lineBytes = 65_536

    /// Why it cannot be read.
    struct Failure: Error, Hashable {
        var text: String
        var isMissing = false
    }

    /// Opens a regular file; anything else that stands there is not read.
    init(_ path: String) throws(Failure) {
        let opened = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard opened >= 0 else {
            switch errno {
            case ENOENT: throw Failure(text: "does not exist", isMissing: true)
            case EACCES, EPERM: throw Failure(text: "the agent may not read it")
            default: throw Failure(text: "it cannot be read (\(systemErrorText(errno)))")
            }
        }
        var status = stat()
        guard fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(opened)
            throw Failure(text: "it is no regular file")
        }
        descriptor = opened
        size = Int64(status.st_size)
        identity = LogPosition.FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    }

    deinit { close(descriptor) }

    /// The digest of the first `count` bytes; nil where there are fewer.
    func beginning(_ count: Int) -> SHA256Digest? {
        var room = [UInt8](repeating: 0, count: LogFile.beginningBytes)
        let wanted = min(count, room.count)
        guard read(&room, wanted, at: 0) == wanted else { return nil }
        return SHA256Digest(of: room.prefix(wanted))
    }

    /// Gives `body` the whole lines between two places and says where the last one ends. A line that is not ended yet is left for
    /// the next time, unless it is longer than what is looked at of one; `takesRest` takes it, for a file that grows no more.
    func lines(
        from start: Int64, to end: Int64, takesRest: Bool, _ body: (ArraySlice<UInt8>) -> Void
    ) throws(Failure) -> Int64 {
        var room = [UInt8](repeating: 0, count: LogFile.lineBytes)
        var done = start
        var isCut = false
        while done < end {
            let count = read(&room, Int(min(Int64(room.count), end - done)), at: done)
            guard count >= 0 else { throw Failure(text: "it cannot be read (\(systemErrorText(errno)))") }
            if count == 0 { break }
            var place = 0
            while let newline = room[place..<count].firstIndex(of: 10) {
                if !isCut { body(room[place..<newline]) }
                isCut = false
                place = newline + 1
            }
            if place == 0 {
                // No line ends in all of this.
                guard count == room.count || takesRest else { break }
                if !isCut { body(room[..<count]) }
                isCut = true
                place = count
            } else if place < count, takesRest, done + Int64(count) >= end {
                body(room[place..<count])
                place = count
            }
            done += Int64(place)
        }
        return done
    }

    /// How many lines end between two places.
    func lineCount(from start: Int64, to end: Int64) -> Int {
        var room = [UInt8](repeating: 0, count: LogFile.lineBytes)
        var done = start
        var lines = 0
        while done < end {
            let count = read(&room, Int(min(Int64(room.count), end - done)), at: done)
            guard count > 0 else { break }
            lines += room[..<count].reduce(0) { $0 + ($1 == 10 ? 1 : 0) }
            done += Int64(count)
        }
        return lines
    }

    private func read(_ room: inout [UInt8], _ count: Int, at offset: Int64) -> Int {
        while true {
            let read = pread(descriptor, &room, min(count, room.count), off_t(offset))
            if read < 0, errno == EINTR { continue }
            return read
        }
    }
}
