import Model
import Stores

/// What changed on a CI and near it before a moment: what a person asks first when something fails.
public struct RecentChanges: Sendable {
    /// What the changes are read from.
    public typealias Store = CMDBReading & GraphReading

    /// What was found.
    public struct Answer: Sendable {
        /// Changes of facts, items, names and states, newest first; of a CI that came and went only the last state.
        public var changes: [FeedEntry]
        /// How often the state changed, where the last change stands for several.
        public var flaps: [FeedCursor: Int]
        /// Relations and CIs that came or went, by kind, what matters most first; kinds of which there are none are left
        /// out.
        public var movements: [Movement]
        /// How many CIs were looked at.
        public var looked: Int
        /// Whether some CI or entry was left out.
        public var isCut: Bool
    }

    /// Relations or CIs of one kind that came or went.
    public struct Movement: Sendable {
        /// What happened to them, what matters most first.
        public enum Kind: String, Hashable, Sendable, CaseIterable {
            /// Relations that ended.
            case ended
            /// CIs that vanished or were retired.
            case vanished
            /// CIs that came back.
            case returned
            /// New relations between CIs that were known before.
            case related
            /// CIs that were found for the first time, and relations with them.
            case found
        }

        /// What happened.
        public var kind: Kind
        /// The newest of them.
        public var entries: [FeedEntry]
        /// How many there are.
        public var total: Int
        /// Of what was found, how many of each class.
        public var classes: [CIClass: Int]
    }

    private let store: any Store
    private let graph: GraphService

    /// Over a store and its graph.
    public init(store: any Store, graph: GraphService) {
        self.store = store
        self.graph = graph
    }

    /// How far before the moment is looked, seconds.
    public static let span: Int64 = 6 * 3600
    /// How long after it: what failed is often seen by its check before its inventory shows what was changed.
    public static let after: Int64 = 60
    /// How many CIs are looked at: the nearest.
    static let cis = 60
    /// How many entries of each CI are read.
    static let entries = 100
    /// How many of each kind are answered.
    static let listed = 30

    /// Changes on `root`, on what it needs and on what hangs on it, at most two edges away, around `moment`.
    public func around(_ moment: Timestamp, root: CIID) async throws -> Answer {
        let needs = try await graph.impact(
            of: [root], direction: .dependencies, depth: 2, asOf: nil, limit: Self.cis)
        let hangs = try await graph.impact(
            of: [root], direction: .dependents, depth: 2, asOf: nil, limit: Self.cis)
        let near = (needs.affected + hangs.affected).sorted { ($0.distance, $0.ci) < ($1.distance, $1.ci) }
        var seen: Set<CIID> = [root]
        let cis = [root] + near.map(\.ci).filter { seen.insert($0).inserted }.prefix(Self.cis - 1)
        let until = moment.adding(seconds: Self.after)
        let commit = try await store.commit(at: until)
        let from = moment.adding(seconds: -Self.span)
        var found: [FeedCursor: FeedEntry] = [:]
        var isCut = needs.truncated || hangs.truncated || seen.count > Self.cis
        for ci in cis {
            let entries = try await store.history(of: ci, before: nil, asOf: commit, limit: Self.entries)
            if entries.count == Self.entries, let oldest = entries.last, oldest.time > from { isCut = true }
            for entry in entries where entry.time >= from { found[entry.cursor] = entry }
        }
        let sorted = found.values.sorted { $0.cursor > $1.cursor }
        let (calm, flaps) = Self.calm(sorted)
        let changes = calm.filter { Self.isChange($0.event, among: seen) }
        let movements = Self.movements(calm, among: seen)
        return Answer(
            changes: Array(changes.prefix(Self.listed)), flaps: flaps, movements: movements, looked: cis.count,
            isCut: isCut || changes.count > Self.listed
                || movements.contains { $0.kind != .found && $0.total > Self.listed })
    }

    /// Entries, newest first, with the last change of state of each CI only, and how many it stands for: a port that
    /// opens and closes must not push what matters off the page.
    private static func calm(_ entries: [FeedEntry]) -> (kept: [FeedEntry], flaps: [FeedCursor: Int]) {
        var last: [CIID: FeedCursor] = [:]
        var flaps: [FeedCursor: Int] = [:]
        let kept = entries.filter { entry in
            guard case .ciStateChanged(let ci, _, _) = entry.event else { return true }
            if let newer = last[ci] {
                flaps[newer, default: 1] += 1
                return false
            }
            last[ci] = entry.cursor
            return true
        }
        return (kept, flaps)
    }

    /// A change of what was known; what is seen for the first time is none. Of other CIs inside a host that was looked
    /// at, whether they came or went is no change of what failed.
    private static func isChange(_ event: FeedEvent, among looked: Set<CIID>) -> Bool {
        switch event {
        case .ciStateChanged(let ci, _, _): looked.contains(ci)
        case .ciRenamed: true
        case .attributesChanged(_, _, _, let firstSight): !firstSight
        // Connections come and go all the time; what they mean stands among the relations.
        case .itemsChanged(_, let section, _, _, _, let firstSight): !firstSight && section != .connections
        default: false
        }
    }

    /// What came or went, by kind.
    private static func movements(_ entries: [FeedEntry], among looked: Set<CIID>) -> [Movement] {
        var born: [CIID: CIClass] = [:]
        for entry in entries {
            if case .ciCreated(let ci, let className, _) = entry.event { born[ci] = className }
        }
        var groups: [Movement.Kind: [FeedEntry]] = [:]
        for entry in entries {
            guard let kind = kind(of: entry.event, among: looked, born) else { continue }
            groups[kind, default: []].append(entry)
        }
        return Movement.Kind.allCases.compactMap { kind in
            guard let all = groups[kind] else { return nil }
            return Movement(
                kind: kind, entries: Array(all.prefix(listed)), total: all.count,
                classes: kind == .found ? Dictionary(grouping: born.values) { $0 }.mapValues(\.count) : [:])
        }
    }

    /// The kind of a movement; nil for what is none. Of CIs that were looked at the state stands among the changes.
    private static func kind(
        of event: FeedEvent, among looked: Set<CIID>, _ born: [CIID: CIClass]
    ) -> Movement.Kind? {
        switch event {
        case .relationEnded: .ended
        case .ciStateChanged(let ci, _, let state): looked.contains(ci) ? nil : state == .active ? .returned : .vanished
        case .relationAdded(let edge): born[edge.source] == nil && born[edge.target] == nil ? .related : .found
        case .ciCreated: .found
        default: nil
        }
    }
}
