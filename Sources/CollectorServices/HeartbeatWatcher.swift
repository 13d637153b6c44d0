import LinuxSystem
import Logging
import Model
import ServiceLifecycle
import Stores

/// Declares agents silent that were not heard for three heartbeats, and heard again.
///
/// Silence is measured by a monotonic clock from the moment this process saw the agent's last report, so neither a wall
/// clock that jumps nor a restart of the collector makes anybody silent: after a start each agent has three heartbeats.
public final class HeartbeatWatcher: Service {
    /// What the watcher needs of the store.
    public typealias Store = ChangeCommitting & AgentReading

    private let store: any Store
    private let clock: AlarmClock
    private let interval: Duration
    private let logger: Logger
    private let pulse: Pulse

    /// A watcher that looks every `interval`.
    public init(
        store: any Store, clock: AlarmClock, interval: Duration = .seconds(1), logger: Logger,
        pulse: Pulse = .unwatched
    ) {
        self.store = store
        self.clock = clock
        self.interval = interval
        self.logger = logger
        self.pulse = pulse
    }

    /// Runs until the task is cancelled or the process shuts down.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            var watch = HeartbeatWatch()
            while !Task.isCancelled {
                self.pulse.expect(within: .seconds(300))
                do {
                    try await self.look(&watch)
                } catch {
                    self.logger.error("heartbeats wait for the store", metadata: ["error": "\(error)"])
                }
                await self.clock.pause(self.interval)
            }
        }
    }

    /// One look at all agents.
    func look(_ watch: inout HeartbeatWatch) async throws {
        let now = clock.now()
        watch.begin(at: now, interval: interval)
        var after: String?
        repeat {
            let page = try await store.agents(after: after, limit: 1000)
            var set = ChangeSet()
            for agent in page {
                guard let event = watch.event(for: agent, at: now) else { continue }
                set.events.append(event)
                set.agents.append(.setSilent(agent: agent.id, silent: event.isSilence))
            }
            if !set.isEmpty { _ = try await store.commit(set) }
            after = page.last?.id
        } while after != nil
    }
}

/// When each agent's last report was seen; a value that decides and does nothing else.
struct HeartbeatWatch {
    /// How many heartbeats may be missed.
    static let missed: Int64 = 3
    private var seen: [String: (heardAt: Timestamp?, at: Timestamp)] = [:]
    private var lastLook: Timestamp?

    /// Begins a look. After a pause of this process (stopped, machine asleep) everybody starts anew, because reports
    /// of that time still wait in the network.
    mutating func begin(at now: Timestamp, interval: Duration) {
        let usual = max(interval.components.seconds, 1) * 10_000
        if let lastLook, now.milliseconds(since: lastLook) > usual {
            for id in seen.keys { seen[id]?.at = now }
        }
        lastLook = now
    }

    /// What to tell of the agent; nil for nothing new.
    mutating func event(for agent: AgentRecord, at now: Timestamp) -> FeedEvent? {
        guard agent.revokedReason == nil else { return nil }
        let known = seen[agent.id]
        if known == nil || known?.heardAt != agent.heardAt {
            seen[agent.id] = (agent.heardAt, now)
            return agent.isSilent && known != nil ? .agentHeard(ci: agent.ci, agent: agent.id) : nil
        }
        guard !agent.isSilent, agent.heardAt != nil, let at = known?.at else { return nil }
        let quiet = now.milliseconds(since: at) / 1000
        let (allowed, overflow) = Int64(max(agent.heartbeatSeconds, 1)).multipliedReportingOverflow(by: Self.missed)
        guard !overflow, quiet >= allowed else { return nil }
        return .agentSilent(ci: agent.ci, agent: agent.id, seconds: quiet)
    }
}

extension FeedEvent {
    fileprivate var isSilence: Bool {
        if case .agentSilent = self { true } else { false }
    }
}
