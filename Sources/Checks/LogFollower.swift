import Glibc
import LinuxSystem
import Model
import Synchronization

/// Follows one log from run to run.
final class LogFollower: Sendable {
    /// When a run is.
    struct Moment: Hashable, Sendable {
        var boot: String
        var second: Int64
    }

    /// What a run found.
    struct News: Hashable, Sendable {
        /// Matching lines in the time.
        var matches = 0
        /// The newest matching line, escaped and cut.
        var lastLine: String?
        /// Lines that were passed over in this run.
        var missed = 0
        /// What else people should know.
        var note: String?
        /// Why nothing can be said.
        var problem: String?
    }

    private struct State {
        var position: LogPosition?
        var lastLine: String?
        var isLoaded = false
    }

    private let state = Mutex(State())

    /// How many bytes of new lines one run looks at.
    static let bytesPerRun: Int64 = 4 << 20
    /// In how many bytes that are passed over lines are counted; beyond them their number is reckoned from these.
    static let countedBytes: Int64 = 32 << 20
    /// How many names of a directory are looked through for a renamed file.
    private static let names = 10_000

    /// Reads what is new; `fits` says which lines count.
    func news(
        _ path: String, memory: CheckMemory?, at moment: Moment, within: Duration, fits: (ArraySlice<UInt8>) -> Bool
    ) -> News {
        state.withLock { state in
            var news = News()
            if !state.isLoaded {
                state.isLoaded = true
                if let kept = memory?.load() {
                    state.position = LogPosition(kept)
                    if state.position == nil { news.note = "the place was lost, read from the end" }
                }
            }
            let before = state.position
            var position = before ?? LogPosition()
            position.take(boot: moment.boot)
            var found = 0
            do throws(LogFile.Failure) {
                try LogFollower.follow(path, &position, isFirst: before == nil, &news) { line in
                    guard fits(line) else { return }
                    found += 1
                    state.lastLine = String(decoding: line.prefix(1024), as: UTF8.self).shownOnOneLine(limit: 200)
                }
            } catch {
                news.problem = error.text
                // What comes to be there later is new from its first line on; what was renamed is looked for then.
                guard error.isMissing, before == nil else { return news }
            }
            let oldest = moment.second - within.components.seconds
            news.matches = position.count(found, at: moment.second, after: oldest)
            if news.matches == 0 { state.lastLine = nil }
            news.lastLine = state.lastLine
            state.position = position
            if position != before, let memory, let problem = memory.save(position.bytes) {
                news.note = "the place is not kept over a restart, \(problem)"
            }
            return news
        }
    }

    private static func follow(
        _ path: String, _ position: inout LogPosition, isFirst: Bool, _ news: inout News,
        _ take: (ArraySlice<UInt8>) -> Void
    ) throws(LogFile.Failure) {
        let file = try LogFile(path)
        if isFirst {
            position.offset = file.size
        } else if let old = position.file, old != file.identity {
            // Another file has the name: the rest of the one before is read where it went.
            if let renamed = renamed(old, beside: path) {
                _ = try read(renamed, from: position.offset, takesRest: true, &news, take)
            } else {
                news.note = "the rest of the rotated file was not found"
            }
            position.offset = try read(file, from: 0, takesRest: false, &news, take)
        } else {
            let isNew =
                position.file == nil || file.size < position.offset
                || file.beginning(position.beginningBytes) != position.beginning
            position.offset = try read(file, from: isNew ? 0 : position.offset, takesRest: false, &news, take)
        }
        position.file = file.identity
        position.beginningBytes = Int(min(position.offset, Int64(LogFile.beginningBytes)))
        position.beginning = file.beginning(position.beginningBytes)
    }

    /// Reads one file to its end, but of what one run may not look at the oldest part.
    private static func read(
        _ file: LogFile, from offset: Int64, takesRest: Bool, _ news: inout News, _ take: (ArraySlice<UInt8>) -> Void
    ) throws(LogFile.Failure) -> Int64 {
        var start = min(offset, file.size)
        if file.size - start > bytesPerRun {
            let next = file.size - bytesPerRun
            let counted = min(next, start + countedBytes)
            let lines = file.lineCount(from: start, to: counted)
            let share = Double(next - start) / Double(max(counted - start, 1))
            news.missed += Int((Double(lines) * share).rounded())
            start = next
        }
        return try file.lines(from: start, to: file.size, takesRest: takesRest, take)
    }

    private static func renamed(_ identity: LogPosition.FileIdentity, beside path: String) -> LogFile? {
        guard let slash = path.lastIndex(of: "/") else { return nil }
        let directory = String(path[..<slash])
        let stem = path[path.index(after: slash)...].prefix { $0 != "." }
        let names = (try? SystemRoot().names(directory.isEmpty ? "/" : directory, limit: names)) ?? []
        for name in names where name.utf8.starts(with: stem.utf8) {
            var status = stat()
            let place = "\(directory)/\(name)"
            guard lstat(place, &status) == 0, UInt64(status.st_dev) == identity.device,
                UInt64(status.st_ino) == identity.inode, let file = try? LogFile(place), file.identity == identity
            else { continue }
            return file
        }
        return nil
    }
}
