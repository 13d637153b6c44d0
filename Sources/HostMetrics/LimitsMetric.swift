import LinuxSystem
import Model

/// How much of what the kernel allows is in use: `system.linux.limit.utilization` (1) by `system.linux.limit.name`:
/// `open_files`, `tasks` and, where the firewall follows connections, `tracked_connections`.
public struct LimitsMetric: HostMetric {
    /// `limits`
    public static let name = "limits"

    /// A metric.
    public init() {}

    /// Reads /proc/sys and /proc/loadavg.
    public mutating func read(_ root: SystemRoot) throws -> MetricReading {
        let samples = [
            sample("open_files", LimitsMetric.openFiles(root)), sample("tasks", LimitsMetric.tasks(root)),
            sample("tracked_connections", LimitsMetric.trackedConnections(root)),
        ].compactMap { $0 }
        return samples.isEmpty ? .noData("/proc/sys tells no limit") : MetricReading(samples)
    }

    private typealias Use = (used: Int64, limit: Int64)

    /// `fs.file-nr`: allocated, free of those (0 since Linux 2.6), limit.
    private static func openFiles(_ root: SystemRoot) -> Use? {
        let numbers = (try? root.content("/proc/sys/fs/file-nr", limit: 4096))?.trimmed.fields.map(\.number) ?? []
        guard numbers.count == 3, let used = numbers[0], let limit = numbers[2] else { return nil }
        return (used, limit)
    }

    /// The fourth field of /proc/loadavg ends with the number of tasks; each needs a number and a place.
    private static func tasks(_ root: SystemRoot) -> Use? {
        let fields = (try? root.content("/proc/loadavg", limit: 4096))?.fields ?? []
        guard fields.count >= 4, let used = fields[3].cut(at: UInt8(ascii: "/"))?.after.number else { return nil }
        let limits = ["threads-max", "pid_max"].compactMap { root.number("/proc/sys/kernel/\($0)") }
        return limits.min().map { (used, $0) }
    }

    private static func trackedConnections(_ root: SystemRoot) -> Use? {
        let place = "/proc/sys/net/netfilter/nf_conntrack_"
        guard let used = root.number(place + "count"), let limit = root.number(place + "max") else { return nil }
        return (used, limit)
    }

    private func sample(_ name: String, _ use: Use?) -> Sample? {
        guard let use, use.used >= 0, use.limit > 0 else { return nil }
        let attributes = ["system.linux.limit.name": name]
        return Sample(SeriesName("system.linux.limit.utilization", attributes), Double(use.used) / Double(use.limit))
    }
}
