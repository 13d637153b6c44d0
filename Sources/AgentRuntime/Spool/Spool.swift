import Model
import Wire

/// The agent's outbox: what is enqueued here reaches the collector or is declared lost (promises G2–G4).
///
/// A Swift face for ``SpoolJournal``; one at a time, each write on disk before the call returns.
actor Spool {
    private let journal: SpoolJournal
    private var series: SeriesDictionary
    private let wake: WakeSignal
    private let log: @Sendable (String) -> Void

    /// Opens the spool in `directory`; `wake` is raised after each report, `log` gets one line per trouble.
    init(
        directory: String, bounds: SpoolBounds, seriesFile: String, wake: WakeSignal,
        log: @escaping @Sendable (String) -> Void
    ) {
        let start = ContinuousClock.now
        journal = SpoolJournal(directory: directory, bounds: bounds) {
            UInt64(clamping: (ContinuousClock.now - start).components.seconds)
        }
        series = SeriesDictionary(path: seriesFile)
        self.wake = wake
        self.log = log
    }

    /// Enqueues reports under one fsync.
    func enqueue(_ reports: [Report]) {
        journal.append(reports.compactMap(pending))
        report()
        wake.raise()
    }

    /// Enqueues values under the dictionary of the epoch they go to, and `others` with them.
    func enqueue(_ samples: [Sample], subject: Subject, with others: [Report] = []) {
        do {
            var rest = samples[...]
            var reports = others
            while !rest.isEmpty {
                let part = Array(rest.prefix(Limits.samplesPerReport))
                rest = rest.dropFirst(part.count)
                let report = try series.report(part, subject: subject, epoch: journal.current.epoch)
                if !report.values.isEmpty { reports.append(.samples(report)) }
            }
            enqueue(reports)
        } catch {
            log("samples are not sent: \(error)")
            if !others.isEmpty { enqueue(others) }
        }
    }

    /// The collector lacks names of series.
    func introduceSeriesAgain() { series.introduceAgain() }

    /// Whether more waits than one batch holds.
    func waitsBeyond(bytes: Int, frames: Int) -> Bool { journal.waitsBeyond(bytes: bytes, frames: frames) }

    /// Whether something goes ahead of what waits.
    var goesAhead: Bool { journal.current.freshFrom != nil }

    /// What is enqueued from now on goes before what waits, with the names of its series.
    func goAhead() {
        journal.goAhead()
        series.introduceAgain()
    }

    /// The oldest waiting frames of one epoch, those that go ahead before them.
    func next(maximumBytes: Int, maximumFrames: Int) -> Batch? {
        defer { report() }
        return journal.next(maximumBytes: maximumBytes, maximumFrames: maximumFrames)
    }

    /// The collector has what waited of `epoch` from `first` up to `sequence`.
    func acknowledge(epoch: UInt64, from first: UInt64, through sequence: UInt64) {
        journal.acknowledge(epoch: epoch, from: first, through: sequence)
        report()
    }

    /// A report the collector never takes: declared lost, and not sent again.
    func giveUp(epoch: UInt64, sequence: UInt64) {
        journal.giveUp(epoch: epoch, sequence: sequence)
        report()
    }

    /// Keeps the bounds and looks whether a failed disk is back.
    func tend() {
        journal.tend()
        report()
    }

    /// How it stands.
    func standing() -> SpoolStanding {
        SpoolStanding(
            current: journal.current, earlier: journal.ledgers.dropLast(),
            waiting: UInt64(journal.segments.reduce(0) { $0 + $1.entries.count }), bytes: journal.waitingBytes,
            isDurable: journal.isDurable)
    }

    private func pending(_ report: Report) -> PendingReport? {
        do {
            let (kind, payload) = try ReportCodec.encode(report)
            return PendingReport(
                kind: kind.rawValue, claimedMilliseconds: Timestamp.now.milliseconds, payload: payload)
        } catch {
            log("a report could not be encoded and is not sent: \(error)")
            return nil
        }
    }

    private func report() {
        for line in journal.takeNotices() { log(line) }
    }
}
