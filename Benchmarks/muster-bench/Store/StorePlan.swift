import Model
import Stores

/// What is generated: the shape of a fleet, the same for the same seed.
///
/// Of ten CIs one is a host, one in a hundred a device, one in a thousand a business service, the rest are interfaces,
/// file systems and services inside hosts. Each needs others with a bias to a few popular ones, as in real fleets.
struct StorePlan {
    let cis: Int
    let relationsPerCI: Int
    let changes: Int
    /// Seed of the generator, printed in docs/performance.md.
    static let seed: UInt64 = 2026

    /// The number of the CI at `index`; sources and objects have the numbers below.
    static let firstCI: Int64 = 1_000

    func id(_ index: Int) -> CIID { CIID(StorePlan.firstCI + Int64(index)) }
    func object(_ index: Int) -> Int64 { StorePlan.firstCI + Int64(cis + index) }

    func className(_ index: Int) -> CIClass {
        if index % 1000 == 999 { return .businessService }
        if index % 100 == 50 { return .device }
        return [.host, .interface, .service, .filesystem, .service][index % 10 == 0 ? 0 : 1 + index % 4]
    }

    func name(_ index: Int) -> String {
        switch className(index) {
        case .host: "srv-\(index)"
        case .device: "sw-\(index)"
        case .interface: "eth\(index % 8)-\(index)"
        case .filesystem: "/data/\(index)"
        case .service: "svc-\(index).service"
        default: "Business \(index)"
        }
    }

    /// The host a CI lies inside.
    func parent(_ index: Int) -> CIID? {
        switch className(index) {
        case .interface, .filesystem, .service: id(index / 10 * 10)
        default: nil
        }
    }

    /// The edges that begin at a CI: to its host, then to CIs before it; one in ten leads to a popular one.
    func edges(_ index: Int, _ generator: inout Generator) -> [RelationEdge] {
        var edges: [RelationEdge] = []
        if let parent = parent(index) {
            edges.append(edge(index, className(index) == .service ? .runsOn : .partOf, parent))
        }
        guard index > 0 else { return [] }
        while edges.count < relationsPerCI {
            let isPopular = generator.below(10) == 0
            let target = isPopular ? generator.below(min(index, max(10, cis / 1000))) : generator.below(index)
            let edge = edge(index, .dependsOn, id(target))
            if edge.source != edge.target, !edges.contains(edge) { edges.append(edge) }
            if edges.count >= index { break }
        }
        return edges
    }

    private func edge(_ index: Int, _ kind: RelationKind, _ target: CIID) -> RelationEdge {
        RelationEdge(source: id(index), kind: kind, target: target, object: object(index), confidence: 100)
    }
}

/// Numbers that look random and are the same each time (SplitMix64).
struct Generator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }

    mutating func below(_ limit: Int) -> Int { limit <= 1 ? 0 : Int(next() % UInt64(limit)) }
}
