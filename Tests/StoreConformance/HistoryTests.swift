import Model
import Stores
import Testing

@Suite("Store: history")
struct HistoryTests {
    @Test("each commit's state can be asked for later", arguments: Engine.allCases)
    func asOf(engine: Engine) async throws {
        let bench = try engine.make()
        let first = try await bench.seed()
        var commits = [first]
        for number in 1...5 {
            commits.append(
                try await bench.commit([
                    .setName(ci: CIID(3), name: "name-\(number)"),
                    .setAttribute(
                        ci: CIID(3), attribute: "a", value: number == 4 ? nil : .integer(Int64(number)), object: 2),
                    .setItem(
                        object: 2, section: .packages, key: "p",
                        attributes: number == 4 ? nil : ["version": .integer(Int64(number))]),
                ]))
        }
        for (number, commit) in commits.enumerated() {
            let name = try await bench.store.ci(CIID(3), asOf: commit)?.name
            #expect(name == (number == 0 ? "one" : "name-\(number)"))
            let expected: AttributeValue? = number == 0 || number == 4 ? nil : .integer(Int64(number))
            #expect(try await bench.store.attributes(of: CIID(3), asOf: commit).first?.value == expected)
            let items = try await bench.store.items(
                of: CIID(3), section: .packages, containing: nil, asOf: commit, after: nil, limit: 10)
            #expect(items.first?.item.attributes["version"] == expected)
        }
        #expect(try await bench.store.ci(CIID(3), asOf: CommitNumber(rawValue: 0)) == nil)
    }

    @Test(
        "items are found by text in key and values, not in the names of facts, page by page", arguments: Engine.allCases
    )
    func itemsContaining(engine: Engine) async throws {
        let bench = try engine.make()
        _ = try await bench.seed()
        var changes: [CMDBChange] = []
        for number in 10..<40 {
            changes.append(
                .setItem(
                    object: 2, section: .packages, key: "deb:Tool-\(number)",
                    attributes: ["version": .text(number.isMultiple(of: 3) ? "1.0-Ubuntu" : "2.0"), "size_bytes": 5]))
        }
        try await bench.commit(changes)
        func found(_ text: String, after: String? = nil) async throws -> [String] {
            try await bench.store.items(
                of: CIID(3), section: .packages, containing: text, asOf: nil, after: after, limit: 4
            ).map(\.item.key)
        }
        #expect(try await found("TOOL-2") == (20..<24).map { "deb:Tool-\($0)" })
        let first = try await found("ubuntu")
        #expect(first == [12, 15, 18, 21].map { "deb:Tool-\($0)" })
        #expect(try await found("ubuntu", after: first.last) == [24, 27, 30, 33].map { "deb:Tool-\($0)" })
        #expect(try await found("version").isEmpty)
        #expect(try await found("%").isEmpty)
        #expect(try await found("") == (10..<14).map { "deb:Tool-\($0)" })
    }

    @Test("moments lead to the commit that was newest then", arguments: Engine.allCases)
    func moments(engine: Engine) async throws {
        let bench = try engine.make()
        let first = try await bench.seed()
        let second = try await bench.commit([.setName(ci: CIID(3), name: "two")])
        let time = try #require(await bench.store.time(of: first))
        #expect(try await bench.store.commit(at: time) == first)
        #expect(try await bench.store.commit(at: time.adding(seconds: 3600)) == second)
        #expect(try await bench.store.commit(at: time.adding(seconds: -1)) == nil)
    }

    @Test("edges are kept both ways, end and begin again, and stay in the past", arguments: Engine.allCases)
    func relations(engine: Engine) async throws {
        let bench = try engine.make()
        _ = try await bench.seed()
        let edge = RelationEdge(source: CIID(5), kind: .runsOn, target: CIID(3), object: 4, confidence: 100)
        let begun = try await bench.commit([.addRelation(edge)])
        let ended = try await bench.commit([.endRelation(edge)])
        let again = try await bench.commit([.addRelation(edge)])
        for (commit, count) in [(begun, 1), (ended, 0), (again, 1)] {
            #expect(try await bench.store.relations(of: CIID(3), asOf: commit).count == count)
            #expect(try await bench.store.relations(of: CIID(5), asOf: commit).count == count)
            #expect(try await bench.store.edges(touching: [CIID(3)], asOf: commit).count == count)
        }
        await #expect(throws: StoreError.self) { try await bench.commit([.addRelation(edge)]) }
    }

    @Test("an edge to a CI that does not exist, or to itself, is refused", arguments: Engine.allCases)
    func danglingEdge(engine: Engine) async throws {
        let bench = try engine.make()
        _ = try await bench.seed()
        for target in [99, 5] {
            let edge = RelationEdge(
                source: CIID(5), kind: .dependsOn, target: CIID(Int64(target)), object: 4, confidence: 100)
            await #expect(throws: StoreError.self) { try await bench.commit([.addRelation(edge)]) }
        }
    }

    @Test("a binding that moves takes the object's items along, now but not in the past", arguments: Engine.allCases)
    func rebind(engine: Engine) async throws {
        let bench = try engine.make()
        _ = try await bench.seed()
        let before = try await bench.commit([
            .setItem(object: 2, section: .packages, key: "p", attributes: ["version": "1"]),
            .addCI(id: CIID(6), className: .host, name: "other", parent: nil),
        ])
        try await bench.commit([.bind(object: 2, ci: CIID(6))])
        #expect(try await bench.store.sectionCounts(of: CIID(6), asOf: nil) == [.packages: 1])
        #expect(try await bench.store.sectionCounts(of: CIID(3), asOf: nil).isEmpty)
        #expect(try await bench.store.sectionCounts(of: CIID(3), asOf: before) == [.packages: 1])
    }
}
