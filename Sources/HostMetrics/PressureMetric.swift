import LinuxSystem
import Model

/// How long tasks waited for processors, memory and disks: `system.linux.pressure.utilization` (1, mean of a minute) and
/// `system.linux.pressure.time` (s), by `system.linux.pressure.resource` and `.kind`: `some` task waited, or `full`y all.
public struct PressureMetric: HostMetric {
    /// `pressure`
    public static let name = "pressure"

    /// A metric.
    public init() {}

    /// Reads /proc/pressure.
    public mutating func read(_ root: SystemRoot) throws -> MetricReading {
        var samples: [Sample] = []
        for resource in Pressure.Resource.allCases {
            guard let pressure = try Pressure.read(resource, root) else {
                throw HostMetricError("/proc/pressure/\(resource.rawValue) has no line that begins with some")
            }
            samples += PressureMetric.samples(resource, "some", pressure.some)
            // Of processors the kernel writes a line that is always 0: there is always somebody who runs.
            if resource != .cpu, let full = pressure.full {
                samples += PressureMetric.samples(resource, "full", full)
            }
        }
        return MetricReading(samples)
    }

    private static func samples(_ resource: Pressure.Resource, _ kind: String, _ stall: Pressure.Stall) -> [Sample] {
        let attributes = [
            "system.linux.pressure.resource": resource.rawValue, "system.linux.pressure.kind": kind,
        ]
        return [
            Sample(SeriesName("system.linux.pressure.utilization", attributes), stall.percentOfMinute / 100),
            Sample(SeriesName("system.linux.pressure.time", attributes), Double(stall.totalMicroseconds) / 1e6),
        ]
    }
}
