import Model

/// Reads what a series was like day by day, from the summaries that stay for ever.
public protocol SampleTrendReading: Sendable {
    /// The means of each day that is over and lies between two moments, each at the middle of its day, oldest first; a series without
    /// any is left out.
    func dailyMeans(
        of ci: CIID, series: [SeriesName], from: Timestamp, to: Timestamp
    ) async throws -> [SeriesName: [(time: Timestamp, value: Double)]]
}
