import LinuxSystem
import Model

/// `system.cpu.load_average.1m`, `.5m` and `.15m`: tasks that run or wait, not divided by the number of processors.
public struct LoadMetric: HostMetric {
    /// `load`
    public static let name = "load"

    /// A metric.
    public init() {}

    /// Reads /proc/loadavg.
    public mutating func read(_ root: SystemRoot) throws -> MetricReading {
        guard let load = try LoadAverage.read(root) else {
            throw HostMetricError("/proc/loadavg does not hold three numbers")
        }
        return MetricReading([
            Sample(SeriesName("system.cpu.load_average.1m"), load.one),
            Sample(SeriesName("system.cpu.load_average.5m"), load.five),
            Sample(SeriesName("system.cpu.load_average.15m"), load.fifteen),
        ])
    }
}
