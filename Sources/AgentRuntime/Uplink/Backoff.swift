/// How long to wait before the next attempt: doubling with jitter, from one second to a cap, on monotonic time.
struct Backoff {
    private let cap: Duration
    private var step = Duration.seconds(1)

    /// Waits of at most `cap`.
    init(cap: Duration = .seconds(30)) { self.cap = cap }

    /// After a success.
    mutating func reset() { step = .seconds(1) }

    /// The next wait. A server's `Retry-After` is the least; jitter on top keeps a fleet from returning as one.
    mutating func next(retryAfter: Duration? = nil) -> Duration {
        let wait = step * Double.random(in: 0.5...1)
        step = min(step * 2, cap)
        guard let retryAfter else { return wait }
        let asked = min(max(retryAfter, .zero), .seconds(3600))
        return asked + min(asked * 0.1, .seconds(10)) * Double.random(in: 0...1) + .milliseconds(50)
    }
}
