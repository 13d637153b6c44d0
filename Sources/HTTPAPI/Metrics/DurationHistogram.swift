import Model

extension OpenMetricsText {
    /// The samples of one histogram.
    mutating func histogram(_ name: String, _ labels: [(String, String)] = [], _ histogram: DurationHistogram) {
        var sum: Int64 = 0
        for (bound, count) in zip(DurationHistogram.bounds, histogram.counts) {
            sum += count
            sample(name + "_bucket", labels + [("le", "\(bound)")], sum)
        }
        sample(name + "_bucket", labels + [("le", "+Inf")], histogram.count)
        sample(name + "_count", labels, histogram.count)
        sample(name + "_sum", labels, real: histogram.sum)
    }
}

/// How many durations fell into each bucket.
struct DurationHistogram: Sendable {
    /// Upper bounds in seconds.
    static let bounds = [0.005, 0.025, 0.1, 0.5, 2.5, 10.0]

    /// Durations in each bucket alone; those above the last bound are only in ``count``.
    private(set) var counts = [Int64](repeating: 0, count: bounds.count)
    private(set) var count: Int64 = 0
    /// Of all durations, in seconds.
    private(set) var sum = 0.0

    /// Takes a duration.
    mutating func note(_ duration: Duration) {
        let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
        if let index = Self.bounds.firstIndex(where: { seconds <= $0 }) { counts[index] += 1 }
        count += 1
        sum += seconds
    }
}
