import Glibc
import Wire

extension SpoolJournal {
    /// After a failed write or fsync: what was enqueued stays, what failed is written anew elsewhere, never fsynced
    /// again in place (threats M8).
    func handle(_ error: FileError, attempts: Int) {
        notice(error.description)
        let isFull: Bool
        if case .system(_, _, let code) = error { isFull = code == ENOSPC || code == EDQUOT } else { isFull = false }
        abandonTail()
        // A full disk is no fault of the file: room is made by dropping the oldest.
        if isFull, attempts <= 16, dropOldestForRoom() { return }
        guard !isFull, attempts <= 1 else { return goVolatile(error.description) }
        do throws(FileError) {
            try beginEpoch(closing: current.epoch, last: current.enqueued, lost: 0, cause: "disk")
        } catch { goVolatile(error.description) }
    }

    /// Works in memory under an epoch of its own until the disk is back.
    func goVolatile(_ reason: String) {
        abandonTail()
        isDurable = false
        lastDiskTry = uptime()
        ledgers.append(SpoolLedger(epoch: SpoolEpochFile.randomEpoch()))
        removeFinished(files: false)
        notice("spool: \(reason); reports are kept in memory only until the disk works again")
    }

    /// Every 30 seconds looks whether the disk is back; then a new epoch begins on it.
    func returnToDisk() {
        guard uptime() >= lastDiskTry &+ 30 else { return }
        lastDiskTry = uptime()
        do throws(FileError) {
            try directory.prepare()
            // What another look may find must not be written over: numbers go on behind it.
            nextOrdinal = max(nextOrdinal, (try directory.segments().last?.ordinal ?? 0) + 1)
            try beginEpoch(closing: current.epoch, last: current.enqueued, lost: 0, cause: "disk")
            isDurable = true
            notice("spool: the disk works again")
        } catch { notice(error.description) }
    }

    /// Starts an epoch: the end of the one before is on disk before the first new record.
    func beginEpoch(closing epoch: UInt64, last: UInt64, lost: UInt64, cause: String) throws(FileError) {
        closeActive()
        let closure = SpoolEpochFile.Closure(epoch: epoch, last: last, lost: lost, cause: cause)
        let file = SpoolEpochFile(epoch: SpoolEpochFile.randomEpoch(), closures: (closures + [closure]).suffix(8))
        try DurableFile.replace(directory.file(SpoolEpochFile.name), with: file.encoded())
        closures = file.closures
        if let place = ledgers.firstIndex(where: { $0.epoch == epoch }) { ledgers[place].dropped += lost }
        ledgers.append(SpoolLedger(epoch: file.epoch))
        if last > 0 || lost > 0 { owedGaps.append(gap(of: closure)) }
        removeFinished()
    }

    /// The gap record that says how an epoch ended.
    func gap(of closure: SpoolEpochFile.Closure) -> GapReport {
        let first = closure.last &+ 1
        return GapReport(
            cause: closure.cause, epoch: closure.epoch, first: first, last: first &+ max(closure.lost, 1) &- 1,
            count: closure.lost)
    }

    /// Closes the file that is written to and cuts off what was never enqueued.
    private func abandonTail() {
        guard let active else { return }
        if ftruncate(active.descriptor, off_t(active.length)) != 0 {
            notice(FileError.last("truncate", active.path).description)
        }
        closeActive()
        removeFinished(files: false)
    }

    private func dropOldestForRoom() -> Bool {
        guard segments.count > 1, let oldest = segments.first, case .file = oldest.place else { return false }
        owedGaps += takeOutOldest(cause: "bytes")
        return true
    }
}
