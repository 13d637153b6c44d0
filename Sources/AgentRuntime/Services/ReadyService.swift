import LinuxSystem
import Logging
import ServiceLifecycle

/// Tells the service manager that the agent is up, that it lives, and that it is going down (sd_notify(3)).
struct ReadyService: Service {
    let board: ProgressBoard
    let log: Logger

    func run() async throws {
        ServiceManager.notify("READY=1")
        let log = log
        let watchdog = Watchdog(board: board) { log.error("\($0)") }
        await cancelWhenGracefulShutdown { await watchdog.run() }
        ServiceManager.notify("STOPPING=1")
    }
}
