import CMDB
import Model
import Stores
import Testing

@Suite("The graph as it was")
struct PastGraphTests {
    @Test(
        "Read ring by ring or whole, the past gives the same answer at each commit",
        arguments: Engine.allCases, ImpactTravel.allCases)
    func sameAnswer(engine: Engine, travel: ImpactTravel) async throws {
        let bench = try engine.make()
        let commits = try await Self.history(bench)
        for commit in commits {
            for root in [CIID(3), CIID(5), CIID(105), CIID(110)] {
                for depth in [nil, 0, 1, 2] {
                    let whole = try await Self.ask(bench, root, travel, depth, commit, oneByOne: 0)
                    let rings = try await Self.ask(bench, root, travel, depth, commit, oneByOne: 10_000)
                    #expect(whole == rings, "CI \(root) at \(commit), depth \(String(describing: depth))")
                }
            }
        }
        let last = try await Self.ask(bench, CIID(3), .dependents, nil, try #require(commits.last), oneByOne: 0)
        #expect(last.contains("service-110 renamed active 3"))
        #expect(!last.contains { $0.hasPrefix("service-112") })
    }

    @Test(
        "The same question about the past has the same answer in the same order after edges ended",
        arguments: Engine.allCases, [0, 10_000])
    func sameOrder(engine: Engine, oneByOne: Int) async throws {
        let bench = try engine.make()
        _ = try await bench.seed()
        let services = (101...120).map { CIID(Int64($0)) }
        let user = CIID(121)
        for ci in services + [user] {
            try await bench.commit([.addCI(id: ci, className: .service, name: "service-\(ci)", parent: nil)])
        }
        var then = CommitNumber(rawValue: 0)
        for ci in services {
            then = try await bench.commit([
                .addRelation(Self.edge(ci, CIID(5))), .addRelation(Self.edge(user, ci)),
            ])
        }
        func answers() async throws -> [[ImpactedCI]] {
            let past = PastImpact(store: bench.store, asOf: then, listed: 1000, oneByOne: oneByOne)
            return [
                try await past.answer(of: [CIID(5)], direction: .dependents, depth: nil).affected,
                try await past.answer(of: [user], direction: .dependencies, depth: nil).affected,
            ]
        }
        let before = try await answers()
        #expect(before.allSatisfy { $0.count > services.count })
        for ci in services where ci.rawValue % 3 == 0 {
            try await bench.commit([.endRelation(Self.edge(ci, CIID(5))), .endRelation(Self.edge(user, ci))])
        }
        #expect(try await answers() == before)
    }

    /// A host with a chain of services, which are renamed, retired and cut off one after the other.
    private static func history(_ bench: Bench) async throws -> [CommitNumber] {
        var commits = [try await bench.seed()]
        var previous = CIID(5)
        for number in 105...112 {
            let ci = CIID(Int64(number))
            commits.append(
                try await bench.commit([
                    .addCI(id: ci, className: .service, name: "service-\(number)", parent: nil),
                    .addRelation(edge(ci, number % 2 == 0 ? previous : CIID(5))),
                ]))
            previous = ci
        }
        commits.append(try await bench.commit([.addRelation(edge(CIID(5), CIID(3)))]))
        commits.append(try await bench.commit([.setName(ci: CIID(110), name: "service-110 renamed")]))
        commits.append(try await bench.commit([.setState(ci: CIID(105), state: .retired)]))
        commits.append(
            try await bench.commit([.setState(ci: CIID(105), state: .active), .endRelation(edge(CIID(112), CIID(111)))])
        )
        return commits
    }

    private static func edge(_ source: CIID, _ target: CIID) -> RelationEdge {
        RelationEdge(source: source, kind: .dependsOn, target: target, object: 4, confidence: 100)
    }

    private static func ask(
        _ bench: Bench, _ root: CIID, _ travel: ImpactTravel, _ depth: Int?, _ commit: CommitNumber, oneByOne: Int
    ) async throws -> Set<String> {
        let past = PastImpact(store: bench.store, asOf: commit, listed: 1000, oneByOne: oneByOne)
        let answer = try await past.answer(of: [root], direction: travel, depth: depth)
        return Set(answer.affected.map { "\($0.name) \($0.state) \($0.distance)" } + ["\(answer.total)"])
    }
}
