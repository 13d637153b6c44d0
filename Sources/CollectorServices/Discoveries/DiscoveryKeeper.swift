import CMDB
import LinuxSystem
import Logging
import Model
import ServiceLifecycle
import Stores

/// Keeps the queue right while nothing is found: links what has become a CI meanwhile, forgets what was not seen for long, notes which
/// CI an accepted device is, and gives a device to another agent that sees it when the one that probes it is silent.
public struct DiscoveryKeeper: Service {
    /// What it needs of the store.
    public typealias Store = ChangeCommitting & DiscoveryReading & CMDBReading & ReconcileReading & AgentReading

    private let store: any Store
    private let matcher: DiscoveryMatcher
    private let clock: AlarmClock
    private let interval: Duration
    private let forgetting: DiscoveryForgetting
    private let changed: @Sendable (_ agent: String) async -> Void
    private let logger: Logger

    private static let page = 500
    /// So many times as long as a look took the next waits: what waits by the thousand has at most a twentieth of one core.
    private static let rest = 20

    /// A keeper that looks every `interval` and forgets after `forgetSeconds` what waits and was not seen (0 for never); `changed` hears of each agent that is to probe something else than before.
    public init(
        store: any Store, machines: (any MachineBook)?, clock: AlarmClock, interval: Duration = .seconds(10),
        forgetSeconds: Int64 = 0,
        changed: @escaping @Sendable (_ agent: String) async -> Void = { _ in }, logger: Logger
    ) {
        self.store = store
        matcher = DiscoveryMatcher(store: store, book: machines)
        self.clock = clock
        self.interval = interval
        forgetting = DiscoveryForgetting(seconds: forgetSeconds, begun: clock.now())
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
        try await each(.waiting) { before in
            var record = before
            try await link(&record)
            if record.state != .waiting {
                try await put(record, before: before)
            } else if forgetting.isDue(record, at: clock.now()) {
                try await forget(record)
            }
        }
        try await lookAtAccepted()
    }

    private func each(_ state: DiscoveryState, _ work: (DiscoveryRecord) async throws -> Void) async throws {
        var after: Int64?
        repeat {
            let found = try await store.discoveries(DiscoveryQuery(states: [state], after: after, limit: Self.page))
            for record in found { try await work(record) }
            after = found.count == Self.page ? found.last?.id : nil
        } while after != nil
    }

    /// Puts a record as it is now; somebody who decided meanwhile is seen by the next look.
    private func put(_ record: DiscoveryRecord, before: DiscoveryRecord, with more: ChangeSet = .init()) async throws {
        var set = more
        set.put(record, before: before)
        do { _ = try await store.commit(set) } catch StoreError.conflict { return }
        guard record.holder != before.holder else { return }
        for agent in [before.holder, record.holder].compactMap({ $0 }) { await changed(agent) }
    }

    private func forget(_ record: DiscoveryRecord) async throws {
        var set = ChangeSet()
        set.expectations = [.discovery(id: record.id, version: record.version)]
        set.discoveries = [.remove(id: record.id)]
        let label = record.label.shownOnOneLine(limit: 200)
        set.events = [.discoveryChanged(id: record.id, name: label, from: record.state, to: nil, ci: nil)]
        set.agents = [
            .audit(
                who: "collector", action: "discovery.forget", target: "discovery \(record.id) \(label)",
                detail: "last seen \(record.lastSeen)")
        ]
        do { _ = try await store.commit(set) } catch StoreError.conflict { return }
    }

    private func link(_ record: inout DiscoveryRecord) async throws {
        for sight in record.sights {
            guard let ci = try await matcher.ci(of: record.finding, agent: sight.agent) else { continue }
            return record.link(to: ci, by: "collector", at: clock.now())
        }
    }

    private func lookAtAccepted() async throws {
        var records: [DiscoveryRecord] = []
        try await each(.accepted) { records.append($0) }
        guard !records.isEmpty else { return }
        var isHeard: [String: Bool] = [:]
        for agent in Set(records.flatMap { $0.sights.map(\.agent) + [$0.holder].compactMap { $0 } }) {
            guard let known = try await store.agent(agent), known.revokedReason == nil else { continue }
            isHeard[agent] = !known.isSilent
        }
        var able: [[String]] = []
        for record in records { able.append(try await agents(for: record, isHeard)) }
        // What one agent has told of a device is another's to tell anew: nothing moves for the sake of equal shares.
        let leases = LeasePlan(isHeard: isHeard, now: clock.now())
            .settled(records.map(\.lease), able: able, balances: false)
        for (before, lease) in zip(records, leases) {
            var record = before
            record.lease = lease
            if record.ci == nil, let holder = before.holder, let device = record.device {
                record.ci = try await store.device(device, of: holder)?.ci?.id
            }
            guard record != before else { continue }
            try await put(record, before: before, with: try await passing(record, from: before))
        }
    }

    /// The agents that can probe a device: who sees it and has no other of that name.
    private func agents(for record: DiscoveryRecord, _ isHeard: [String: Bool]) async throws -> [String] {
        let holder = record.holder
        // It is seen by its holder, also where that one's sight has no address any more.
        if let holder, isHeard[holder] == true { return [holder] }
        var able = holder.map { [$0] } ?? []
        for sight in record.sights where sight.agent != holder && !sight.address.isEmpty {
            guard isHeard[sight.agent] == true, let device = record.device else { continue }
            let had = record.past?.contains { $0.agent == sight.agent } ?? false
            let isOther = try await !had ? store.device(device, of: sight.agent) != nil : false
            if isOther { continue }
            able.append(sight.agent)
        }
        return able
    }

    /// What goes with a device to another agent: a line of the audit log, and the end of what the one before said of it last.
    private func passing(_ record: DiscoveryRecord, from before: DiscoveryRecord) async throws -> ChangeSet {
        var set = ChangeSet()
        guard record.holder != before.holder, let device = record.device else { return set }
        set.agents.append(
            .audit(
                who: "collector", action: "discovery.move", target: "discovery \(record.id)",
                detail:
                    "agent \(before.holder ?? "-") is silent; device \(device) goes to agent \(record.holder ?? "-")"
            ))
        guard let last = before.holder else { return set }
        for check in CheckResult.deviceChecks(of: device) {
            guard let known = try await store.newestResult(agent: last, check: check) else { continue }
            var result = known.result
            (result.state, result.failuresInRow, result.isWithdrawn) = (.unknown, 0, true)
            set.checks.append(.removeResult(agent: last, check: check))
            set.events.append(.checkReported(ci: known.ci, agent: last, result: result))
        }
        return set
    }
}

/// When what waits and was not seen for long is forgotten; decisions of people never are.
struct DiscoveryForgetting: Sendable {
    /// After how long; 0 for never.
    let seconds: Int64
    /// Since when this process runs.
    let begun: Timestamp

    /// A wall clock that is wrong at the start must not take the queue away (threats M27): within a day of running, whatever is still
    /// there is seen anew by agents that look daily.
    private static let patience: Int64 = 86_400

    /// Whether it is time.
    func isDue(_ record: DiscoveryRecord, at now: Timestamp) -> Bool {
        guard seconds > 0, record.state == .waiting else { return false }
        return now.milliseconds(since: begun) / 1000 >= min(Self.patience, seconds)
            && now.milliseconds(since: record.lastSeen) / 1000 >= seconds
    }
}
