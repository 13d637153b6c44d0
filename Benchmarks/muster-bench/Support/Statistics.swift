/// Middle and ends of what was measured several times.
struct Statistics {
    /// The values, smallest first.
    let sorted: [Double]

    init(_ values: [Double]) { sorted = values.sorted() }

    var median: Double { share(0.5) }
    var p99: Double { share(0.99) }
    var least: Double { sorted.first ?? 0 }
    var most: Double { sorted.last ?? 0 }

    /// The value below which that share of all lies; 0 without values.
    func share(_ share: Double) -> Double {
        sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }
}

extension Duration {
    /// The span in seconds.
    var inSeconds: Double { self / .seconds(1) }
    /// The span in milliseconds.
    var inMilliseconds: Double { self / .milliseconds(1) }
}

extension ContinuousClock.Instant {
    /// Seconds since this moment.
    var secondsSince: Double { (ContinuousClock.now - self).inSeconds }
}
