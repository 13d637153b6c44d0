import HTTPAPI
import Model
import SQLiteStores
import Stores
import Testing

@testable import Console

@Suite("Live pages")
struct LiveEventsTests {
    private func change(_ bench: ConsoleBench, _ events: FeedEvent...) async throws {
        var set = ChangeSet()
        set.events = events
        _ = try await bench.store.commit(set)
    }

    @Test("A message names the kinds of things that changed since, and nothing of them")
    func topics() async throws {
        let bench = try ConsoleBench()
        defer { bench.remove() }
        try await change(bench, .agentSilent(ci: nil, agent: "old", seconds: 9))
        var events = LiveEvents(feed: bench.store, after: nil).makeAsyncIterator()
        #expect(try await events.next().map { String(decoding: $0, as: UTF8.self) } == "retry: 2000\n\n")
        try await change(bench, .incidentChanged(number: 7, state: .new), .agentHeard(ci: nil, agent: "secret-name"))
        let message = String(decoding: try #require(try await events.next()), as: UTF8.self)
        #expect(message.hasSuffix("event: change\ndata: agents incidents\n\n"))
        #expect(message.hasPrefix("id: "))
    }

    @Test("A browser that comes back learns what it missed; a made-up position is taken as now")
    func returning() async throws {
        let bench = try ConsoleBench()
        defer { bench.remove() }
        let person = try await bench.person("mei", .viewer)
        try await change(bench, .incidentChanged(number: 1, state: .new))
        let before = try await bench.store.newestCursor()
        try await change(bench, .incidentChanged(number: 1, state: .resolved))
        for (last, expected) in [
            (String(before.rawValue), "data: incidents"), ("9223372036854775807", "data: agents"),
            ("-1", "data: agents"), ("x", "data: agents"),
        ] {
            let (answer, _) = await bench.table.answer(
                method: "GET", target: "/live", caller: .person(person), address: "",
                fields: RequestFields([(name: "last-event-id", value: last)]), body: { [] })
            var pieces = try #require(answer.stream as? LiveEvents).makeAsyncIterator()
            #expect(try await pieces.next() == Array("retry: 2000\n\n".utf8))
            if expected.contains("agents") { try await change(bench, .agentHeard(ci: nil, agent: "a")) }
            let told = String(decoding: try #require(try await pieces.next()), as: UTF8.self)
            #expect(told.contains(expected), "\(last)")
        }
    }

    @Test("What changed after a page was made and before it listened is told to it")
    func between() async throws {
        let bench = try ConsoleBench()
        defer { bench.remove() }
        let person = try await bench.person("mei", .viewer)
        let page = await bench.get("/incidents", person).text
        let mark = try #require(page.firstMatch(of: /data-live-from="([^"]+)"/)).1
        try await change(bench, .incidentChanged(number: 1, state: .new))
        var pieces = try #require((await bench.get(String(mark), person)).stream as? LiveEvents).makeAsyncIterator()
        _ = try await pieces.next()
        #expect(String(decoding: try #require(try await pieces.next()), as: UTF8.self).contains("data: incidents"))
        #expect(await bench.get("/live?after=x", person).status == 400)
    }
}
