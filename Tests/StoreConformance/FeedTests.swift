import Model
import Stores
import Testing

@Suite("Store: feed")
struct FeedTests {
    private func renamed(_ number: Int) -> FeedEvent { .ciRenamed(ci: CIID(3), from: "\(number)", to: "\(number + 1)") }

    @Test("entries come in order, none skipped, with many writers", arguments: Engine.allCases)
    func order(engine: Engine) async throws {
        let bench = try engine.make()
        _ = try await bench.seed()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<100 { group.addTask { try await bench.commit([], events: [renamed(number)]) } }
            try await group.waitForAll()
        }
        var cursor = FeedCursor.start
        var seen: [FeedEntry] = []
        while case let page = try await bench.store.entries(after: cursor, limit: 7), let last = page.last {
            seen += page
            cursor = last.cursor
        }
        #expect(seen.count == 100)
        #expect(zip(seen, seen.dropFirst()).allSatisfy { $0.cursor < $1.cursor && $0.commit <= $1.commit })
        #expect(try await bench.store.newestCursor() == cursor)
    }

    @Test("a waiter wakes for a new entry and for its cancellation", arguments: Engine.allCases)
    func waiting(engine: Engine) async throws {
        let bench = try engine.make()
        _ = try await bench.seed()
        let start = try await bench.store.newestCursor()
        async let woken: Void = bench.store.waitForEntries(after: start)
        try await bench.commit([], events: [renamed(1)])
        try await woken
        let newest = try await bench.store.newestCursor()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await bench.store.waitForEntries(after: newest) }
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    @Test("a reader's cursor moves with what it did, and only from where it expected", arguments: Engine.allCases)
    func cursors(engine: Engine) async throws {
        let bench = try engine.make()
        _ = try await bench.seed()
        var set = ChangeSet()
        set.expectations = [.cursor("reader", .start)]
        set.cursors = ["reader": FeedCursor(rawValue: 7)]
        _ = try await bench.store.commit(set)
        #expect(try await bench.store.cursor(of: "reader") == FeedCursor(rawValue: 7))
        await #expect(throws: StoreError.self) { try await bench.store.commit(set) }
        #expect(try await bench.store.cursor(of: "other") == .start)
    }

    @Test("a CI's history has what happened inside it, newest first, in pages", arguments: Engine.allCases)
    func history(engine: Engine) async throws {
        let bench = try engine.make()
        _ = try await bench.seed()
        for number in 0..<5 { try await bench.commit([], events: [renamed(number)]) }
        let inside = FeedEvent.ciStateChanged(ci: CIID(5), from: .active, to: .vanished)
        try await bench.commit([], events: [inside])
        let first = try await bench.store.history(of: CIID(3), before: nil, asOf: nil, limit: 4)
        #expect(first.first?.event == inside)
        let rest = try await bench.store.history(of: CIID(3), before: first.last?.cursor, asOf: nil, limit: 4)
        #expect(rest.map(\.event) == [renamed(1), renamed(0)])
        #expect(try await bench.store.history(of: CIID(5), before: nil, asOf: nil, limit: 4).map(\.event) == [inside])
    }

    @Test(
        "a CI's history as of a commit ends there, and its moments are those of the commits", arguments: Engine.allCases
    )
    func historyAsOf(engine: Engine) async throws {
        let bench = try engine.make()
        _ = try await bench.seed()
        var commits: [CommitNumber] = []
        for number in 0..<3 {
            commits.append(try await bench.commit([], events: [renamed(number), renamed(number)]))
        }
        let second = try await bench.store.history(of: CIID(3), before: nil, asOf: commits[1], limit: 9)
        #expect(second.map(\.event) == [renamed(1), renamed(1), renamed(0), renamed(0)])
        let moments = try await bench.store.moments(of: CIID(3), limit: 2)
        #expect(moments == [try await bench.store.time(of: commits[2]), try await bench.store.time(of: commits[1])])
        #expect(try await bench.store.moments(of: CIID(99), limit: 2).isEmpty)
    }
}
