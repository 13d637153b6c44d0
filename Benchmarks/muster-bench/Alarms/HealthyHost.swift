import Model
import Wire

/// What a host reports each minute: the series of a small server, its checks, its heartbeat.
enum HealthyHost {
    /// Values by series, with a little movement from round to round; all are within the limits of the shipped rules.
    static func samples(round: Int) -> [Sample] {
        let wave = Double(round % 7) / 100
        var samples = ["1m", "5m", "15m"].map { Sample(SeriesName("system.cpu.load_average.\($0)"), 0.4 + wave) }
        for state in ["user", "system", "idle", "iowait", "steal", "nice", "interrupt", "softirq"] {
            samples.append(Sample(SeriesName("system.cpu.utilization", ["cpu.mode": state]), 0.1 + wave))
        }
        for state in ["used", "free", "cached", "buffers"] {
            let attributes = ["system.memory.state": state]
            samples.append(Sample(SeriesName("system.memory.usage", attributes), 1e9 * (1 + wave)))
            samples.append(Sample(SeriesName("system.memory.utilization", attributes), 0.3 + wave))
        }
        for point in ["/", "/boot", "/var", "/home", "/srv"] {
            let place = ["system.filesystem.mountpoint": point]
            samples.append(Sample(SeriesName("system.filesystem.utilization", place), 0.5 + wave))
            samples.append(Sample(SeriesName("system.filesystem.inodes.utilization", place), 0.1 + wave))
            for state in ["used", "free"] {
                let attributes = place.merging(["system.filesystem.state": state]) { first, _ in first }
                samples.append(Sample(SeriesName("system.filesystem.usage", attributes), 5e10 * (1 + wave)))
            }
        }
        for name in ["eth0", "eth1"] {
            for direction in ["receive", "transmit"] {
                let attributes = ["network.interface.name": name, "network.io.direction": direction]
                for metric in ["io", "packet.count", "errors", "packet.dropped"] {
                    samples.append(Sample(SeriesName("system.network.\(metric)", attributes), Double(round * 1000)))
                }
            }
        }
        samples.append(Sample(SeriesName("system.uptime"), Double(round * 60)))
        return samples
    }

    /// The values as they go over the wire; the first round names the series.
    static func report(round: Int) -> SampleReport {
        let samples = samples(round: round)
        let introduced = samples.enumerated().map { IndexedSeries(index: UInt32($0.offset), series: $0.element.series) }
        return SampleReport(
            subject: .host, introduced: round == 0 ? introduced : [],
            values: samples.enumerated().map { IndexedValue(index: UInt32($0.offset), value: $0.element.value) })
    }

    /// Results of `count` checks that are good, or have failed `failures` times in a row.
    static func results(_ count: Int, failures: Int) -> [CheckResult] {
        (0..<count).map { number in
            CheckResult(
                check: "port-\(8000 + number)", kind: "tcp", subject: .host, state: failures > 0 ? .critical : .ok,
                message: failures > 0 ? "connection refused" : "connected", failuresInRow: failures, milliseconds: 1)
        }
    }

    /// A heartbeat with nothing special in it.
    static let status = AgentStatus(
        version: "bench", bootID: "00000000-0000-0000-0000-000000000001", generation: 1, heartbeatSeconds: 3600,
        enqueued: 0, acknowledged: 0, dropped: 0, spoolBytes: 0)
}
