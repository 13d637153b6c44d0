/// What a series of values measures: OpenTelemetry's metric name and the attributes that tell series apart.
public struct SeriesName: Hashable, Sendable, Codable {
    /// Metric name, e.g. `system.memory.usage`; the unit is the convention's (By, s, 1).
    public var metric: String
    /// Attributes, e.g. `["system.filesystem.mountpoint": "/"]`; empty where the metric has one series.
    public var attributes: [String: String]

    /// A series.
    public init(_ metric: String, _ attributes: [String: String] = [:]) {
        self.metric = metric
        self.attributes = attributes
    }
}

/// One value of one series.
public struct Sample: Hashable, Sendable {
    /// What was measured.
    public var series: SeriesName
    /// The value in the metric's unit; finite.
    public var value: Double

    /// A value of a series.
    public init(_ series: SeriesName, _ value: Double) {
        self.series = series
        self.value = value
    }
}
