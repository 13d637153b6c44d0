import Inventory
import LinuxSystem
import Model

/// Reads the inventory in a process of its own, this same binary: what hangs there can be ended, and its memory goes
/// back with it.
struct InventoryWorker: Sendable {
    /// The configuration the worker reads; nil for the defaults.
    let configuration: String?
    let timeout: Duration

    /// Reads the sources called `names`.
    func read(_ names: [String]) async -> InventoryDocument {
        let start = ContinuousClock.now
        let run = ProgramRun(
            program: "/proc/self/exe",
            arguments: ["inventory", "--format", "json"] + (configuration.map { ["--config", $0] } ?? []) + ["--only"]
                + names,
            timeout: timeout, outputBytes: 64 << 20)
        let result = await BlockingThread.run { run.run() }
        if case .exited(0) = result.ending, let document = InventoryDocument.decode(result.output) { return document }
        let (outcome, message) = InventoryWorker.reason(result)
        let milliseconds = (ContinuousClock.now - start).inMilliseconds
        return InventoryDocument(
            sections: [],
            receipts: names.map {
                Receipt(
                    source: "inventory/\($0)", outcome: outcome, found: 0, milliseconds: milliseconds, message: message)
            })
    }

    private static func reason(_ result: ProgramRun.Result) -> (ReceiptOutcome, String) {
        switch result.ending {
        case .exited(0): (.failure, "the worker's output could not be read")
        case .exited(let status): (.failure, "the worker ended with status \(status)")
        case .signalled(let signal): (.failure, "the worker was ended by signal \(signal)")
        case .timedOut: (.truncated, "the worker overran its time and was ended")
        case .tooMuchOutput: (.truncated, "the worker printed too much and was ended")
        case .notStarted(let reason): (.failure, "the worker could not be started: \(reason)")
        }
    }
}
