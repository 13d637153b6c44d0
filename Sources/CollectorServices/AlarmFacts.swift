import Alarms
import Model
import Stores
import Synchronization

/// What rules may know of CIs, kept in memory until the feed says that it changed.
final class AlarmFacts: Sendable {
    /// How many CIs are kept; beyond, all are forgotten and loaded again as they are asked for.
    static let kept = 100_000
    private let store: any CMDBReading
    private let rules: RuleSet
    private let known = Mutex<[CIID: RuleSubject]>([:])

    init(store: any CMDBReading, rules: RuleSet) {
        self.store = store
        self.rules = rules
    }

    /// The facts of a CI; nil when there is no such CI.
    func facts(of ci: CIID) async throws -> RuleSubject? {
        if let facts = known.withLock({ $0[ci] }) { return facts }
        guard let row = try await store.ci(ci, asOf: nil) else { return nil }
        var facts = RuleSubject(ci: ci, className: row.className, name: row.name, parent: row.parent)
        if rules.needsAttributes(of: row.className) {
            for fact in try await store.attributes(of: ci, asOf: nil) { facts.attributes[fact.name] = fact.value }
        }
        let loaded = facts
        known.withLock { known in
            if known.count >= Self.kept { known.removeAll() }
            known[ci] = loaded
        }
        return facts
    }

    /// Forgets a CI whose record an event changes.
    func heard(_ event: FeedEvent) {
        switch event {
        case .ciRenamed(let ci, _, _), .ciStateChanged(let ci, _, _), .attributesChanged(let ci, _, _, _):
            known.withLock { $0[ci] = nil }
        default: break
        }
    }
}
