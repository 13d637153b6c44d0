import LinuxSystem
import Model

/// What share of all processors' time went where since the last reading: `system.cpu.utilization` (1) by `cpu.mode`,
/// and without attribute the share that was not idle.
public struct CPUMetric: HostMetric {
    /// `cpu`
    public static let name = "cpu"

    private var last: CPUTimes?

    /// A metric that needs two readings.
    public init() {}

    /// Reads /proc/stat.
    public mutating func read(_ root: SystemRoot) throws -> MetricReading {
        guard let now = try CPUTimes.read(root) else {
            throw HostMetricError("/proc/stat has no line of all processors")
        }
        let before = last
        last = now
        guard let before else { return .noData("the first reading; the next one has values") }
        let modes: [(mode: String, ticks: Double)] = [
            ("user", grown(before.user, now.user)), ("nice", grown(before.nice, now.nice)),
            ("system", grown(before.system, now.system)), ("interrupt", grown(before.interrupt, now.interrupt)),
            ("iowait", grown(before.ioWait, now.ioWait)), ("steal", grown(before.steal, now.steal)),
            ("idle", grown(before.idle, now.idle)),
        ]
        let total = modes.reduce(0) { $0 + $1.ticks }
        guard total > 0 else { return .noData("no time has passed since the last reading") }
        let idle = modes.filter { $0.mode == "idle" || $0.mode == "iowait" }.reduce(0) { $0 + $1.ticks }
        let metric = "system.cpu.utilization"
        return MetricReading(
            [Sample(SeriesName(metric), (total - idle) / total)]
                + modes.map { Sample(SeriesName(metric, ["cpu.mode": $0.mode]), $0.ticks / total) })
    }
}

/// A counter may fall: iowait does by itself, all do when a virtual machine is moved or restored.
private func grown(_ before: UInt64, _ now: UInt64) -> Double { now > before ? Double(now - before) : 0 }
