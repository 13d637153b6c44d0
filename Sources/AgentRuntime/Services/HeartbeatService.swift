import Glibc
import LinuxSystem
import Model
import ServiceLifecycle
import Wire

/// Says at start and at each heartbeat that the agent lives and how its queue stands; keeps the spool's bounds.
struct HeartbeatService: Service {
    let spool: Spool
    let reporter: Reporter
    let heartbeat: Heartbeat
    var pulse = Pulse.unwatched

    /// How long writing a report may take on the slowest disk.
    private static let patience = Duration.seconds(120)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                pulse.expect(within: HeartbeatService.patience)
                await spool.tend()
                if let status = await heartbeat.takeOverdue() { await reporter.status(status) }
                pulse.expect(within: heartbeat.interval * 2 + HeartbeatService.patience)
                try? await Task.sleep(for: await heartbeat.overdue * Double.random(in: 1...1.05))
            }
        }
    }
}

/// How the agent stands, told when three quarters of a heartbeat have passed since it was told last with a report that leaves
/// anyway; by itself when nothing has left for a little more than a heartbeat, so that values of the same interval take it along.
actor Heartbeat {
    nonisolated let interval: Duration
    private let spool: Spool
    private let generation: UInt64
    private let policy: @Sendable () -> String?
    private let sweeps: [String]
    private let now: @Sendable () -> ContinuousClock.Instant
    private var told: ContinuousClock.Instant?

    /// How far two reports of one interval can be apart by their jitter, and a little more.
    private static let patience = 1.2

    /// A heartbeat that was not told yet; `policy` is the tag of the policy in force, `sweeps` the networks in which the collector may
    /// have devices looked for.
    init(
        spool: Spool, interval: Duration, generation: UInt64, policy: @escaping @Sendable () -> String? = { nil },
        sweeps: [String] = [], now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.policy = policy
        self.sweeps = sweeps
        self.now = now
        self.spool = spool
        self.interval = interval
        self.generation = generation
    }

    /// The standing, when a report that leaves anyway is to take it along; who takes it tells it.
    func takeDue() async -> AgentStatus? { await take(after: interval * 0.75) }

    /// The standing, when nothing took it along; who takes it tells it.
    func takeOverdue() async -> AgentStatus? { await take(after: interval * Heartbeat.patience) }

    /// How long it is until the standing is told by itself, if nothing takes it along before; not under a twentieth of a heartbeat.
    var overdue: Duration {
        guard let told else { return interval / 20 }
        return max(told + interval * Heartbeat.patience - now(), interval / 20)
    }

    private func take(after pause: Duration) async -> AgentStatus? {
        let now = now()
        if let told, now - told < pause { return nil }
        told = now
        return await status()
    }

    /// The standing now, whenever it was told last; who takes it tells it.
    func takeNow() async -> AgentStatus {
        told = now()
        return await status()
    }

    private func status() async -> AgentStatus {
        let standing = await spool.standing()
        return AgentStatus(
            version: ProductVersion.text, bootID: Heartbeat.bootID, generation: generation,
            heartbeatSeconds: Int(clamping: max(1, interval.components.seconds)), enqueued: standing.current.enqueued,
            acknowledged: standing.current.acknowledged, dropped: standing.current.dropped,
            spoolBytes: standing.bytes, settled: standing.current.settled,
            policy: policy(), sweeps: sweeps)
    }

    /// The kernel's boot id (random(4)); empty where there is none.
    static var bootID: String {
        guard let bytes = try? DurableFile.read("/proc/sys/kernel/random/boot_id", limit: 4096) else { return "" }
        return (try? SecretFile.text(of: bytes, path: "boot_id")) ?? ""
    }
}
