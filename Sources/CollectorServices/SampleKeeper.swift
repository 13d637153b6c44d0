import Logging
import Model
import ServiceLifecycle
import Stores

/// Keeps samples bounded: a look at start and every ten minutes.
public struct SampleKeeper: Service {
    private let samples: any SampleRetaining
    private let retention: SampleRetention
    private let clock: AlarmClock
    private let logger: Logger

    /// A keeper of `samples`.
    public init(samples: any SampleRetaining, retention: SampleRetention, clock: AlarmClock, logger: Logger) {
        self.samples = samples
        self.retention = retention
        self.clock = clock
        self.logger = logger
    }

    /// Runs until the task is cancelled or the process shuts down.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await look()
                await clock.pause(.seconds(600))
            }
        }
    }

    private func look() async {
        do {
            let report = try await samples.retain(retention)
            guard report != SampleRetentionReport() else { return }
            logger.info(
                "samples summarised and removed",
                metadata: [
                    "days": "\(report.summarised.joined(separator: " "))",
                    "removed": "\(report.removed.joined(separator: " "))",
                ])
        } catch {
            logger.error("samples could not be summarised", metadata: ["error": "\(error)"])
        }
    }
}
