import Glibc
import LinuxSystem
import Model

/// What the agent itself costs: `process.cpu.time` (s), `process.memory.usage` (By, resident) and
/// `process.open_file_descriptor.count`, with `process.executable.name` `muster-agent`.
public struct AgentMetric: HostMetric {
    /// `agent`
    public static let name = "agent"

    private static let attributes = ["process.executable.name": "muster-agent"]

    /// A metric.
    public init() {}

    /// Reads /proc/self of the running machine.
    public mutating func read(_ root: SystemRoot) throws -> MetricReading {
        guard root.isLive else { return .noData("a recorded machine runs no agent") }
        guard let process = ProcessInfo.read(Int(getpid()), root) else {
            throw HostMetricError("/proc/\(getpid())/stat cannot be read")
        }
        let ticksPerSecond = Double(sysconf(Int32(_SC_CLK_TCK)))
        let pageBytes = Double(sysconf(Int32(_SC_PAGESIZE)))
        guard ticksPerSecond > 0, pageBytes > 0 else {
            throw HostMetricError("sysconf gives no clock tick or page size")
        }
        var samples = [
            sample("process.cpu.time", Double(process.ticks) / ticksPerSecond),
            sample("process.memory.usage", Double(process.residentPages) * pageBytes),
        ]
        if let open = try? root.names("/proc/self/fd") {
            samples.append(sample("process.open_file_descriptor.count", Double(open.count)))
        }
        return MetricReading(samples)
    }

    private func sample(_ metric: String, _ value: Double) -> Sample {
        Sample(SeriesName(metric, AgentMetric.attributes), value)
    }
}
