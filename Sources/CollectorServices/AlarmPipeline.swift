import Alarms
import LinuxSystem
import Logging
import Model
import ServiceLifecycle
import Stores
import Synchronization

/// Feed, samples and timers in, alarms out: asks the rules and the engine, and commits what they decide.
///
/// A batch of the feed, the alarms it moves and the reader's cursor are one commit, so a restart in the middle repeats
/// nothing and misses nothing. Where another commit moved the same alarm meanwhile, the batch is decided again.
public final class AlarmPipeline: Service {
    /// What the pipeline needs of the store.
    public typealias Store = ChangeCommitting & FeedReading & CMDBReading & AlarmReading

    static let reader: FeedReader = "alarms"
    /// Entries of one batch.
    static let batch = 500
    /// Entries without effect after which the cursor is saved all the same; a restart reads at most these again.
    static let unsavedEntries: Int64 = 1000

    let store: any Store
    let rules: RuleSet
    let clock: AlarmClock
    let logger: Logger
    private let pulse: Pulse
    let facts: AlarmFacts
    /// Keys of alarms that are not cleared; nil until they are loaded.
    private let open = Mutex<Set<AlarmKey>?>(nil)

    /// A pipeline over a store.
    public init(
        store: any Store, rules: RuleSet, clock: AlarmClock, logger: Logger, pulse: Pulse = .unwatched
    ) {
        self.store = store
        self.rules = rules
        self.clock = clock
        self.logger = logger
        self.pulse = pulse
        facts = AlarmFacts(store: store, rules: rules)
    }

    /// Runs until the task is cancelled or the process shuts down.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await self.persist("open alarms") { try await self.start() }
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.followFeed() }
                group.addTask { await self.serveTimers() }
            }
        }
    }

    /// Loads the open alarms; ends those whose rule is gone and sets right those from a clock that was ahead.
    func start() async throws {
        var keys: Set<AlarmKey> = []
        var after: Int64?
        repeat {
            let page = try await store.alarms(in: [.pending, .firing, .acknowledged], after: after, limit: 1000)
            keys.formUnion(page.map(\.key))
            let now = clock.now()
            let hits = page.compactMap { alarm -> RuleHit? in
                if rules.rule(named: alarm.key.rule) == nil {
                    return RuleHit(key: alarm.key, signal: .gone(why: "the rule no longer exists"))
                }
                return alarm.since > now ? RuleHit(key: alarm.key, signal: .clockMovedBack) : nil
            }
            if !hits.isEmpty { try await move(hits, among: page) }
            after = page.last?.id
        } while after != nil
        let loaded = keys
        open.withLock { $0 = loaded }
    }

    private func followFeed() async {
        var cursor = FeedCursor.start
        await persist("cursor") { cursor = try await self.store.cursor(of: Self.reader) }
        var saved = cursor
        while !Task.isCancelled {
            await persist("feed") { (cursor, saved) = try await self.step(from: cursor, saved: saved) }
        }
    }

    /// One batch: returns where the reader stands and what of it is saved.
    func step(from cursor: FeedCursor, saved: FeedCursor) async throws -> (cursor: FeedCursor, saved: FeedCursor) {
        pulse.expect(within: .seconds(300))
        let entries = try await store.entries(after: cursor, limit: Self.batch)
        guard let last = entries.last?.cursor else {
            pulse.rest()
            try await store.waitForEntries(after: cursor)
            return (cursor, saved)
        }
        while true {
            var bench = AlarmWorkbench(store: store, now: clock.now())
            for hit in try await hits(for: entries) { try await bench.apply(hit, isOpen: isOpen) }
            var set = bench.set
            if set.alarms.isEmpty, last.rawValue - saved.rawValue < Self.unsavedEntries { return (last, saved) }
            set.cursors[Self.reader] = last
            set.expectations.append(.cursor(Self.reader, saved))
            if try await commit(set, bench) { return (last, last) }
            // An alarm moved meanwhile: decide again. A cursor that moved means the batch is done already.
            let stored = try await store.cursor(of: Self.reader)
            if stored != saved { return (stored, stored) }
        }
    }

    /// What the rules say of a batch; changes of the record are gathered per commit.
    private func hits(for entries: [FeedEntry]) async throws -> [RuleHit] {
        var hits: [RuleHit] = []
        var collector = ChangeCollector(rules: rules)
        var commit: CommitNumber?
        for entry in entries {
            facts.heard(entry.event)
            if entry.commit != commit {
                hits += collector.hits
                collector = ChangeCollector(rules: rules)
                commit = entry.commit
            }
            guard let ci = rules.subject(of: entry.event), let subject = try await facts.facts(of: ci) else { continue }
            if case .ciStateChanged(_, _, .retired) = entry.event { hits += try await goneHits(ci) }
            hits += rules.hits(for: entry.event, facts: subject)
            try await collect(entry, subject, into: &collector)
        }
        return hits + collector.hits
    }

    private func collect(_ entry: FeedEntry, _ subject: RuleSubject, into collector: inout ChangeCollector) async throws
    {
        var container: RuleSubject?
        if let parent = subject.parent { container = try await facts.facts(of: parent) }
        var isFirstSight = false
        if case .ciCreated = entry.event { isFirstSight = try await isFirst(subject, entry.commit) }
        collector.add(entry.event, facts: subject, container: container, isFirstSight: isFirstSight)
    }

    /// Whether nothing of the CI's class was in its container before that commit.
    private func isFirst(_ subject: RuleSubject, _ commit: CommitNumber) async throws -> Bool {
        guard let parent = subject.parent else { return true }
        let before = CommitNumber(rawValue: commit.rawValue - 1)
        return try await !store.children(of: parent, asOf: before).contains { $0.className == subject.className }
    }

    private func goneHits(_ ci: CIID) async throws -> [RuleHit] {
        try await store.openAlarms(of: ci).map { RuleHit(key: $0.key, signal: .gone(why: "the CI was retired")) }
    }

    private func serveTimers() async {
        while !Task.isCancelled {
            var wait = Duration.seconds(1)
            await persist("timers") {
                let due = try await self.store.dueAlarms(at: self.clock.now(), limit: Self.batch)
                if try await self.move(due.map { RuleHit(key: $0.key, signal: .due) }, among: due) { wait = .zero }
                if let next = try await self.store.nextAlarmDue() {
                    let rest = next.milliseconds(since: self.clock.now())
                    wait = min(wait, .milliseconds(max(rest, 10)))
                }
            }
            await clock.pause(wait)
        }
    }

    /// Applies signals to alarms that were just read; true when something was committed. A conflict leaves the rest to
    /// the next round, which reads again.
    @discardableResult
    func move(_ hits: [RuleHit], among alarms: [AlarmRecord]) async throws -> Bool {
        var bench = AlarmWorkbench(store: store, now: clock.now())
        for alarm in alarms { bench.take(alarm) }
        for hit in hits { try await bench.apply(hit, isOpen: { _ in true }) }
        guard !bench.set.alarms.isEmpty else { return false }
        return try await commit(bench.set, bench)
    }

    /// Commits; false when the decision has to be made again.
    func commit(_ set: ChangeSet, _ bench: AlarmWorkbench) async throws -> Bool {
        do {
            _ = try await store.commit(set)
        } catch StoreError.conflict {
            return false
        }
        open.withLock { open in
            for (key, record) in bench.touched {
                if let record, record.state != .cleared { open?.insert(key) } else { open?.remove(key) }
            }
        }
        return true
    }

    /// Whether an open alarm with the key may exist.
    func isOpen(_ key: AlarmKey) -> Bool { open.withLock { $0?.contains(key) ?? true } }

    /// The keys of open alarms that `isWanted` picks; none while they are not loaded.
    func openKeys(where isWanted: (AlarmKey) -> Bool) -> [AlarmKey] {
        open.withLock { Array($0?.filter(isWanted) ?? []) }
    }

    /// Runs `body` until it succeeds once: a store that cannot be written now may be later.
    func persist(_ what: String, _ body: () async throws -> Void) async {
        while !Task.isCancelled {
            do {
                return try await body()
            } catch is CancellationError {
                return
            } catch {
                logger.error("alarms wait for the store", metadata: ["at": "\(what)", "error": "\(error)"])
                await clock.pause(.seconds(1))
            }
        }
    }
}
