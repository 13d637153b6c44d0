import CLinux
import LinuxSystem
import TOML

/// `[budget]`: what the agent takes of its host at most (threats G5). The shipped unit holds all of it to the same figures from
/// outside; a test compares the two.
public struct BudgetSettings: Hashable, Sendable {
    /// Percent of one processor.
    public var processorPercent = 20
    /// Octets of memory, of the agent and everything it starts.
    public var memoryBytes = 256 << 20
    /// Octets below the state directory: the spool, and what was sent last.
    public var diskBytes = 128 << 20
    /// Files and sockets that one process has open at once.
    public var openFiles = 1024
    /// Processes and threads of the agent's user.
    public var tasks = 64
    /// How long one source of the inventory may take.
    public var sourceTime = Duration.seconds(60)

    /// All defaults.
    public init() {}

    /// Reads the table.
    init(_ table: TOMLTable) throws(TOMLError) {
        processorPercent = try table.int("processor_percent", in: 1...10_000) ?? processorPercent
        memoryBytes = try table.int("memory_bytes", in: 64 << 20...64 << 30) ?? memoryBytes
        diskBytes = try table.int("disk_bytes", in: 2 << 20...128 << 30) ?? diskBytes
        openFiles = try table.int("open_files", in: 64...1 << 20) ?? openFiles
        tasks = try table.int("tasks", in: 16...1 << 20) ?? tasks
        sourceTime = try table.duration("source_time", in: .seconds(1) ... .seconds(3600)) ?? sourceTime
    }

    /// What the inventory's worker may have of the memory: the agent itself stays.
    var workerBytes: Int { memoryBytes / 4 * 3 }

    /// Whole seconds of processor time that one source may use, at least one.
    var sourceProcessorSeconds: UInt64 {
        let seconds = Double(sourceTime.components.seconds) * Double(processorPercent) / 100
        return UInt64(max(1, seconds.rounded(.up)))
    }

    /// Holds this process to the files it may open; what the kernel refuses is said in words.
    func holdAgent() -> [String] { [limited(MUSTER_LIMIT_FILES, openFiles, "open_files")].compactMap { $0 } }

    /// Holds this process, a worker, to all that the kernel can hold it to.
    func holdWorker() -> [String] {
        [
            limited(MUSTER_LIMIT_DATA, workerBytes, "memory_bytes"),
            limited(MUSTER_LIMIT_FILES, openFiles, "open_files"), limited(MUSTER_LIMIT_TASKS, tasks, "tasks"),
        ].compactMap { $0 }
    }

    /// Lets this process, a worker, use as much processor time from now on as one source may.
    func holdSource() {
        _ = muster_set_limit(MUSTER_LIMIT_PROCESSOR, muster_processor_seconds() &+ sourceProcessorSeconds)
    }

    private func limited(_ what: muster_limit, _ value: Int, _ name: String) -> String? {
        let error = muster_set_limit(what, UInt64(clamping: value))
        return error == 0 ? nil : "[budget] \(name) cannot be enforced here: \(systemErrorText(error))"
    }
}
