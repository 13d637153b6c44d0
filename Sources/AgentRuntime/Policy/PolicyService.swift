import Logging
import Model
import ServiceLifecycle
import Wire

/// Asks the collector for this agent's policy: at the start, when it says that there is another one, when it answers again after a
/// silence, and now and then.
struct PolicyService: Service {
    let client: CollectorClient
    let keeper: PolicyKeeper
    let signal: WakeSignal
    let reporter: Reporter
    let heartbeat: Heartbeat
    let log: Logger
    /// False where this host takes no policy.
    var isAllowed = true
    /// From one asking to the next when nobody says anything.
    var interval = Duration.seconds(600)

    func run() async throws {
        await cancelWhenGracefulShutdown { await loop() }
    }

    private func loop() async {
        var backoff = Backoff()
        while !Task.isCancelled {
            var pause = interval * Double.random(in: 0.95...1.05)
            if isAllowed {
                do throws(CollectorError) {
                    try await ask()
                    backoff.reset()
                } catch {
                    // An older collector has no such route: nothing to hurry for.
                    if !error.isUnknownRoute { pause = backoff.next(retryAfter: error.retryAfter) }
                    log.debug("policy: \(error.description)")
                }
            }
            guard !Task.isCancelled else { return }
            await reporter.ended(await keeper.receipts)
            await signal.wait(atMost: pause)
            // Many changes in a row are one; agents that are told together do not come together.
            try? await Task.sleep(for: .milliseconds(Int64.random(in: 100...700)))
        }
    }

    private func ask() async throws(CollectorError) {
        guard let bytes = try await client.policy(known: keeper.tag) else { return }
        let before = keeper.tag
        await keeper.take(bytes)
        guard keeper.tag != before else { return }
        await reporter.ended(await keeper.receipts)
        await reporter.status(await heartbeat.takeNow())
    }
}

extension CollectorError {
    /// Whether the collector knows nothing of what was asked.
    fileprivate var isUnknownRoute: Bool {
        if case .refused(let problem, _) = self { problem.status == 404 } else { false }
    }
}
