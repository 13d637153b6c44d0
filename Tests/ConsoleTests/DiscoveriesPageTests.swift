import Model
import Stores
import Testing

@testable import Console

@Suite("Pages about what was found in networks")
struct DiscoveriesPageTests {
    @Test("A person accepts, ignores and links what was found in networks; all of it is audited")
    func discoveryActs() async throws {
        let bench = try await ConsoleBench.inTrouble()
        defer { bench.remove() }
        let mei = try await bench.person("mei", .operator)
        let viewer = try await bench.person("v", .viewer)
        let queue = await bench.get("/discoveries", viewer).text
        #expect(queue.contains("data-key=\"discovery-61\"") && !queue.contains("data-key=\"discovery-62\""))
        #expect(queue.contains("wrong secret") && !queue.contains("/discoveries/61/accept"))
        #expect(await bench.get("/discoveries", mei).text.contains("/discoveries/61/accept"))
        #expect(await bench.get("/discoveries?show=x", viewer).status == 400)
        #expect(await bench.get("/discoveries/99", viewer).status == 404)
        let accepted = await bench.post("/discoveries/61/accept", mei, [("name", "sw-1"), ("agent", "agent-1")])
        #expect(accepted.field("location") == "/discoveries")
        let record = try await bench.store.discovery(id: 61)
        #expect(record?.state == .accepted && record?.device == "sw-1" && record?.decidedBy == "mei")
        #expect(await bench.post("/discoveries/61/ignore", mei, [("note", "lab")]).status == 303)
        #expect(try await bench.store.discovery(id: 61)?.note == "lab")
        #expect(await bench.post("/discoveries/61/link", mei).status == 400)
        #expect(await bench.post("/discoveries/61/link", mei, [("ci", "web-01")]).status == 303)
        #expect(try await bench.store.discovery(id: 61)?.ci == CIID(3))
        let actions = try await bench.agents.audit(before: nil, limit: 20).filter { $0.who == "mei" }.map(\.action)
        for action in ["discovery.accept", "discovery.ignore", "discovery.link"] { #expect(actions.contains(action)) }
    }

    @Test("The page of what was found says which agent looks through which network, and which nobody does")
    func sweeps() async throws {
        let bench = try await ConsoleBench.inTrouble()
        defer { bench.remove() }
        let page = await bench.get("/discoveries", try await bench.person("v", .viewer)).text
        let section = try #require(page.split(separator: "id=\"sweeps\"").last)
        let lines = section.split(separator: "<li>").dropFirst()
        #expect(lines.count == 2)
        #expect(lines.first?.contains("198.51.100.0/24") == true && lines.first?.contains("nobody") == true)
        #expect(lines.last?.contains("192.0.2.0/24") == true && lines.last?.contains("/agents/agent-1") == true)
        #expect(lines.last?.contains("silent") == true)
    }
}
