import Glibc
import Inventory
import LinuxSystem
import Model

/// Reads the inventory in a process of its own, this same binary: what hangs there can be ended, and its memory goes
/// back with it. A source over the budget costs itself alone: the worker is ended, the source cools down, and the
/// others are read by the next worker without it.
struct InventoryWorker: Sendable {
    /// The program; ``WorkerProcess`` is what it runs.
    var program = "/proc/self/exe"
    /// What stands before the names of the sources.
    var arguments: [String]
    /// What a source may take.
    let budget: BudgetSettings

    /// What one worker read.
    struct Reading: Sendable {
        /// What the sources found, and how each ended that did.
        var document = InventoryDocument(sections: [], receipts: [])
        /// The sources that were read to their end.
        var ended: [String] = []
        /// The source that overran the budget, and how; nil when none did.
        var overrun: (source: String, reason: String)?
        /// The sources that the worker did not come to.
        var unread: [String]
    }

    /// Reads the sources called `names` but those that cool down, with as many workers as it takes; what became of `cooling` is the
    /// caller's to keep. `now` is the wall clock; `progress` is called whenever there is some, at least once in a source's time.
    func read(
        _ names: [String], cooling: inout SourceCooling, now: @Sendable () -> Timestamp = { .now },
        progress: @escaping @Sendable () -> Void = {}
    ) async -> InventoryDocument {
        var document = InventoryDocument(sections: [], receipts: [])
        document.receipts = names.compactMap { cooling.receipt(of: $0, at: now()) }
        var left = names.filter { cooling.remaining($0, at: now()) == nil }
        // Each worker takes at least one name off the list.
        while !left.isEmpty, !Task.isCancelled {
            progress()
            let reading = await read(left, progress: progress)
            for source in reading.ended where source != reading.overrun?.source { _ = cooling.ended(source) }
            document.sections += reading.document.sections
            document.receipts += reading.document.receipts
            guard let (source, reason) = reading.overrun else { break }
            _ = cooling.overran(source, reason: reason, at: now())
            if let receipt = cooling.receipt(of: source, at: now()) {
                // What it found all the same is in the document, and so is a receipt that says nothing of the budget.
                document.receipts.removeAll { $0.source == receipt.source }
                document.receipts.append(receipt)
            }
            left = reading.unread
        }
        return document
    }

    /// One worker over the sources called `names`.
    private func read(_ names: [String], progress: @escaping @Sendable () -> Void) async -> Reading {
        let start = ContinuousClock.now
        let run = ProgramRun(
            program: program, arguments: arguments + names, environment: ["SWIFT_BACKTRACE=enable=no"],
            timeout: budget.sourceTime * (names.count + 1), silence: budget.sourceTime, outputBytes: 64 << 20,
            keepsErrors: true)
        let result = await BlockingThread.run { run.run(heard: progress) }
        return reading(of: names, result, (ContinuousClock.now - start).inMilliseconds)
    }

    /// What the lines of a worker say that ended so.
    func reading(of names: [String], _ result: ProgramRun.Result, _ milliseconds: Int64) -> Reading {
        var reading = Reading(unread: names)
        var begun: String?
        var lastWords = ""
        for line in result.output.split(separator: 10) {
            switch WorkerLine(line) {
            case .begins(let name):
                begun = name
                reading.unread.removeAll { $0 == name }
            case .found(let document):
                reading.document.sections += document.sections
                reading.document.receipts += document.receipts
                if let name = begun { reading.ended.append(name) }
                begun = nil
            case .overran(let reason): reading.overrun = reading.ended.last.map { ($0, reason) }
            case nil: lastWords = printed(ByteText(slice: line).string, limit: 160)
            }
        }
        if reading.overrun != nil { return reading }
        let reason = self.reason(result.ending) + (lastWords.isEmpty ? "" : " (\(lastWords))")
        if let begun {
            reading.overrun = (begun, reason)
        } else if !reading.unread.isEmpty {
            // It was not a source that ended it.
            reading.document.receipts += reading.unread.map {
                Receipt(
                    source: "inventory/\($0)", outcome: .failure, found: 0, milliseconds: milliseconds, message: reason
                )
            }
            reading.unread = []
        }
        return reading
    }

    private func reason(_ ending: ProgramRun.Ending) -> String {
        switch ending {
        case .exited(0): "the worker ended before it was done"
        case .exited(let status): "the worker ended with status \(status)"
        case .signalled(SIGXCPU): "it used more than \(budget.sourceProcessorSeconds) s of processor time"
        case .signalled(let signal):
            "the worker was ended by signal \(signal), with \(budget.workerBytes >> 20) MiB of memory at most"
        case .timedOut: "it took longer than \(budget.sourceTime.components.seconds) s"
        case .tooMuchOutput: "the worker printed too much"
        case .notStarted(let reason): "the worker could not be started: \(reason)"
        }
    }
}
