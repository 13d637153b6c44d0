import LinuxSystem
import Logging
import ServiceLifecycle

/// Tells the service manager that the collector lives while its pipelines make progress.
struct WatchdogService: Service {
    let board: ProgressBoard
    let logger: Logger

    func run() async throws {
        let logger = logger
        let watchdog = Watchdog(board: board) { logger.error("\($0)") }
        await cancelWhenGracefulShutdown { await watchdog.run() }
    }
}
