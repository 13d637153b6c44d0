import LinuxSystem
import Model

/// Pages moved: `system.paging.operations` by `system.paging.direction` (from and to swap space, where there is some), and
/// `system.paging.faults` of `system.paging.fault.type` `major`, which wait for a disk.
public struct PagingMetric: HostMetric {
    /// `paging`
    public static let name = "paging"

    /// A metric.
    public init() {}

    /// Reads /proc/vmstat.
    public mutating func read(_ root: SystemRoot) throws -> MetricReading {
        var values: [String: UInt64] = [:]
        for line in try root.content("/proc/vmstat", limit: 1 << 20).lines.prefix(2000) {
            let fields = line.fields
            if fields.count == 2, let value = fields[1].count { values[fields[0].string] = value }
        }
        guard let major = values["pgmajfault"] else { throw HostMetricError("/proc/vmstat has no pgmajfault") }
        var samples = [Sample(SeriesName("system.paging.faults", ["system.paging.fault.type": "major"]), Double(major))]
        for (direction, name) in [("in", "pswpin"), ("out", "pswpout")] {
            guard let pages = values[name] else { continue }
            samples.append(
                Sample(SeriesName("system.paging.operations", ["system.paging.direction": direction]), Double(pages)))
        }
        return MetricReading(samples)
    }
}
