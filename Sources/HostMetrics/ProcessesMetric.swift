import LinuxSystem
import Model

/// `system.process.count`, without attribute of all processes, by `process.status` of those tasks that are `running` or
/// `blocked` by a disk, and `system.process.created`, which counts processes and threads since the machine started.
public struct ProcessesMetric: HostMetric {
    /// `processes`
    public static let name = "processes"

    /// A metric.
    public init() {}

    /// Counts the directories of /proc and reads /proc/stat.
    public mutating func read(_ root: SystemRoot) throws -> MetricReading {
        var values: [String: UInt64] = [:]
        for line in try root.content("/proc/stat", limit: 8 << 20).lines {
            let fields = line.fields.prefix(2)
            guard fields.count == 2, fields[0] == "processes" || fields[0].hasPrefix("procs_") else { continue }
            values[fields[0].string] = fields[1].count
        }
        let processes = try ProcessInfo.pids(root).count
        var samples = [Sample(SeriesName("system.process.count"), Double(processes))]
        for (status, name) in [("running", "procs_running"), ("blocked", "procs_blocked")] {
            guard let tasks = values[name] else { continue }
            samples.append(Sample(SeriesName("system.process.count", ["process.status": status]), Double(tasks)))
        }
        if let created = values["processes"] {
            samples.append(Sample(SeriesName("system.process.created"), Double(created)))
        }
        return MetricReading(samples)
    }
}
