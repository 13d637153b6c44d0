import Model
import Wire

/// The agent's outbox: what is enqueued here reaches the collector or is declared lost (promises G2–G4).
///
/// A Swift face for ``SpoolJournal``; one at a time, each write on disk before the call returns.
actor Spool {
    private let journal: SpoolJournal
    private let wake: WakeSignal
    private let log: @Sendable (String) -> Void

    /// Opens the spool in `directory`; `wake` is raised after each report, `log` gets one line per trouble.
    init(directory: String, bounds: SpoolBounds, wake: WakeSignal, log: @escaping @Sendable (String) -> Void) {
        let start = ContinuousClock.now
        journal = SpoolJournal(directory: directory, bounds: bounds) {
            UInt64(clamping: (ContinuousClock.now - start).components.seconds)
        }
        self.wake = wake
        self.log = log
    }

    /// The epoch reports are enqueued under now.
    var epoch: UInt64 { journal.current.epoch }

    /// Enqueues reports under one fsync; returns the epoch they went to.
    ///
    /// `make` is given that epoch: what it builds (a dictionary of series) belongs to it.
    @discardableResult
    func enqueue(_ make: @Sendable (UInt64) throws -> [Report]) rethrows -> UInt64 {
        let epoch = journal.current.epoch
        let pending = try make(epoch).compactMap(pending)
        journal.append(pending)
        report()
        wake.raise()
        return epoch
    }

    /// The oldest waiting frames of one epoch.
    func next(maximumBytes: Int, maximumFrames: Int) -> Batch? {
        defer { report() }
        return journal.next(maximumBytes: maximumBytes, maximumFrames: maximumFrames)
    }

    /// The collector has everything of `epoch` up to `sequence`.
    func acknowledge(epoch: UInt64, through sequence: UInt64) {
        journal.acknowledge(epoch: epoch, through: sequence)
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
            waiting: UInt64(journal.segments.reduce(0) { $0 + $1.entries.count }), bytes: Int64(journal.totalBytes),
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
