import Model
import Stores
import Testing

@Suite("Store: commits")
struct CommitTests {
    @Test("a set is applied whole or not at all", arguments: Engine.allCases)
    func atomic(engine: Engine) async throws {
        let bench = try engine.make()
        _ = try await bench.seed()
        let feed = try await bench.store.newestCursor()
        await #expect(throws: StoreError.self) {
            try await bench.commit(
                [
                    .setName(ci: CIID(3), name: "two"),
                    .addCI(id: CIID(3), className: .host, name: "again", parent: nil),
                ],
                events: [.ciRenamed(ci: CIID(3), from: "one", to: "two")])
        }
        #expect(try await bench.store.ci(CIID(3), asOf: nil)?.name == "one")
        #expect(try await bench.store.newestCursor() == feed)
    }

    @Test("a version that moved on is a conflict", arguments: Engine.allCases)
    func conflict(engine: Engine) async throws {
        let bench = try engine.make()
        _ = try await bench.seed()
        let version = try #require(await bench.store.ci(CIID(3), asOf: nil)).version
        var set = ChangeSet()
        set.expectations = [.ci(CIID(3), version: version)]
        set.cmdb = [.setName(ci: CIID(3), name: "two")]
        _ = try await bench.store.commit(set)
        await #expect(throws: StoreError.self) { try await bench.store.commit(set) }
        #expect(try await bench.store.ci(CIID(3), asOf: nil)?.name == "two")
    }

    @Test("of sets committed at once, those that conflict fail alone", arguments: Engine.allCases)
    func group(engine: Engine) async throws {
        let bench = try engine.make()
        _ = try await bench.seed()
        let outcomes = await withTaskGroup(of: Bool.self, returning: [Bool].self) { group in
            for number in 0..<200 {
                group.addTask {
                    let id = CIID(Int64(1000 + number / 2))
                    let made = try? await bench.commit([
                        .addCI(id: id, className: .host, name: "host-\(number / 2)", parent: nil),
                        .addKey(kind: "serial", value: "S\(number / 2)", ci: id),
                    ])
                    return made != nil
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count { $0 } == 100)
        #expect(try await bench.store.find(CIQuery(text: "host-", limit: 500)).count == 100)
    }

    @Test("numbers are never given twice, not to many at once either", arguments: Engine.allCases)
    func numbers(engine: Engine) async throws {
        let bench = try engine.make()
        let given = try await withThrowingTaskGroup(of: [Int64].self, returning: [Int64].self) { group in
            for count in 0..<60 { group.addTask { Array(try await bench.store.reserveNumbers(count)) } }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(Set(given).count == given.count)
        #expect(given.count == 1770)
    }

    @Test("names over the limit are refused, and nothing of their set stays", arguments: Engine.allCases)
    func longName(engine: Engine) async throws {
        let bench = try engine.make()
        _ = try await bench.seed()
        let name = String(repeating: "n", count: 64 << 10)
        await #expect(throws: StoreError.self) {
            try await bench.commit([.setName(ci: CIID(5), name: "y"), .setName(ci: CIID(3), name: name)])
        }
        #expect(try await bench.store.ci(CIID(5), asOf: nil)?.name == "x")
    }

    @Test("values come back as they were, to the last bit", arguments: Engine.allCases)
    func values(engine: Engine) async throws {
        let bench = try engine.make()
        _ = try await bench.seed()
        let values: [AttributeValue] = [
            .integer(.max), .integer(.min), .real(0.1), .real(-1e300), .real(.leastNonzeroMagnitude), .flag(true),
            .text(""),
            .text("3:abc\n\u{202e}caf\u{e9}"), .text("cafe\u{301}"), .list([]), .list(["", "a,b", "1:x"]),
        ]
        for (index, value) in values.enumerated() {
            try await bench.commit([
                .observe(object: 2, attribute: "v\(index)", value: value),
                .setAttribute(ci: CIID(3), attribute: "v\(index)", value: value, object: 2),
            ])
        }
        let facts = try await bench.store.attributes(of: CIID(3), asOf: nil)
        for (index, value) in values.enumerated() {
            let found = facts.first { $0.name == "v\(index)" }?.value
            #expect(found == value)
            #expect(found?.text.map { Array($0.utf8) } == value.text.map { Array($0.utf8) })
        }
    }
}
