import Glibc
import Model
import Wire

extension SpoolJournal {
    /// Writes reports under one fsync; true when they are enqueued in the sense of promise G3.
    ///
    /// With a failing disk they are kept in memory and false is the answer. A payload over the limit is not taken.
    @discardableResult
    func append(_ reports: [PendingReport]) -> Bool {
        let fitting = reports.filter { $0.payload.count <= SpoolRecord.maximumPayload }
        if fitting.count < reports.count {
            notice("\(reports.count - fitting.count) reports are over \(SpoolRecord.maximumPayload) bytes: not sent")
        }
        guard !fitting.isEmpty else { return isDurable }
        if !isDurable { returnToDisk() }
        store(fitting)
        payOwedGaps()
        keepBounds()
        return isDurable
    }

    /// Drops what is over the bounds, and goes back to the disk when it works again; call it now and then.
    func tend() {
        if !isDurable { returnToDisk() }
        payOwedGaps()
        if let active, activeSeconds &- active.bornAt > max(60, bounds.age / 8),
            active.length > SpoolSegmentHeader.bytes
        {
            closeActive()
        }
        keepBounds()
        removeFinished(files: writePosition())
    }

    /// Declares lost spans of `epoch` in gap records and in its books.
    func declare(_ spans: [ClosedRange<UInt64>], cause: String, epoch: UInt64) {
        guard !spans.isEmpty else { return }
        if let place = ledgers.firstIndex(where: { $0.epoch == epoch }) {
            for span in spans {
                ledgers[place].dropped += span.upperBound - span.lowerBound + 1
                if span.upperBound > ledgers[place].settled { ledgers[place].declared.append(span) }
            }
        }
        storeGaps(spans.map { GapReport(cause, epoch: epoch, span: $0) })
        writePosition()
    }

    /// Stores the gap records that could not be stored where they arose.
    func payOwedGaps() {
        while !owedGaps.isEmpty {
            let gaps = owedGaps
            owedGaps = []
            storeGaps(gaps)
        }
    }

    /// Puts gap records into the spool.
    func storeGaps(_ gaps: [GapReport]) {
        let reports = gaps.compactMap { gap -> PendingReport? in
            guard let encoded = try? ReportCodec.encode(.gap(gap)) else { return nil }
            return PendingReport(
                kind: encoded.kind.rawValue, claimedMilliseconds: Timestamp.now.milliseconds, payload: encoded.payload)
        }
        if !reports.isEmpty { store(reports) }
    }

    /// Drops the oldest segment that is not being written; false when there is none.
    @discardableResult
    func dropOldest(cause: String) -> Bool {
        guard segments.count > 1 else { return false }
        storeGaps(takeOutOldest(cause: cause))
        removeFinished()
        writePosition()
        return true
    }

    /// Removes the oldest segment, settles it in the books and says what must now be declared.
    func takeOutOldest(cause: String) -> [GapReport] {
        guard let oldest = segments.first else { return [] }
        // What the segment itself declared must not be lost with it.
        var owed = gaps(in: oldest)
        if case .file(let path) = oldest.place, unlink(path) != 0, errno != ENOENT {
            notice(FileError.last("remove", path).description)
        }
        segments.removeFirst()
        guard let last = oldest.entries.last else { return owed }
        if let place = ledgers.firstIndex(where: { $0.epoch == oldest.epoch }) {
            ledgers[place].dropped += UInt64(oldest.entries.count)
            settle(place, through: last.sequence)
        }
        notice("spool: dropped \(oldest.entries.count) reports up to sequence \(last.sequence), cause \(cause)")
        owed += spans(of: oldest.entries.map(\.sequence)).map { GapReport(cause, epoch: oldest.epoch, span: $0) }
        return owed
    }

    private func keepBounds() {
        while totalBytes > bounds.bytes, dropOldest(cause: "bytes") {}
        while memoryBytes > bounds.memoryBytes, dropOldest(cause: "bytes") {}
        // A segment's newest record is not younger than the birth of the segment behind it.
        while segments.count > 1, segments[1].bornAt &+ bounds.age < activeSeconds, dropOldest(cause: "age") {}
    }

    private var memoryBytes: Int {
        segments.reduce(0) { sum, segment in
            if case .memory = segment.place { sum + segment.bytes } else { sum }
        }
    }

    private func gaps(in segment: SpoolSegment) -> [GapReport] {
        let entries = segment.entries.filter { $0.kind == ReportKind.gap.rawValue }
        return segment.frames(of: entries[...]).compactMap { frame in
            guard let envelope = try? ReportCodec.decode(frame), case .gap(let gap) = envelope.report else {
                return nil
            }
            return gap
        }
    }

    private func store(_ reports: [PendingReport]) {
        var attempts = 0
        while isDurable {
            do throws(FileError) {
                return try writeToDisk(frames(of: reports))
            } catch {
                attempts += 1
                handle(error, attempts: attempts)
            }
        }
        storeInMemory(frames(of: reports))
    }

    private func frames(of reports: [PendingReport]) -> [Frame] {
        reports.enumerated().map { index, report in
            Frame(
                sequence: current.enqueued + UInt64(index) + 1,
                claimedTime: Timestamp(milliseconds: report.claimedMilliseconds), kind: report.kind,
                payload: report.payload)
        }
    }

    private func writeToDisk(_ frames: [Frame]) throws(FileError) {
        var open = try openSegment()
        var entries: [SpoolRecord.Entry] = []
        var bytes: [UInt8] = []
        for frame in frames {
            let record = SpoolRecord.encode(frame, epoch: current.epoch)
            entries.append(
                SpoolRecord.Entry(
                    sequence: frame.sequence, kind: frame.kind, offset: open.length + bytes.count,
                    length: record.count))
            bytes += record
        }
        try DurableFile.writeAll(open.descriptor, bytes, path: open.path)
        guard flush(open.descriptor) == 0 else { throw .last("fsync", open.path) }
        open.length += bytes.count
        active = open
        book(entries, bytes: bytes.count)
    }

    private func storeInMemory(_ frames: [Frame]) {
        let full = segments.last.map { $0.bytes >= bounds.memoryBytes / 8 } ?? true
        if full || segments.last?.epoch != current.epoch {
            segments.append(
                SpoolSegment(
                    place: .memory([]), epoch: current.epoch, bornAt: activeSeconds, entries: [], bytes: 0))
        }
        guard var last = segments.last, case .memory(let kept) = last.place else { return }
        last.place = .memory(kept + frames)
        segments[segments.count - 1] = last
        book(
            frames.map {
                SpoolRecord.Entry(sequence: $0.sequence, kind: $0.kind, offset: 0, length: $0.payload.count + 40)
            }, bytes: frames.reduce(0) { $0 + $1.payload.count + 40 })
    }

    private func book(_ entries: [SpoolRecord.Entry], bytes: Int) {
        segments[segments.count - 1].entries += entries
        segments[segments.count - 1].bytes += bytes
        ledgers[ledgers.count - 1].enqueued += UInt64(entries.count)
    }

    private func openSegment() throws(FileError) -> OpenSegment {
        if let active, active.length < bounds.segmentBytes { return active }
        closeActive()
        let path = directory.file(SpoolDirectory.segmentName(nextOrdinal))
        nextOrdinal += 1
        let born = activeSeconds
        let header = SpoolSegmentHeader(epoch: current.epoch, first: current.enqueued + 1, bornAt: born).encoded()
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .last("create", path) }
        do throws(FileError) {
            try DurableFile.writeAll(descriptor, header, path: path)
            try DurableFile.syncDirectory(of: path)
        } catch {
            close(descriptor)
            unlink(path)
            throw error
        }
        let opened = OpenSegment(descriptor: descriptor, path: path, length: header.count, bornAt: born)
        active = opened
        segments.append(
            SpoolSegment(place: .file(path), epoch: current.epoch, bornAt: born, entries: [], bytes: header.count))
        return opened
    }
}

extension GapReport {
    /// A span that is lost whole.
    init(_ cause: String, epoch: UInt64, span: ClosedRange<UInt64>) {
        let (count, overflow) = (span.upperBound - span.lowerBound).addingReportingOverflow(1)
        self.init(
            cause: cause, epoch: epoch, first: span.lowerBound, last: span.upperBound, count: overflow ? .max : count)
    }
}
