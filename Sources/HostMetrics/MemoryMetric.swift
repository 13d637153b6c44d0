import LinuxSystem
import Model

/// `system.memory.usage` (By) and `.utilization` (1) by `system.memory.state`, and `system.paging.*` where there is swap.
///
/// The three states add up to the memory there is: `used` cannot be had without taking it from somebody, `cached` the
/// kernel gives back on demand (MemAvailable less MemFree), `free` nobody uses.
public struct MemoryMetric: HostMetric {
    /// `memory`
    public static let name = "memory"

    /// A metric.
    public init() {}

    /// Reads /proc/meminfo.
    public mutating func read(_ root: SystemRoot) throws -> MetricReading {
        let memory = try MemoryInfo.read(root)
        guard let total = memory["MemTotal"], total > 0, let free = memory["MemFree"] else {
            throw HostMetricError("/proc/meminfo has no MemTotal or MemFree")
        }
        // MemAvailable came with Linux 3.14; in small containers it can be above the total.
        let reclaimable = (memory["Buffers"] ?? 0).addingReportingOverflow(memory["Cached"] ?? 0).partialValue
        let estimate = free.addingReportingOverflow(reclaimable).partialValue
        let available = min(memory["MemAvailable"] ?? estimate, total)
        let unused = min(free, available)
        let states = [("used", total - available), ("cached", available - unused), ("free", unused)]
        var samples: [Sample] = []
        for (state, bytes) in states {
            let attributes = ["system.memory.state": state]
            samples.append(Sample(SeriesName("system.memory.usage", attributes), Double(bytes)))
            samples.append(Sample(SeriesName("system.memory.utilization", attributes), Double(bytes) / Double(total)))
        }
        return MetricReading(samples + swap(memory))
    }

    private func swap(_ memory: MemoryInfo) -> [Sample] {
        guard let total = memory["SwapTotal"], total > 0, let free = memory["SwapFree"], free <= total else {
            return []
        }
        let used = Double(total - free)
        let attributes = ["system.paging.state": "used"]
        return [
            Sample(SeriesName("system.paging.usage", attributes), used),
            Sample(SeriesName("system.paging.utilization", attributes), used / Double(total)),
        ]
    }
}
