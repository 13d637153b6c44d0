import CollectorServices
import FleetCA
import Model
import SQLiteStores
import Stores
import Testing
import Wire

@testable import HTTPAPI

@Suite("Who may use which route")
struct RouteAccessTests {
    /// The weakest scope of each route that changes something; every other route of the API reads.
    private let stronger: [String: AgentsService.Scope] = [
        "POST /v1/silences/{id}/end": .operate, "GET /v1/users/{user}": .admin, "POST /v1/alarms/{id}/ack": .operate,
        "POST /v1/alarms/{id}/silence": .operate,
        "POST /v1/incidents": .operate, "POST /v1/incidents/{number}": .operate,
        "POST /v1/incidents/{number}/resolve": .operate, "POST /v1/agents/{agent}/revoke": .admin,
        "GET /v1/users": .admin, "POST /v1/users": .admin, "POST /v1/users/{user}": .admin,
        "POST /v1/users/{user}/sign-in-link": .admin, "POST /v1/tokens": .admin, "POST /v1/api-tokens": .admin,
        "GET /v1/audit": .admin, "POST /v1/discoveries/{id}/accept": .operate,
        "POST /v1/discoveries/{id}/ignore": .operate, "POST /v1/discoveries/{id}/link": .operate,
    ]
    private let open: Set = ["GET /healthz", "GET /readyz", "GET /v1/openapi.json"]

    @Test("B7: Each route of the API for each role: nobody, agent, and the three scopes")
    func matrix() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        let table = RouteTable(try bench.api().all)
        #expect(table.routes.count >= 25)
        for route in table.routes {
            let name = "\(route.method) \(route.path)"
            let target =
                "/" + route.path.split(separator: "/").map { $0.first == "{" ? "1" : String($0) }.joined(separator: "/")
            let agent = VerifiedAgent(id: "agent-1", serial: "1", notAfter: Timestamp(seconds: 0))
            for caller in [Caller.nobody(.absent), .agent(agent)] {
                let (answer, _) = await table.answer(
                    method: route.method, target: target, caller: caller, address: "", body: { Array("{".utf8) })
                #expect((answer.status == 401) != open.contains(name), "\(name) \(answer.status)")
            }
            let needed = stronger[name] ?? .read
            for scope in AgentsService.Scope.allCases {
                let (answer, _) = await table.answer(
                    method: route.method, target: target, caller: .account(name: "a", scope: scope), address: "",
                    body: { Array("{".utf8) })
                let isRefused = answer.status == 403
                #expect(isRefused == (scope < needed && !open.contains(name)), "\(name) \(scope) \(answer.status)")
            }
        }
    }

    @Test("B6: Injection texts in every parameter of every route are data: 200, 400, 404 or 409, never 500")
    func injection() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        let api = try bench.api()
        _ = try await api.graph.node(CIID(1))
        let table = RouteTable(api.all)
        let texts = [
            "' OR 1=1 --", "\"; DROP TABLE ci; --", "%", "_", "\\", "../../etc/passwd", "{{7*7}}", "$(id)", "<script>",
            "-1", "0", "9223372036854775807", "9223372036854775808", "1e309", "NaN", "\u{202e}", "e\u{301}",
            String(repeating: "\u{301}", count: 2000), String(repeating: "a", count: 4000), "class:name:more", ":",
            "host:",
        ]
        for route in table.routes {
            for text in texts {
                let encoded = text.utf8.map { "%" + hexadecimal([$0]) }.joined()
                let path = route.path.split(separator: "/").map { $0.hasPrefix("{") ? encoded : String($0) }
                for query in [
                    "", "?query=\(encoded)&class=\(encoded)&limit=1", "?after=\(encoded)", "?ci=\(encoded)",
                    "?as_of=\(encoded)",
                ] {
                    let target = "/" + path.joined(separator: "/") + query
                    let body = Array(
                        JSON.object([
                            ("ci", .text(text)), ("title", .text(text)), ("reason", .text(text)), ("note", .text(text)),
                            ("name", .text(text)), ("scope", .text(text)),
                        ]).bytes)
                    let (answer, error) = await table.answer(
                        method: route.method, target: target, caller: .account(name: "a", scope: .admin), address: "",
                        body: { body })
                    #expect(
                        [200, 201, 400, 404, 409, 414, 429].contains(answer.status),
                        "\(route.method) \(target.prefix(80)) \(answer.status) \(error.map { "\($0)" } ?? "")")
                }
            }
        }
    }

    @Test("An API token opens what its scope says until it ends; another secret opens nothing")
    func tokens() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        let (secret, _) = try await bench.agents.makeAPIToken(name: "grafana", scope: .read, seconds: 3600, by: "root")
        #expect(try await bench.agents.bearer(of: secret.text)?.scope == .read)
        for text in [
            "", "x", secret.text + "0", String(secret.text.dropLast()), secret.hash, String(repeating: "a", count: 600),
        ] {
            #expect(try await bench.agents.bearer(of: text) == nil)
        }
        let later = AgentsService(store: bench.store, now: { SQLiteStore.wallTime().adding(seconds: 3601) })
        #expect(try await later.bearer(of: secret.text) == nil)
        await #expect(throws: ServiceRefusal.self) {
            try await bench.agents.makeAPIToken(name: "grafana", scope: .admin, seconds: 3600, by: "root")
        }
        let audit = try await bench.agents.audit(before: nil, limit: 10)
        #expect(audit.contains { $0.action == "api-token.create" && $0.target == "grafana" })
        #expect(!audit.contains { "\($0)".contains(secret.text) })
    }
}
