import FoundationEssentials
import LinuxSystem
import Logging
import Model
import ServiceLifecycle
import Wire

/// Empties the spool towards the collector: oldest first, one batch at a time, until each is acknowledged. After an
/// outage whose reports do not fit into one batch, the state of now goes ahead and the rest follows behind it.
struct UplinkService: Service {
    let spool: Spool
    let client: CollectorClient
    let wake: WakeSignal
    /// Told what the collector lacks.
    let wants: any WantHandling
    /// Told each answer and each failure.
    let observer: any UplinkObserving
    let log: Logger
    /// Enqueues the state of now once more, after an outage.
    var restate: @Sendable () async -> Void = {}

    /// Without an answer for so long, the collector counts as having been away.
    static let outage = Duration.seconds(120)

    /// Shows the watchdog that the loop goes round.
    var pulse = Pulse.unwatched

    /// How long one attempt may take: the client gives up long before.
    private static let patience = Duration.seconds(300)

    func run() async throws {
        await cancelWhenGracefulShutdown { await loop() }
        // A last attempt, so that what was enqueued at the end does not wait for the next start.
        await sendLast()
    }

    private func loop() async {
        var backoff = Backoff()
        var bytes = CollectorClient.batchBytes
        // A new process cannot know how long the one before was not answered.
        var answeredAt: ContinuousClock.Instant?
        while !Task.isCancelled {
            await goAheadAfterOutage(since: answeredAt)
            pulse.expect(within: UplinkService.patience)
            guard let batch = await spool.next(maximumBytes: bytes, maximumFrames: CollectorClient.batchFrames) else {
                await wake.wait(atMost: .seconds(60))
                continue
            }
            do throws(CollectorError) {
                let isProgress = try await deliver(batch)
                answeredAt = .now
                bytes = CollectorClient.batchBytes
                if isProgress {
                    backoff.reset()
                    continue
                }
                let wait = backoff.next()
                pulse.expect(within: wait + UplinkService.patience)
                try? await Task.sleep(for: wait)
            } catch {
                await observer.failed(error)
                if error.isAboutContent {
                    bytes = await smaller(bytes, batch, error)
                }
                let wait = backoff.next(retryAfter: error.retryAfter)
                log.warning("collector: \(error.description); next attempt in \(wait.inMilliseconds) ms")
                pulse.expect(within: wait + UplinkService.patience)
                try? await Task.sleep(for: wait)
            }
        }
    }

    /// Lets the state of now go ahead when more waits than one batch and nobody has answered for long.
    private func goAheadAfterOutage(since answeredAt: ContinuousClock.Instant?) async {
        if let answeredAt, ContinuousClock.now - answeredAt < UplinkService.outage { return }
        let (bytes, frames) = (CollectorClient.batchBytes, CollectorClient.batchFrames)
        guard await spool.waitsBeyond(bytes: bytes, frames: frames), await !spool.goesAhead else { return }
        log.notice("more waits than one batch after an outage: the state of now goes ahead")
        await spool.goAhead()
        await restate()
    }

    private func sendLast() async {
        guard let batch = await spool.next(maximumBytes: CollectorClient.batchBytes, maximumFrames: 2000) else {
            return
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = try? await deliver(batch) }
            group.addTask { try? await Task.sleep(for: .seconds(2)) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Sends a batch and settles what was acknowledged; false when nothing was.
    private func deliver(_ batch: Batch) async throws(CollectorError) -> Bool {
        let answer = try await client.send(batch)
        let first = batch.frames.first?.sequence ?? 0
        await spool.acknowledge(epoch: batch.epoch, from: first, through: answer.acknowledged)
        for refusal in answer.refused.prefix(20) {
            log.warning("collector refused report \(refusal.sequence): \(printed(refusal.reason))")
        }
        await observer.answered(answer)
        await wants.handle(answer.wants)
        return answer.acknowledged >= first
    }

    /// The collector could not read a batch: halve it, and give up a single report that it never will read.
    private func smaller(_ bytes: Int, _ batch: Batch, _ error: CollectorError) async -> Int {
        guard batch.frames.count == 1, let frame = batch.frames.first else { return max(1, bytes / 2) }
        log.error("report \(frame.sequence) is dropped, the collector never takes it: \(error.description)")
        await spool.giveUp(epoch: batch.epoch, sequence: frame.sequence)
        return CollectorClient.batchBytes
    }
}

/// Told what the collector lacks.
protocol WantHandling: Sendable {
    /// Answers each want; data only, never a command.
    func handle(_ wants: [Want]) async
}

/// Told how the uplink fares.
protocol UplinkObserving: Sendable {
    /// A batch was acknowledged.
    func answered(_ answer: AgentAnswer) async
    /// An attempt failed.
    func failed(_ error: CollectorError) async
}
