import LinuxSystem
import Model

/// How the host's TCP does: `system.network.connection.count` by `network.connection.state`, and the counters
/// `system.linux.tcp.segments` by `network.io.direction`, `.retransmits`, `.resets` and `.listen.overflows`.
public struct TCPMetric: HostMetric {
    /// `tcp`
    public static let name = "tcp"

    /// A metric.
    public init() {}

    /// Reads /proc/net/snmp, /proc/net/netstat and /proc/net/sockstat.
    public mutating func read(_ root: SystemRoot) throws -> MetricReading {
        let tcp = try ProtocolCounters.group("Tcp:", in: "/proc/net/snmp", root)
        guard let established = tcp["CurrEstab"] else { throw HostMetricError("/proc/net/snmp has no Tcp: CurrEstab") }
        // What only newer kernels count is left out where it is not there.
        let extended = (try? ProtocolCounters.group("TcpExt:", in: "/proc/net/netstat", root)) ?? [:]
        let sockets = (try? ProtocolCounters.sockets("TCP:", root)) ?? [:]
        let samples = [
            connections("established", established), connections("time_wait", sockets["tw"]),
            segments("receive", tcp["InSegs"]), segments("transmit", tcp["OutSegs"]),
            counter("retransmits", tcp["RetransSegs"]), counter("resets", tcp["EstabResets"]),
            counter("listen.overflows", extended["ListenOverflows"]),
        ]
        return MetricReading(samples.compactMap { $0 })
    }

    private func connections(_ state: String, _ count: Int64?) -> Sample? {
        let attributes = ["network.transport": "tcp", "network.connection.state": state]
        return sample("system.network.connection.count", attributes, count)
    }

    private func segments(_ direction: String, _ count: Int64?) -> Sample? {
        sample("system.linux.tcp.segments", ["network.io.direction": direction], count)
    }

    private func counter(_ name: String, _ count: Int64?) -> Sample? { sample("system.linux.tcp.\(name)", [:], count) }

    private func sample(_ metric: String, _ attributes: [String: String], _ count: Int64?) -> Sample? {
        guard let count, count >= 0 else { return nil }
        return Sample(SeriesName(metric, attributes), Double(count))
    }
}
