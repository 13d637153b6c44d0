import Wire

/// How the spool stands: what `muster-agent status` and the heartbeat say.
public struct SpoolStanding: Hashable, Sendable {
    /// Books of the current epoch.
    public var current: SpoolLedger
    /// Books of earlier epochs that still have records.
    public var earlier: [SpoolLedger]
    /// Envelopes that wait.
    public var waiting: UInt64
    /// Octets of the records that wait.
    public var bytes: Int64
    /// False while the disk fails and records are kept in memory only.
    public var isDurable: Bool

    /// Reads the standing from the files alone, while another process may be writing them.
    public static func read(_ directory: String) throws(FileError) -> SpoolStanding? {
        let spool = SpoolDirectory(path: directory)
        let position = try spool.small(SpoolPosition.name).flatMap(SpoolPosition.decode)
        guard let epoch = try spool.small(SpoolEpochFile.name).flatMap(SpoolEpochFile.decode) else { return nil }
        var ledgers = position?.ledgers ?? []
        if ledgers.last?.epoch != epoch.epoch { ledgers.append(SpoolLedger(epoch: epoch.epoch)) }
        var standing = SpoolStanding(
            current: ledgers.removeLast(), earlier: ledgers, waiting: 0, bytes: 0, isDurable: true)
        for segment in try spool.segments().compactMap(\.segment) {
            standing.count(segment, closures: epoch.closures)
        }
        return standing
    }

    private mutating func count(_ segment: SpoolSegment, closures: [SpoolEpochFile.Closure]) {
        let isCurrent = segment.epoch == current.epoch
        let ledger = isCurrent ? current : earlier.first { $0.epoch == segment.epoch }
        let settled = ledger?.settled ?? 0
        let limit = closures.last { $0.epoch == segment.epoch }?.last ?? .max
        let entries = segment.entries.filter { entry in
            entry.sequence > settled && entry.sequence <= limit
                && !(ledger?.ahead.contains { $0.contains(entry.sequence) } ?? false)
        }
        waiting += UInt64(entries.count)
        bytes += entries.reduce(0) { $0 + Int64($1.length) }
        if isCurrent, let last = segment.entries.last { current.enqueued = max(current.enqueued, last.sequence) }
    }
}
