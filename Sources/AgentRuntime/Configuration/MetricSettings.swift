import HostMetrics
import TOML

/// `[metrics]`: what is measured on this host, and how often.
public struct MetricSettings: Hashable, Sendable {
    /// Each metric with its interval.
    public var metrics: [SourceSchedule]
    /// The TCP port of 127.0.0.1 at which Prometheus may read the newest values; nil for none.
    public var openMetricsPort: UInt16?

    private static let standard = Duration.seconds(60)
    /// The clock strays slowly, and under the shipped unit each look starts the helper.
    private static let clock = Duration.seconds(300)

    /// All defaults.
    public init() {
        metrics = HostMetricCatalogue.names.map {
            SourceSchedule(name: $0, interval: MetricSettings.interval($0, MetricSettings.standard), isEnabled: true)
        }
    }

    /// Reads the table.
    init(_ table: TOMLTable) throws(TOMLError) {
        let base = try table.duration("interval", in: SourceSchedule.intervals)
        metrics = try SourceSchedule.list(
            table, "metric", names: HostMetricCatalogue.names, hasOwnBase: base != nil
        ) { MetricSettings.interval($0, base ?? MetricSettings.standard) }
        openMetricsPort = try table.int("openmetrics_port", in: 1...65_535).flatMap(UInt16.init(exactly:))
        if try table.bool("enabled") == false {
            metrics = metrics.map(\.switchedOff)
        }
    }

    static func interval(_ name: String, _ base: Duration) -> Duration {
        name == ClockMetric.name ? max(base, clock) : base
    }
}
