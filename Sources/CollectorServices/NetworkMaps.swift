import CMDB
import Model
import Stores

/// The network as pages draw it, made from the graph when that changed and kept until it changes again.
public actor NetworkMaps {
    /// The store's sides it reads.
    public typealias Store = GraphReading

    private let store: any Store
    private let graph: GraphService
    private var made: (version: Int, map: NetworkMap)?
    private var isMaking = false
    /// The earliest time of the next making: it takes at most a twentieth of the time.
    private var earliest = ContinuousClock.now

    private static let page = 2000
    private static let ports = 1000
    /// What takes less is not spaced out.
    private static let short = Duration.milliseconds(50)

    /// Maps of a graph.
    public init(store: any Store, graph: GraphService) {
        self.store = store
        self.graph = graph
    }

    /// The network now; where making it takes long, as it was at most twenty times that time ago.
    public func current() async throws -> NetworkMap {
        if let made, isMaking || ContinuousClock.now < earliest { return made.map }
        let version = try await graph.networkVersion()
        if let made, made.version == version { return made.map }
        isMaking = true
        defer { isMaking = false }
        let begun = ContinuousClock.now
        let fresh = try await make()
        let time = ContinuousClock.now - begun
        earliest = time < Self.short ? begun : begun + time * 20
        made = fresh
        return fresh.map
    }

    private func make() async throws -> (version: Int, map: NetworkMap) {
        let (version, cables) = try await graph.cables()
        var devices: [CIFacts] = []
        while true {
            let page = try await store.facts(
                ofClass: .device, attributes: NetworkMap.attributes, after: devices.last?.record.id, limit: Self.page)
            devices += page
            if page.count < Self.page { break }
        }
        return (version, NetworkMap(cables, devices: devices, confidence: try await confidence(of: cables)))
    }

    /// How sure the surest statement of each cable between devices is; one at the edge of the network is not drawn.
    private func confidence(of cables: [GraphCable]) async throws -> [Set<CIID>: Int] {
        let between = cables.filter { $0.first.machine.className == .device && $0.second.machine.className == .device }
        var confidence: [Set<CIID>: Int] = [:]
        var rest = between.map(\.first.port.ci)[...]
        while !rest.isEmpty {
            let edges = try await store.edges(touching: Array(rest.prefix(Self.ports)), asOf: nil)
            for edge in edges where edge.kind == .connectedTo {
                let ends: Set<CIID> = [edge.source, edge.target]
                confidence[ends] = max(confidence[ends] ?? 0, edge.confidence)
            }
            rest = rest.dropFirst(Self.ports)
        }
        return confidence
    }
}
