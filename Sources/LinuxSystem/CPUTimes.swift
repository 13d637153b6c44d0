/// Time the processors have spent since boot, in ticks of 1/100 s (`cpu` line of /proc/stat, proc(5)).
public struct CPUTimes: Hashable, Sendable {
    /// Programs and guests, without those of low priority.
    public var user: UInt64 = 0
    /// Programs of low priority.
    public var nice: UInt64 = 0
    /// The kernel.
    public var system: UInt64 = 0
    /// Nothing to do.
    public var idle: UInt64 = 0
    /// Nothing to do but wait for a disk.
    public var ioWait: UInt64 = 0
    /// Interrupts, hard and soft.
    public var interrupt: UInt64 = 0
    /// Taken by the hypervisor for others.
    public var steal: UInt64 = 0

    /// No time at all.
    public init() {}

    /// The sum of all processors; nil where /proc/stat has no such line.
    public static func read(_ root: SystemRoot) throws(SystemReadError) -> CPUTimes? {
        try root.content("/proc/stat", limit: 4 << 20).lines.lazy.compactMap { CPUTimes(line: $0) }.first
    }

    /// Parses the line that begins with `cpu `; nil on any other.
    init?(line: ByteText) {
        let fields = line.fields
        guard let name = fields.first, name == "cpu", fields.count >= 5 else { return nil }
        let values = fields.dropFirst().prefix(8).map { $0.count ?? 0 } + [0, 0, 0, 0]
        user = values[0]
        nice = values[1]
        system = values[2]
        idle = values[3]
        ioWait = values[4]
        interrupt = values[5].addingReportingOverflow(values[6]).partialValue
        steal = values[7]
    }
}
