import CollectorServices
import Foundation
import Model
import Testing
import Wire

@testable import HTTPAPI

@Suite("The API's own document")
struct OpenAPITests {
    private typealias Members = [String: Any]

    private func document(_ table: RouteTable) async throws -> Members {
        let (answer, _) = await table.answer(
            method: "GET", target: "/v1/openapi.json", caller: .nobody(.absent), address: "", body: { [] })
        #expect(answer.status == 200)
        return try #require(try JSONSerialization.jsonObject(with: Data(answer.body)) as? Members)
    }

    @Test("Every route stands in the document and every operation of the document is a route")
    func complete() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        let routes = try bench.api(sites: true).all
        let paths = try #require(try await document(RouteTable(routes))["paths"] as? [String: Members])
        let documented = paths.flatMap { path, methods in methods.keys.map { "\($0.uppercased()) \(path)" } }
        #expect(documented.sorted() == routes.map { "\($0.method) \($0.path)" }.sorted())
        let identifiers = paths.values.flatMap { $0.values.compactMap { ($0 as? Members)?["operationId"] as? String } }
        #expect(Set(identifiers).count == routes.count)
    }

    @Test("Every placeholder of a path is declared, with a schema, and nothing else is declared in the path")
    func placeholders() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        for route in try bench.api(sites: true).all {
            let operation = try #require(route.operation)
            let named = route.path.split(separator: "/").filter { $0.first == "{" }.map { $0.dropFirst().dropLast() }
            let declared = operation.fields.filter { $0.place == .path }.map(\.name)
            #expect(declared.sorted() == named.map(String.init).sorted(), "\(route.method) \(route.path)")
            #expect(Set(operation.fields.map { "\($0.place) \($0.name)" }).count == operation.fields.count)
            let allAreOptional = operation.fields.allSatisfy { !$0.isRequired || $0.place != .body }
            #expect(route.method == "POST" || allAreOptional, "a GET has no body")
        }
    }

    @Test("Every reference of the document leads somewhere in it")
    func references() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        let document = try await document(RouteTable(try bench.api(sites: true).all))
        var count = 0
        func look(_ value: Any) {
            if let list = value as? [Any] { list.forEach(look) }
            guard let members = value as? Members else { return }
            if let reference = members["$ref"] as? String {
                count += 1
                var place: Any? = document
                for name in reference.split(separator: "/").dropFirst() { place = (place as? Members)?[String(name)] }
                #expect(place != nil, "\(reference)")
            }
            members.values.forEach(look)
        }
        look(document)
        #expect(count > 500)
    }

    @Test("A parameter, a member and a value that are not accepted are refused by name, with what is accepted")
    func refusals() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        let table = RouteTable(try bench.api().all)
        let cases: [(String, String, String, [String])] = [
            ("GET", "/v1/ci?clas=host", "", ["query parameter clas", "query, class, state, after, limit"]),
            ("GET", "/v1/ci?limit=0", "", ["query limit", "1 to 1000"]),
            ("GET", "/v1/ci?limit=1&limit=2", "", ["limit", "2 times"]),
            ("GET", "/v1/ci?state=gone", "", ["query state", "active, vanished, retired"]),
            ("GET", "/v1/ci?after=abc", "", ["query after", "next of an answer"]),
            ("GET", "/v1/impact", "", ["ci", "0 times"]),
            ("GET", "/v1/impact?ci=1&as_of=2999-01-01T00:00:00Z", "", ["as_of", "future"]),
            ("GET", "/v1/path?from=1", "", ["query lacks to"]),
            ("GET", "/v1/path?from=1&to=2&via=3", "", ["via", "from, to, as_of"]),
            ("GET", "/v1/ci/1?as_of=2999-01-01T00:00:00Z", "", ["as_of", "future"]),
            ("POST", "/v1/users", #"{"name": "mei", "role": "king"}"#, ["body role", "viewer, operator, admin"]),
            ("POST", "/v1/users", #"{"name": "mei"}"#, ["body lacks role"]),
            (
                "POST", "/v1/users", #"{"name": "mei", "role": "admin", "x": 1}"#,
                ["member of the body x", "name, role"]
            ),
            ("POST", "/v1/users", #"["mei"]"#, ["JSON object"]),
            ("POST", "/v1/alarms/1/ack", #"{"x": 1}"#, ["x is not known", "none"]),
        ]
        for (method, target, body, words) in cases {
            let (answer, _) = await table.answer(
                method: method, target: target, caller: .account(name: "a", scope: .admin), address: "",
                body: { Array(body.utf8) })
            let text = String(decoding: answer.body, as: UTF8.self)
            #expect(answer.status == 400 && answer.mediaType == "application/problem+json", "\(target) \(text)")
            for word in words { #expect(text.contains(word), "\(target): \(text) lacks \(word)") }
        }
    }

    @Test("A path that takes other methods says which")
    func allowed() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        let table = RouteTable(try bench.api().all)
        let (answer, _) = await table.answer(
            method: "DELETE", target: "/v1/users", caller: .nobody(.absent), address: "", body: { [] })
        #expect(answer.status == 405)
        #expect(answer.allow == ["GET", "HEAD", "POST"])
    }
}
