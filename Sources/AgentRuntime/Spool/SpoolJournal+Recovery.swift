import Glibc
import Model
import Wire

extension SpoolJournal {
    /// Reads what is on disk: good records wait again, what is missing is declared, and a spool whose end cannot be
    /// trusted goes on under a new epoch, so that no sequence is ever given twice.
    func recover() throws(FileError) {
        try directory.prepare()
        let found = try directory.segments()
        nextOrdinal = (found.last?.ordinal ?? 0) &+ 1
        let setAside = try takeSegments(found)
        let epochFile = sealed(SpoolEpochFile.name, SpoolEpochFile.decode)
        let position = sealed(SpoolPosition.name, SpoolPosition.decode)
        activeBase = position?.activeSeconds ?? segments.map(\.bornAt).max() ?? 0
        closures = epochFile?.closures ?? []
        buildLedgers(position, current: epochFile?.epoch)
        var lost: [(epoch: UInt64, spans: [ClosedRange<UInt64>])] = []
        for place in ledgers.indices { lost.append((ledgers[place].epoch, missing(place))) }
        let finding = endOfCurrent(
            found, isNew: epochFile == nil && segments.isEmpty && !setAside, setAside: setAside,
            booksAreGood: epochFile != nil && position != nil)
        try continueOrBegin(finding, position: position)
        removeFinished()
        for (epoch, spans) in lost { declare(spans, cause: "corrupt", epoch: epoch) }
        payOwedGaps()
        writePosition()
    }

    /// Whether the current epoch may go on.
    private enum Finding {
        case goesOn
        /// Nothing was here.
        case new
        /// `lost` envelopes behind `last` may be gone.
        case ends(last: UInt64, lost: UInt64)
    }

    private func takeSegments(_ found: [SpoolDirectory.Found]) throws(FileError) -> Bool {
        var setAside = false
        for item in found {
            if let segment = item.segment {
                segments.append(segment)
            } else {
                notice("\(directory.file(item.name)): \(item.reason); set aside")
                try directory.setAside(item.name)
                setAside = true
            }
        }
        return setAside
    }

    private func sealed<Value>(_ name: String, _ decode: ([UInt8]) -> Value?) -> Value? {
        do throws(FileError) {
            guard let bytes = try directory.small(name) else { return nil }
            if let value = decode(bytes) { return value }
            notice("\(directory.file(name)): is damaged; a new epoch begins")
        } catch {
            notice("\(error.description); a new epoch begins")
            rename(directory.file(name), directory.file(name) + ".unreadable")
        }
        return nil
    }

    private func buildLedgers(_ position: SpoolPosition?, current: UInt64?) {
        ledgers = position?.ledgers ?? []
        for segment in segments where !ledgers.contains(where: { $0.epoch == segment.epoch }) {
            var ledger = SpoolLedger(epoch: segment.epoch)
            ledger.settled = (segment.entries.first?.sequence ?? 1) &- 1
            ledgers.append(ledger)
        }
        let order = segments.map(\.epoch)
        let last = current ?? order.last
        ledgers.sort { left, right in
            if left.epoch == last || right.epoch == last { return right.epoch == last && left.epoch != last }
            return (order.firstIndex(of: left.epoch) ?? .max) < (order.firstIndex(of: right.epoch) ?? .max)
        }
        if let current, ledgers.last?.epoch != current { ledgers.append(SpoolLedger(epoch: current)) }
    }

    /// Takes out what is settled or never was enqueued, and returns the spans that are not there.
    private func missing(_ place: Int) -> [ClosedRange<UInt64>] {
        let ledger = ledgers[place]
        let closure = closures.last { $0.epoch == ledger.epoch }
        let limit = closure?.last ?? .max
        var next = ledger.settled &+ 1
        var holes: [ClosedRange<UInt64>] = []
        for index in segments.indices where segments[index].epoch == ledger.epoch {
            segments[index].entries.removeAll { $0.sequence < next || $0.sequence > limit }
            for entry in segments[index].entries {
                if entry.sequence > next { holes.append(next...(entry.sequence - 1)) }
                next = entry.sequence &+ 1
            }
            segments[index].entries.removeAll { entry in ledger.ahead.contains { $0.contains(entry.sequence) } }
        }
        if let closure, next <= closure.last { holes.append(next...closure.last) }
        let last = max(next &- 1, ledger.settled)
        ledgers[place].enqueued = max(ledger.enqueued, closure == nil ? last : limit)
        return remainder(holes, without: ledger.declared + ledger.ahead)
    }

    private func endOfCurrent(
        _ found: [SpoolDirectory.Found], isNew: Bool, setAside: Bool, booksAreGood: Bool
    ) -> Finding {
        guard !isNew, let ledger = ledgers.last else { return .new }
        let tail = found.last { $0.segment?.epoch == ledger.epoch }
        let known = segments.last { $0.epoch == ledger.epoch && !$0.entries.isEmpty }?.entries.last?.sequence
        let last = max(known ?? 0, ledger.settled, ledger.declared.last?.upperBound ?? 0)
        let damaged = UInt64(tail?.damagedAtEnd ?? 0)
        let lost = max(ledger.enqueued > last ? ledger.enqueued - last : 0, damaged)
        if lost == 0, !setAside, booksAreGood { return .goesOn }
        return .ends(last: last, lost: lost)
    }

    private func continueOrBegin(_ finding: Finding, position: SpoolPosition?) throws(FileError) {
        switch finding {
        case .goesOn:
            // The process before may have ended between the new epoch and its first record.
            if let closure = closures.last, current.enqueued == 0, position?.ledgers.last?.epoch == closure.epoch {
                owedGaps.append(gap(of: closure))
            }
        case .new:
            try beginEpoch(closing: 0, last: 0, lost: 0, cause: "epoch")
            closures = []
        case .ends(let last, let lost):
            let epoch = current.epoch
            ledgers[ledgers.count - 1].enqueued = last &+ lost
            notice("spool: epoch \(epoch) ends at \(last), \(lost) reports may be lost; a new epoch begins")
            try beginEpoch(closing: epoch, last: last, lost: lost, cause: lost > 0 ? "corrupt" : "epoch")
        }
    }
}
