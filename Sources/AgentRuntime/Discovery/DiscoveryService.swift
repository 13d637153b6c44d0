import FoundationEssentials
import Logging
import Model
import ServiceLifecycle

/// Looks through the networks once in every interval, also over restarts, and tells the collector what is there.
struct DiscoveryService: Service {
    let round: DiscoveryRound
    let reporter: Reporter
    let schedule: DiscoverySchedule
    let log: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            try? await Task.sleep(for: schedule.pause(at: Timestamp.now))
            while !Task.isCancelled {
                let outcome = await round.run()
                guard !Task.isCancelled else { return }
                log.info("discovery: \(outcome.findings.count) found; \(printed(outcome.receipt.message))")
                await reporter.discovered(outcome.findings)
                await reporter.ended([outcome.receipt])
                schedule.ended(at: Timestamp.now, log)
                try? await Task.sleep(for: schedule.interval * Double.random(in: 0.95...1.05))
            }
        }
    }
}

/// When the networks were looked through last: an agent that starts again and again must not sweep each time.
struct DiscoverySchedule: Sendable {
    private struct Record: Codable {
        var last: Timestamp
        var scope: String
    }

    let path: String
    let interval: Duration
    /// What is looked through: another scope is not kept waiting.
    let scope: String

    init(path: String, settings: DiscoverySettings) {
        self.path = path
        interval = settings.interval
        scope = (settings.networks + settings.crawlNetworks).map(\.description).joined(separator: " ")
    }

    /// How long the first round waits; a last one in the future is that of a clock that was set back (threats T1).
    func pause(at now: Timestamp) -> Duration {
        guard let bytes = try? DurableFile.read(path, limit: 4096),
            let record = try? JSONDecoder().decode(Record.self, from: Data(bytes)), record.scope == scope
        else { return min(.seconds(5), interval) }
        let passed = Duration.milliseconds(now.milliseconds(since: record.last))
        guard passed >= .zero, passed < interval else { return min(.seconds(5), interval) }
        return interval - passed
    }

    /// Notes the end of a round.
    func ended(at now: Timestamp, _ log: Logger) {
        do {
            try DurableFile.replace(path, with: Array(try JSONEncoder().encode(Record(last: now, scope: scope))))
        } catch { log.warning("\(path): \(error)") }
    }
}
