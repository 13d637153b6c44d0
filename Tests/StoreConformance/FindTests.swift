import Model
import Stores
import Testing

@Suite("Store: find")
struct FindTests {
    private func filled(_ engine: Engine) async throws -> Bench {
        let bench = try engine.make()
        let names = ["web-10", "web-01", "WEB-02", "db-01", "my-web", "100%", "a_b"]
        for (index, name) in names.enumerated() {
            let id = CIID(Int64(index + 1))
            try await bench.commit([
                .addCI(id: id, className: index == 3 ? .device : .host, name: name, parent: nil),
                .addKey(kind: "serial", value: "hp|S\(index)", ci: id),
            ])
        }
        return bench
    }

    @Test("beginnings in order of name, without regard to case, in pages", arguments: Engine.allCases)
    func beginnings(engine: Engine) async throws {
        let bench = try await filled(engine)
        let first = try await bench.store.find(CIQuery(text: "web", limit: 2))
        #expect(first.map(\.name) == ["web-01", "WEB-02"])
        let second = try await bench.store.find(CIQuery(text: "web", after: first.last?.id, limit: 2))
        #expect(second.map(\.name) == ["web-10"])
        #expect(try await bench.store.find(CIQuery(text: "web", after: second.last?.id)).isEmpty)
    }

    @Test("text inside a name when nothing begins with it; no character is a pattern", arguments: Engine.allCases)
    func inside(engine: Engine) async throws {
        let bench = try await filled(engine)
        #expect(try await bench.store.find(CIQuery(text: "-01")).map(\.name) == ["web-01", "db-01"])
        #expect(try await bench.store.find(CIQuery(text: "%")).map(\.name) == ["100%"])
        #expect(try await bench.store.find(CIQuery(text: "_")).map(\.name) == ["a_b"])
        #expect(try await bench.store.find(CIQuery(text: "' OR 1=1 --")).isEmpty)
    }

    @Test("keys, classes and states", arguments: Engine.allCases)
    func filters(engine: Engine) async throws {
        let bench = try await filled(engine)
        #expect(try await bench.store.find(CIQuery(text: "hp|S3")).map(\.name) == ["db-01"])
        #expect(try await bench.store.find(CIQuery(className: .device)).map(\.name) == ["db-01"])
        try await bench.commit([.setState(ci: CIID(4), state: .retired)])
        #expect(try await bench.store.find(CIQuery(className: .device)).isEmpty)
        #expect(try await bench.store.find(CIQuery(className: .device, states: [.retired])).count == 1)
        #expect(try await bench.store.ci(withKey: "serial", value: "hp|S0") == CIID(1))
        try await bench.commit([.removeKey(kind: "serial", value: "hp|S0")])
        #expect(try await bench.store.ci(withKey: "serial", value: "hp|S0") == nil)
    }
}
