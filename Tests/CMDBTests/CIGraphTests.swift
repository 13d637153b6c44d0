import CMDB
import Model
import Stores
import Testing

@Suite("Graph")
struct CIGraphTests {
    /// host 1 ← services 2, 3 ← business service 4 (needs 3); host 5 apart.
    private func graph() -> CIGraph {
        var builder = CIGraphBuilder()
        let rows: [(Int64, CIClass, String, Int64?)] = [
            (1, .host, "h1", nil), (2, .service, "s2", 1), (3, .service, "s3", 1), (4, .businessService, "b4", nil),
            (5, .host, "h5", nil),
        ]
        for (id, className, name, parent) in rows {
            builder.addNode(
                id: CIID(id), className: className, name: name, state: .active, parent: parent.map { CIID($0) })
        }
        builder.addEdge(source: CIID(2), kind: .runsOn, target: CIID(1))
        builder.addEdge(source: CIID(3), kind: .runsOn, target: CIID(1))
        builder.addEdge(source: CIID(4), kind: .dependsOn, target: CIID(3))
        return builder.graph()
    }

    private func edge(_ source: Int64, _ kind: RelationKind, _ target: Int64) -> RelationEdge {
        RelationEdge(source: CIID(source), kind: kind, target: CIID(target), object: 9, confidence: 100)
    }

    @Test("failure travels up, business services are named first, with the way there")
    func impact() {
        var graph = graph()
        let answer = graph.impact(of: [CIID(1)], travel: .dependents)
        #expect(answer.affected.map(\.name) == ["b4", "s2", "s3"])
        #expect(answer.affected[0].path == ["host h1", "service s3", "business-service b4"])
        #expect(answer.affected[0].distance == 2)
        #expect(graph.impact(of: [CIID(4)], travel: .dependencies).affected.map(\.name) == ["s3", "h1"])
        #expect(graph.impact(of: [CIID(1)], travel: .dependents, depth: 1).total == 2)
        let cut = graph.impact(of: [CIID(1)], travel: .dependents, limit: 1)
        #expect(cut.truncated && cut.total == 3 && cut.affected.map(\.name) == ["b4"])
    }

    @Test("the feed keeps it current: edges stated twice last until both statements end")
    func feed() {
        var graph = graph()
        graph.apply(.ciCreated(ci: CIID(6), className: .service, name: "s6"), parent: CIID(5))
        graph.apply(.relationAdded(edge(6, .runsOn, 5)), parent: nil)
        graph.apply(.relationAdded(edge(6, .runsOn, 5)), parent: nil)
        #expect(graph.impact(of: [CIID(5)], travel: .dependents).affected.map(\.name) == ["s6"])
        graph.apply(.relationEnded(edge(6, .runsOn, 5)), parent: nil)
        #expect(graph.impact(of: [CIID(5)], travel: .dependents).total == 1)
        graph.apply(.relationEnded(edge(6, .runsOn, 5)), parent: nil)
        #expect(graph.impact(of: [CIID(5)], travel: .dependents).total == 0)
        graph.apply(.relationEnded(edge(4, .dependsOn, 3)), parent: nil)
        #expect(graph.impact(of: [CIID(1)], travel: .dependents).total == 2)
        graph.apply(.relationAdded(edge(4, .dependsOn, 3)), parent: nil)
        #expect(graph.impact(of: [CIID(1)], travel: .dependents).total == 3)
        graph.apply(.ciRenamed(ci: CIID(4), from: "b4", to: "new"), parent: nil)
        graph.apply(.ciStateChanged(ci: CIID(2), from: .active, to: .retired), parent: nil)
        #expect(graph.impact(of: [CIID(1)], travel: .dependents).affected.map(\.name) == ["new", "s3"])
        #expect(graph.node(CIID(6))?.parent == CIID(5))
    }

    @Test("circles end, unknown roots reach nothing")
    func circles() {
        var graph = graph()
        graph.apply(.relationAdded(edge(1, .dependsOn, 4)), parent: nil)
        #expect(graph.impact(of: [CIID(1), CIID(1)], travel: .dependents).total == 3)
        #expect(
            graph.impact(of: [CIID(77)], travel: .dependents)
                == ImpactAnswer(roots: [], affected: [], total: 0, truncated: false))
    }

    @Test("a host whose last cable is reached is cut off with all it runs; one with another interface is touched")
    func cables() {
        var builder = CIGraphBuilder()
        let rows: [(Int64, CIClass, Int64?)] = [
            (1, .device, nil), (2, .interface, 1), (3, .interface, 1), (10, .host, nil), (11, .interface, 10),
            (12, .service, 10), (20, .host, nil), (21, .interface, 20), (22, .interface, 20), (23, .service, 20),
        ]
        for (id, className, parent) in rows {
            builder.addNode(
                id: CIID(id), className: className, name: "n\(id)", state: .active, parent: parent.map { CIID($0) })
        }
        for (child, parent) in [(2, 1), (3, 1), (11, 10), (21, 20), (22, 20)] {
            builder.addEdge(source: CIID(Int64(child)), kind: .partOf, target: CIID(Int64(parent)))
        }
        for (service, host) in [(12, 10), (23, 20)] {
            builder.addEdge(source: CIID(Int64(service)), kind: .runsOn, target: CIID(Int64(host)))
        }
        builder.addEdge(source: CIID(2), kind: .connectedTo, target: CIID(11))
        builder.addEdge(source: CIID(3), kind: .connectedTo, target: CIID(21))
        var graph = builder.graph()
        let reached = Set(graph.impact(of: [CIID(1)], travel: .dependents).affected.map(\.ci.rawValue))
        #expect(reached == [2, 3, 11, 21, 10, 20, 12])
        #expect(Set(graph.impact(of: [CIID(10)], travel: .dependents).affected.map(\.ci.rawValue)) == [11, 12, 2])
    }
}
