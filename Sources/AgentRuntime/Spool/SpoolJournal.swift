import Glibc
import Model
import Wire

/// The spool itself, on one thread: segments on disk, their books, and what happens when the disk fails.
///
/// Delivery is oldest first, one epoch at a time; after an outage what is enqueued from then on goes ahead
/// (``SpoolJournal/goAhead()``). Every loss becomes a gap record in the spool (promise G4).
final class SpoolJournal {
    let directory: SpoolDirectory
    let bounds: SpoolBounds
    /// Seconds since the process began, on a clock nobody can set.
    let uptime: () -> UInt64
    /// Puts an open segment on the disk and returns as fsync(2) does; another one only in tests.
    let flush: (Int32) -> Int32

    /// Seconds the agent ran before this process.
    var activeBase: UInt64 = 0
    /// Books of the epochs that have records, oldest first; the last is the current one.
    var ledgers: [SpoolLedger] = []
    var closures: [SpoolEpochFile.Closure] = []
    /// Oldest first.
    var segments: [SpoolSegment] = []
    var nextOrdinal: UInt64 = 1
    /// The file that is written to; always the last segment.
    var active: OpenSegment?
    /// False while records are only kept in memory.
    var isDurable = true
    var lastDiskTry: UInt64 = 0
    /// Gap records that wait for the next write.
    var owedGaps: [GapReport] = []
    private var noticesWaiting: [String] = []
    private var noticed: [String: UInt64] = [:]

    /// An open segment file and how much of it is on disk for sure.
    struct OpenSegment {
        var descriptor: Int32
        var path: String
        var length: Int
        var bornAt: UInt64
    }

    /// Opens the spool and recovers what is there; never fails: with a broken disk it works in memory.
    init(
        directory: String, bounds: SpoolBounds, flush: @escaping (Int32) -> Int32 = fsync,
        uptime: @escaping () -> UInt64
    ) {
        self.directory = SpoolDirectory(path: directory)
        self.bounds = bounds
        self.flush = flush
        self.uptime = uptime
        do throws(FileError) { try recover() } catch { goVolatile(error.description) }
    }

    deinit { closeActive() }

    /// Seconds the agent ran in its life.
    var activeSeconds: UInt64 { activeBase &+ uptime() }

    /// Octets of all segments.
    var totalBytes: Int { segments.reduce(0) { $0 + $1.bytes } }

    /// Octets of the records that wait.
    var waitingBytes: Int64 { segments.reduce(0) { $0 + $1.entries.reduce(0) { $0 + Int64($1.length) } } }

    /// The books of the current epoch.
    var current: SpoolLedger { ledgers.last ?? SpoolLedger(epoch: 0) }

    /// Keeps one line for the log; the same line not twice within a minute.
    func notice(_ text: String) {
        let now = uptime()
        if let last = noticed[text], now < last &+ 60 { return }
        if noticed.count >= 100 { noticed = [:] }
        noticed[text] = now
        if noticesWaiting.count < 100 { noticesWaiting.append(text) }
    }

    /// The lines since the last call.
    func takeNotices() -> [String] {
        defer { noticesWaiting = [] }
        return noticesWaiting
    }

    /// The oldest waiting frames of one epoch, those that go ahead before them; nil when nothing waits.
    func next(maximumBytes: Int, maximumFrames: Int) -> Batch? {
        if let fresh = current.freshFrom {
            let frames = collect(current.epoch, from: fresh, maximumBytes, maximumFrames)
            if !frames.isEmpty { return Batch(epoch: current.epoch, frames: frames) }
        }
        while let epoch = segments.first(where: { !$0.entries.isEmpty })?.epoch {
            let frames = collect(epoch, from: 0, maximumBytes, maximumFrames)
            if !frames.isEmpty { return Batch(epoch: epoch, frames: frames, isOvertaken: isOvertaken(frames, epoch)) }
        }
        return nil
    }

    /// The collector has what waited of `epoch` from `first` up to `sequence`.
    func acknowledge(epoch: UInt64, from first: UInt64 = 0, through sequence: UInt64) {
        guard let place = ledgers.firstIndex(where: { $0.epoch == epoch }) else { return }
        let last = min(sequence, ledgers[place].enqueued)
        let begin = max(first, ledgers[place].settled &+ 1)
        guard begin <= last else { return }
        for index in segments.indices where segments[index].epoch == epoch {
            let before = segments[index].entries.count
            segments[index].entries.removeAll { $0.sequence >= begin && $0.sequence <= last }
            ledgers[place].acknowledged += UInt64(before - segments[index].entries.count)
        }
        ledgers[place].ahead.append(begin...last)
        settle(place, through: 0)
        if current.freshFrom != nil, !hasOvertaken { ledgers[ledgers.count - 1].freshFrom = nil }
        // A file whose records are all acknowledged only takes room.
        if let active, active.length > bounds.segmentBytes / 8, segments.last?.entries.isEmpty == true { closeActive() }
        // The books before the files: numbers that stood in a file alone would be given again. While no file goes, old books are
        // as good after a power cut: what they do not know of is sent once more.
        removeFinished(files: writePosition(isNamed: hasFinishedFile))
    }

    /// Takes one report out and declares it lost, because the collector never takes it.
    func giveUp(epoch: UInt64, sequence: UInt64) {
        for index in segments.indices where segments[index].epoch == epoch {
            guard let place = segments[index].entries.firstIndex(where: { $0.sequence == sequence }) else { continue }
            segments[index].entries.remove(at: place)
            return declare([sequence...sequence], cause: "refused", epoch: epoch)
        }
    }

    /// Settles everything up to `sequence` in the ledger at `place`, and on to the first record that still waits.
    func settle(_ place: Int, through sequence: UInt64) {
        let epoch = ledgers[place].epoch
        let waiting = segments.first { $0.epoch == epoch && !$0.entries.isEmpty }?.entries.first?.sequence
        let known = max(sequence, ledgers[place].ahead.map(\.upperBound).max() ?? 0)
        ledgers[place].settled = max(ledgers[place].settled, waiting.map { $0 &- 1 } ?? known, sequence)
        let settled = ledgers[place].settled
        ledgers[place].declared.removeAll { $0.upperBound <= settled }
        ledgers[place].ahead = joined(ledgers[place].ahead.filter { $0.upperBound > settled })
    }

    private var hasFinishedFile: Bool {
        segments.contains { segment in
            guard segment.entries.isEmpty, case .file(let path) = segment.place else { return false }
            return path != active?.path
        }
    }

    /// Lets go of segments nobody waits for, and of the books of old epochs that have none left. `files` is false while
    /// the books on disk do not know yet that nobody waits: a file that goes before them takes its numbers with it, and
    /// the next process would give them again, to reports that the collector would take for repeats.
    func removeFinished(files: Bool = true) {
        let activePath = active?.path
        segments.removeAll { segment in
            guard segment.entries.isEmpty else { return false }
            guard case .file(let path) = segment.place else { return true }
            guard files, path != activePath else { return false }
            guard unlink(path) == 0 || errno == ENOENT else {
                notice(FileError.last("remove", path).description)
                return true
            }
            return true
        }
        let living = Set(segments.map(\.epoch))
        let currentEpoch = current.epoch
        ledgers.removeAll { $0.epoch != currentEpoch && !living.contains($0.epoch) }
    }

    /// Writes the books; false when they are not on disk. A failure is noted and costs at most a repeated delivery. Without
    /// `isNamed` a power cut may bring the books before them back.
    @discardableResult
    func writePosition(isNamed: Bool = true) -> Bool {
        guard isDurable else { return false }
        let position = SpoolPosition(activeSeconds: activeSeconds, ledgers: ledgers)
        do throws(FileError) {
            try DurableFile.replace(directory.file(SpoolPosition.name), with: position.encoded(), isNamed: isNamed)
            return true
        } catch {
            notice(error.description)
            return false
        }
    }

    func closeActive() {
        if let active { close(active.descriptor) }
        active = nil
    }

    private func collect(_ epoch: UInt64, from first: UInt64, _ maximumBytes: Int, _ maximumFrames: Int) -> [Frame] {
        var frames: [Frame] = []
        var bytes = 0
        for index in segments.indices where segments[index].epoch == epoch {
            let waiting = segments[index].entries.drop { $0.sequence < first }
            guard !waiting.isEmpty else { continue }
            let wanted = waiting.prefix { entry in
                guard frames.count + 1 <= maximumFrames, bytes == 0 || bytes + entry.length <= maximumBytes else {
                    return false
                }
                bytes += entry.length
                return true
            }.prefix(maximumFrames - frames.count)
            let read = segments[index].frames(of: wanted)
            if read.count < wanted.count { declareUnreadable(wanted, but: read, in: index) }
            frames += read
            if wanted.count < waiting.count { break }
        }
        return frames
    }

    private func declareUnreadable(
        _ wanted: ArraySlice<SpoolRecord.Entry>, but read: [Frame], in index: Int
    ) {
        let good = Set(read.map(\.sequence))
        let lost = wanted.map(\.sequence).filter { !good.contains($0) }
        segments[index].entries.removeAll { lost.contains($0.sequence) }
        // A file that does not give back what was written gets nothing more: a gap record in it would be lost in turn.
        if case .file(let path) = segments[index].place, path == active?.path { closeActive() }
        declare(spans(of: lost), cause: "corrupt", epoch: segments[index].epoch)
    }
}

/// Spans in ascending order, those that touch as one.
func joined(_ spans: [ClosedRange<UInt64>]) -> [ClosedRange<UInt64>] {
    spans.sorted { $0.lowerBound < $1.lowerBound }.reduce(into: []) { all, span in
        if let last = all.last, span.lowerBound <= last.upperBound || span.lowerBound == last.upperBound &+ 1 {
            all[all.count - 1] = last.lowerBound...max(last.upperBound, span.upperBound)
        } else {
            all.append(span)
        }
    }
}

/// Ascending numbers as spans of neighbours.
func spans(of numbers: [UInt64]) -> [ClosedRange<UInt64>] {
    var spans: [ClosedRange<UInt64>] = []
    for number in numbers {
        if let last = spans.last, last.upperBound &+ 1 == number {
            spans[spans.count - 1] = last.lowerBound...number
        } else {
            spans.append(number...number)
        }
    }
    return spans
}
