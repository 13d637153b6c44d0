import HostMetrics
import TOML

/// `[metrics]`: what is measured on this host, and how often.
public struct MetricSettings: Hashable, Sendable {
    /// Each metric with its interval.
    public var metrics: [SourceSchedule]

    private static let standard = Duration.seconds(60)

    /// All defaults.
    public init() {
        metrics = HostMetricCatalogue.names.map {
            SourceSchedule(name: $0, interval: MetricSettings.standard, isEnabled: true)
        }
    }

    /// Reads the table.
    init(_ table: TOMLTable) throws(TOMLError) {
        let base = try table.duration("interval", in: SourceSchedule.intervals) ?? MetricSettings.standard
        metrics = try SourceSchedule.list(table, "metric", names: HostMetricCatalogue.names) { _ in base }
        if try table.bool("enabled") == false {
            metrics = metrics.map { SourceSchedule(name: $0.name, interval: $0.interval, isEnabled: false) }
        }
    }
}
