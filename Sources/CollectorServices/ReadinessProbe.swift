import Stores

/// Whether the collector can do its work now: asked by `/readyz`.
public struct ReadinessProbe: Sendable {
    /// What the probe asks of the store.
    public typealias Store = StoreProbing

    private let store: any Store
    private let graph: GraphService
    private let listenersStand: @Sendable () -> Bool

    /// A graph that is further behind than so many changes is not ready to answer.
    static let lagLimit: Int64 = 5000

    /// A probe of the parts that answers rest on.
    public init(store: any Store, graph: GraphService, listenersStand: @escaping @Sendable () -> Bool) {
        self.store = store
        self.graph = graph
        self.listenersStand = listenersStand
    }

    /// The first part that is not ready, in one line; nil when all are.
    public func missing() async -> String? {
        guard listenersStand() else { return "listeners: the collector is starting; not every listener stands yet" }
        do {
            try await store.checkWritable()
            guard let lag = try await graph.lag() else { return "graph: it is being loaded" }
            return lag > Self.lagLimit ? "graph: it is \(lag) changes behind" : nil
        } catch {
            return "store: \(error)"
        }
    }
}
