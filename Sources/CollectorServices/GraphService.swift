import CMDB
import LinuxSystem
import Logging
import Model
import ServiceLifecycle
import Stores

/// The graph in memory, loaded at start and kept current by the change feed.
public actor GraphService: Service {
    /// The store's sides it reads.
    public typealias Store = GraphReading & FeedReading & CMDBReading

    private let store: any Store
    private let logger: Logger
    private let pulse: Pulse
    private var graph = CIGraph()
    private var cursor: FeedCursor?
    /// Counted up by each change of what a map of the network shows.
    private var changes = 0

    /// How many entries of the feed are applied at a time.
    private static let step = 500

    /// How many reached CIs an answer lists.
    public static let listed = 10_000

    /// A graph over a store; nothing is read before ``run()`` or the first question.
    public init(store: any Store, logger: Logger, pulse: Pulse = .unwatched) {
        self.store = store
        self.logger = logger
        self.pulse = pulse
    }

    /// Loads the graph and follows the feed until shutdown.
    public func run() async throws {
        await cancelWhenGracefulShutdown { await self.follow() }
    }

    /// Whether the graph is loaded.
    public var isReady: Bool { cursor != nil }

    /// How many entries of the feed are not in the graph yet; nil before it is loaded.
    public func lag() async throws -> Int64? {
        guard let cursor else { return nil }
        return max(0, try await store.newestCursor().rawValue - cursor.rawValue)
    }

    /// The CI as the graph knows it now.
    public func node(_ ci: CIID) async throws -> GraphNode? {
        try await catchUp()
        return graph.node(ci)
    }

    /// What the roots reach now, or as of a commit; every change committed before the call is in it. The answer lists
    /// at most `limit` CIs, with the names on the ways if `paths`.
    public func impact(
        of roots: [CIID], direction: ImpactTravel, depth: Int?, asOf: CommitNumber?,
        limit: Int = GraphService.listed, paths: Bool = true
    ) async throws -> ImpactAnswer {
        if let asOf {
            let past = PastImpact(store: store, asOf: asOf, listed: limit, paths: paths)
            return try await past.answer(of: roots, direction: direction, depth: depth)
        }
        try await catchUp()
        return graph.impact(of: roots, travel: direction, depth: depth, limit: limit, paths: paths)
    }

    /// A shortest way over cables now (``CIGraph/way(from:to:avoiding:throughHosts:)``).
    func way(from start: CIID, to goal: CIID, avoiding: Set<CIID>, throughHosts: Bool) async throws -> [GraphNode]? {
        try await catchUp()
        return graph.way(from: start, to: goal, avoiding: avoiding, throughHosts: throughHosts)
    }

    /// A number that is another one when cables, machines or their places have changed.
    public func networkVersion() async throws -> Int {
        try await catchUp()
        return changes
    }

    /// Every cable between two machines now, with the version that they are of.
    func cables() async throws -> (version: Int, cables: [GraphCable]) {
        try await catchUp()
        return (changes, graph.cables())
    }

    /// The host or device that each CI is or lies in.
    public func machines(of cis: Set<CIID>) async throws -> [CIID: CIID] {
        try await catchUp()
        return cis.reduce(into: [:]) { found, ci in found[ci] = graph.machine(of: ci) }
    }

    private func follow() async {
        while !Task.isCancelled {
            do {
                pulse.expect(within: .seconds(600))
                try await catchUp()
                pulse.rest()
                try await store.waitForEntries(after: cursor ?? .start)
            } catch is CancellationError {
                return
            } catch {
                logger.error("the graph cannot follow the feed", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// Applies what the feed holds beyond the graph. Questions and the follower may do so at once: who comes second
    /// finds the cursor moved and drops what it read.
    private func catchUp() async throws {
        while true {
            guard let position = cursor else {
                let loaded = try await store.loadGraph(into: CIGraphBuilder())
                if cursor == nil {
                    graph = loaded.builder.graph()
                    cursor = loaded.cursor
                }
                continue
            }
            let entries = try await store.entries(after: position, limit: GraphService.step)
            guard let last = entries.last else { return }
            let parents = try await parents(of: entries)
            guard cursor == position else { continue }
            for entry in entries {
                if Self.isOfNetwork(entry.event) { changes += 1 }
                if case .ciCreated(let ci, _, _) = entry.event {
                    graph.apply(entry.event, parent: parents[ci])
                } else {
                    graph.apply(entry.event, parent: nil)
                }
            }
            cursor = last.cursor
        }
    }

    /// Whether a map of the network may look different after an event.
    private static func isOfNetwork(_ event: FeedEvent) -> Bool {
        switch event {
        case .ciCreated(_, let className, _): [.host, .device, .interface].contains(className)
        case .ciStateChanged, .ciRenamed: true
        case .relationAdded(let edge), .relationEnded(let edge): edge.kind == .connectedTo
        case .attributesChanged(_, let changes, _, _): changes.contains { NetworkMap.attributes.contains($0.name) }
        default: false
        }
    }

    private func parents(of entries: [FeedEntry]) async throws -> [CIID: CIID] {
        let created = entries.compactMap { entry in
            if case .ciCreated(let ci, _, _) = entry.event { ci } else { nil as CIID? }
        }
        guard !created.isEmpty else { return [:] }
        let records = try await store.cis(created, asOf: nil)
        return Dictionary(records.compactMap { record in record.parent.map { (record.id, $0) } }) { first, _ in first }
    }
}
