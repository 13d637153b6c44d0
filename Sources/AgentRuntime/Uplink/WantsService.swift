import Logging
import ServiceLifecycle
import Wire

/// Holds the one long poll at the collector, so that what it lacks is known at once.
struct WantsService: Service {
    let client: CollectorClient
    let wants: any WantHandling
    let log: Logger
    /// Raised when the collector answers again: it may be another run of it, which knows nothing of what this agent has.
    var recovered = WakeSignal()

    func run() async throws {
        await cancelWhenGracefulShutdown { await loop() }
    }

    private func loop() async {
        var backoff = Backoff()
        var cursor = ""
        var isBroken = false
        while !Task.isCancelled {
            do throws(CollectorError) {
                let start = ContinuousClock.now
                let answer = try await client.wants(after: cursor)
                cursor = answer.cursor
                backoff.reset()
                if isBroken { recovered.raise() }
                isBroken = false
                await wants.handle(answer.wants)
                // A collector that answers at once each time must not be asked in a circle.
                if answer.wants.isEmpty, ContinuousClock.now - start < .seconds(1) {
                    try? await Task.sleep(for: .seconds(1))
                }
            } catch {
                isBroken = true
                let wait = backoff.next(retryAfter: error.retryAfter)
                log.debug("long poll: \(error.description); next attempt in \(wait.inMilliseconds) ms")
                try? await Task.sleep(for: wait)
            }
        }
    }
}
