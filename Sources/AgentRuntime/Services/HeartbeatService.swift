import Glibc
import LinuxSystem
import Model
import ServiceLifecycle
import Wire

/// Says at start and at each heartbeat that the agent lives and how its queue stands; keeps the spool's bounds.
struct HeartbeatService: Service {
    let spool: Spool
    let reporter: Reporter
    let interval: Duration
    let generation: UInt64
    var pulse = Pulse.unwatched

    /// How long writing a report may take on the slowest disk.
    private static let patience = Duration.seconds(120)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await PeriodicLoop.run(every: interval, first: .zero) {
                pulse.expect(within: HeartbeatService.patience)
                await spool.tend()
                await reporter.status(await status())
                pulse.expect(within: interval * 2 + HeartbeatService.patience)
            }
        }
    }

    private func status() async -> AgentStatus {
        let standing = await spool.standing()
        return AgentStatus(
            version: ProductVersion.text, bootID: HeartbeatService.bootID, generation: generation,
            heartbeatSeconds: Int(clamping: max(1, interval.components.seconds)), enqueued: standing.current.enqueued,
            acknowledged: standing.current.acknowledged, dropped: standing.current.dropped,
            spoolBytes: standing.bytes, settled: standing.current.settled)
    }

    /// The kernel's boot id (random(4)); empty where there is none.
    static var bootID: String {
        guard let bytes = try? DurableFile.read("/proc/sys/kernel/random/boot_id", limit: 4096) else { return "" }
        return (try? SecretFile.text(of: bytes, path: "boot_id")) ?? ""
    }
}
