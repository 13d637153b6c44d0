import LinuxSystem
import Model

/// Counters since an interface exists, by `network.interface.name` and `network.io.direction`: `system.network.io` (By),
/// `system.network.errors` and `system.network.dropped` (packets).
///
/// Left out: the loopback, the host's ends of containers and virtual machines, and what never carried a packet.
public struct InterfacesMetric: HostMetric {
    /// `interfaces`
    public static let name = "interfaces"

    private static let limit = 32
    private static let insides = ["veth", "cali", "lxc", "vnet", "tap", "ifb", "dummy"]

    /// A metric.
    public init() {}

    /// Reads /proc/net/dev.
    public mutating func read(_ root: SystemRoot) throws -> MetricReading {
        let chosen = try NetworkCounters.all(root).filter { counters in
            counters.name != "lo" && !counters.name.isEmpty && counters.name.utf8.count <= 64
                && !InterfacesMetric.insides.contains { counters.name.hasPrefix($0) }
                && (counters.received.packets > 0 || counters.sent.packets > 0)
        }
        guard !chosen.isEmpty else { return .noData("no interface has carried a packet") }
        let samples = chosen.prefix(InterfacesMetric.limit).flatMap(InterfacesMetric.samples)
        guard chosen.count > InterfacesMetric.limit else { return MetricReading(samples) }
        return MetricReading(
            samples, outcome: .truncated,
            message: "\(chosen.count - InterfacesMetric.limit) more interfaces were left out")
    }

    private static func samples(_ counters: NetworkCounters) -> [Sample] {
        [("receive", counters.received), ("transmit", counters.sent)].flatMap { direction, counts in
            let attributes = ["network.interface.name": counters.name, "network.io.direction": direction]
            return [
                Sample(SeriesName("system.network.io", attributes), Double(counts.bytes)),
                Sample(SeriesName("system.network.errors", attributes), Double(counts.errors)),
                Sample(SeriesName("system.network.dropped", attributes), Double(counts.drops)),
            ]
        }
    }
}
