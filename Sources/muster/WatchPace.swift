/// How long to wait between questions: longer after each failure, and never shorter than the collector asked for.
struct WatchPace {
    /// Seconds between questions while there are answers.
    let interval: Int
    /// Seconds until the next question.
    private(set) var delay: Int
    private var failures = 0

    /// The longest wait that no `Retry-After` asked for, in seconds.
    static let longest = 60

    init(interval: Int) {
        self.interval = interval
        delay = interval
    }

    /// There was an answer.
    mutating func answered() {
        failures = 0
        delay = interval
    }

    /// There was none, or a refusal that asks to come back in `retryAfter` seconds.
    mutating func failed(retryAfter: Int?) {
        failures = min(failures + 1, 16)
        let backedOff = min(interval << min(failures - 1, 6), max(interval, WatchPace.longest))
        delay = max(backedOff, retryAfter ?? 0)
    }
}
