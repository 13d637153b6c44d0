/// How often something may happen: `rate` times a second, and `burst` times at once after a rest.
struct TokenBucket: Sendable {
    private let rate: Double
    private let burst: Double
    private var tokens: Double
    private var moment: Int64

    /// A full bucket; `now` is a time of the monotonic clock in nanoseconds.
    init(rate: Double, burst: Double, now: Int64) {
        self.rate = rate
        self.burst = burst
        tokens = burst
        moment = now
    }

    /// Whether it may happen now.
    mutating func take(now: Int64) -> Bool {
        let (passed, overflow) = now.subtractingReportingOverflow(moment)
        if !overflow, passed > 0 {
            tokens = min(burst, tokens + Double(passed) / 1e9 * rate)
            moment = now
        }
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }
}
