import LinuxSystem
import Model

/// `system.uptime` (s).
public struct UptimeMetric: HostMetric {
    /// `uptime`
    public static let name = "uptime"

    /// A metric.
    public init() {}

    /// Reads /proc/uptime.
    public mutating func read(_ root: SystemRoot) throws -> MetricReading {
        guard let seconds = try Uptime.seconds(root) else {
            throw HostMetricError("/proc/uptime does not begin with a number")
        }
        return MetricReading([Sample(SeriesName("system.uptime"), seconds)])
    }
}
