import CMDB
import LinuxSystem
import Logging
import Model
import ServiceLifecycle
import Stores

/// Keeps the queue right while nothing is found: links what has become a CI meanwhile, notes which CI an accepted device is, and gives
/// a device to another agent that sees it when the one that probes it is silent.
public struct DiscoveryKeeper: Service {
    /// What it needs of the store.
    public typealias Store = ChangeCommitting & DiscoveryReading & CMDBReading & ReconcileReading & AgentReading

    private let store: any Store
    private let matcher: DiscoveryMatcher
    private let clock: AlarmClock
    private let interval: Duration
    private let changed: @Sendable (_ agent: String) async -> Void
    private let logger: Logger

    private static let page = 500
    /// So many times as long as a look took the next waits: what waits by the thousand has at most a twentieth of one core.
    private static let rest = 20

    /// A keeper that looks every `interval`; `changed` hears of each agent that is to probe something else than before.
    public init(
        store: any Store, machines: (any MachineBook)?, clock: AlarmClock, interval: Duration = .seconds(10),
        changed: @escaping @Sendable (_ agent: String) async -> Void = { _ in }, logger: Logger
    ) {
        self.store = store
        matcher = DiscoveryMatcher(store: store, book: machines)
        self.clock = clock
        self.interval = interval
        self.changed = changed
        self.logger = logger
    }

    /// Runs until the task is cancelled or the process shuts down.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let begun = ContinuousClock.now
                do { try await look() } catch is CancellationError { return } catch {
                    logger.error("discovery waits for the store", metadata: ["error": "\(error)"])
                }
                await clock.pause(max(interval, (ContinuousClock.now - begun) * Self.rest))
            }
        }
    }

    /// One look at what waits and at what was accepted.
    func look() async throws {
        for state in [DiscoveryState.waiting, .accepted] {
            var after: Int64?
            repeat {
                let found = try await store.discoveries(DiscoveryQuery(states: [state], after: after, limit: Self.page))
                for record in found { try await look(record) }
                after = found.count == Self.page ? found.last?.id : nil
            } while after != nil
        }
    }

    private func look(_ before: DiscoveryRecord) async throws {
        var record = before
        if record.state == .waiting { try await link(&record) } else { try await settle(&record) }
        guard record != before else { return }
        var set = ChangeSet()
        set.put(record, before: before)
        if record.holder != before.holder, let holder = record.holder {
            set.agents.append(
                .audit(
                    who: "collector", action: "discovery.move", target: "discovery \(record.id)",
                    detail:
                        "agent \(before.holder ?? "-") is silent; device \(record.device ?? "-") goes to agent \(holder)"
                ))
        }
        // Somebody decided meanwhile: the next look sees it.
        do { _ = try await store.commit(set) } catch StoreError.conflict { return }
        guard record.holder != before.holder else { return }
        for agent in [before.holder, record.holder].compactMap({ $0 }) { await changed(agent) }
    }

    private func link(_ record: inout DiscoveryRecord) async throws {
        for sight in record.sights {
            guard let ci = try await matcher.ci(of: record.finding, agent: sight.agent) else { continue }
            return record.link(to: ci, by: "collector", at: clock.now())
        }
    }

    private func settle(_ record: inout DiscoveryRecord) async throws {
        guard let holder = record.holder, let device = record.device else { return }
        if record.ci == nil {
            record.ci = try await store.device(device, of: holder)?.ci?.id
        }
        guard try await isAway(holder) else { return }
        for sight in record.sights where sight.agent != holder && !sight.address.isEmpty {
            guard try await !isAway(sight.agent) else { continue }
            record.holder = sight.agent
            record.fence += 1
            return
        }
    }

    /// Whether an agent is silent, or refused for good.
    private func isAway(_ id: String) async throws -> Bool {
        guard let agent = try await store.agent(id) else { return true }
        return agent.isSilent || agent.revokedReason != nil
    }
}
