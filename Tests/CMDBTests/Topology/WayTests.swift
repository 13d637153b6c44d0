import CMDB
import Model
import Testing

@Suite("Ways over cables")
struct WayTests {
    /// host 1 (eth 2) – 4 switch 3 (ports 4, 5, 6) – 8 switch 7 (ports 8, 9) – 11 host 10; host 12 (13, 14) at 6 and at 16 of
    /// host 15; guest 20 on host 10.
    private func graph() -> CIGraph {
        var builder = CIGraphBuilder()
        let rows: [(Int64, CIClass, Int64?)] = [
            (1, .host, nil), (2, .interface, 1), (3, .device, nil), (4, .interface, 3), (5, .interface, 3),
            (6, .interface, 3), (7, .device, nil), (8, .interface, 7), (9, .interface, 7), (10, .host, nil),
            (11, .interface, 10), (12, .host, nil), (13, .interface, 12), (14, .interface, 12), (15, .host, nil),
            (16, .interface, 15), (20, .host, nil),
        ]
        for (id, className, parent) in rows {
            builder.addNode(
                id: CIID(id), className: className, name: "n\(id)", state: .active, parent: parent.map { CIID($0) })
        }
        for (id, _, parent) in rows {
            if let parent { builder.addEdge(source: CIID(id), kind: .partOf, target: CIID(parent)) }
        }
        for (left, right) in [(2, 4), (5, 8), (9, 11), (6, 13), (14, 16)] as [(Int64, Int64)] {
            builder.addEdge(source: CIID(left), kind: .connectedTo, target: CIID(right))
        }
        builder.addEdge(source: CIID(20), kind: .hostedOn, target: CIID(10))
        return builder.graph()
    }

    private func way(_ from: Int64, _ to: Int64, avoiding: [Int64] = [], throughHosts: Bool = false) -> [Int64]? {
        var graph = graph()
        return graph.way(
            from: CIID(from), to: CIID(to), avoiding: Set(avoiding.map { CIID($0) }), throughHosts: throughHosts
        )?.map(\.ci.rawValue)
    }

    @Test("the way alternates machines and ports, both ways alike")
    func forth() {
        #expect(way(1, 10) == [1, 2, 4, 3, 5, 8, 7, 9, 11, 10])
        #expect(way(10, 1) == [10, 11, 9, 7, 8, 5, 3, 4, 2, 1])
        #expect(way(4, 9) == [4, 3, 5, 8, 7, 9])
        #expect(way(1, 1) == [1])
        #expect(way(1, 10, avoiding: [8]) == nil)
        #expect(way(1, 99) == nil)
    }

    @Test("hosts pass nothing on unless asked, and one that is avoided not even then")
    func hosts() {
        #expect(way(1, 15) == nil)
        #expect(way(1, 15, throughHosts: true) == [1, 2, 4, 3, 6, 13, 12, 14, 16, 15])
        #expect(way(1, 15, avoiding: [12], throughHosts: true) == nil)
        #expect(way(1, 12) == [1, 2, 4, 3, 6, 13, 12])
    }

    @Test("a guest leaves through its host and is reached through it")
    func guests() {
        #expect(way(20, 1) == [20, 10, 11, 9, 7, 8, 5, 3, 4, 2, 1])
        #expect(way(1, 20)?.suffix(3) == [11, 10, 20])
    }

    @Test("hops have the ports they are entered and left by")
    func hops() throws {
        var graph = graph()
        let way = graph.way(from: CIID(20), to: CIID(4))
        let found = try #require(way)
        let hops = PathHop.hops(of: found) { node in node.parent.flatMap { graph.node($0) } }
        #expect(hops.map(\.ci.ci.rawValue) == [20, 10, 7, 3])
        #expect(hops.map { $0.into?.ci.rawValue } == [nil, nil, 9, 5])
        #expect(hops.map { $0.out?.ci.rawValue } == [nil, 11, 8, 4])
        #expect(hops.map { $0.next?.kind } == [.hostedOn, .connectedTo, .connectedTo, nil])
    }
}
