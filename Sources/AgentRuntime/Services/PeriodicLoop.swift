/// Runs pieces of work again and again, each with its own interval and jitter, on monotonic time.
enum PeriodicLoop {
    /// Runs `work` now and then every `interval`, until the task is cancelled.
    ///
    /// The first run comes within `first`, each later one up to a twentieth of the interval early or late, so that a
    /// fleet that starts together does not stay together. `wake` brings the next run forward.
    static func run(
        every interval: Duration, first: Duration = .seconds(2), wake: WakeSignal? = nil,
        _ work: () async -> Void
    ) async {
        let clock = ContinuousClock()
        try? await clock.sleep(for: min(first, interval) * Double.random(in: 0...1))
        while !Task.isCancelled {
            let start = clock.now
            await work()
            let next = start + interval * Double.random(in: 0.95...1.05)
            let pause = max(next - clock.now, .milliseconds(10))
            if let wake { await wake.wait(atMost: pause) } else { try? await clock.sleep(for: pause) }
        }
    }
}
