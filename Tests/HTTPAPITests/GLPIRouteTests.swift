import CollectorServices
import Foundation
import LinuxSystem
import Logging
import Model
import SQLiteStores
import Stores
import Testing
import Wire

@testable import HTTPAPI

@Suite("GLPI agents on the API's port", .serialized)
struct GLPIRouteTests {
    private let secret = "0f8a1d6c53e94b7288c1d0e5f7a3946b"
    private let inventory = """
        {"action": "inventory", "deviceid": "pc-7-2026-01-02-03-04-05", "content": {"hardware": {"name": "pc-7"},
        "bios": {"ssn": "PC7"}, "softwares": [{"name": "a", "version": "1"}]}}
        """

    private func withPort(
        _ body: (CollectorBench, RawClient, String) async throws -> Void
    ) async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        let file = bench.directory + "/site-secret"
        try write(secret + "\n", to: file)
        let site = GLPISite(name: "berlin", secretFile: try SecretPlace(file), silentSeconds: 30 * 86_400)
        try await bench.withAPIPort(sites: [site]) { port in
            try await body(bench, RawClient(port: port, authority: bench.authority), file)
        }
    }

    private func write(_ text: String, to file: String, mode: Int = 0o600) throws {
        try? FileManager.default.removeItem(atPath: file)
        #expect(
            FileManager.default.createFile(
                atPath: file, contents: Data(text.utf8), attributes: [.posixPermissions: mode]))
    }

    private func request(
        _ body: [UInt8], path: String = "/", user: String? = "berlin", password: String? = nil, type: String? = nil,
        more: String = ""
    ) -> [[UInt8]] {
        let credentials = Data("\(user ?? ""):\(password ?? secret)".utf8).base64EncodedString()
        let head = """
            POST \(path) HTTP/1.1\r\nHost: c\r\nContent-Length: \(body.count)\r\nConnection: close\r\n\
            \(user == nil ? "" : "Authorization: Basic \(credentials)\r\n")\
            \(type.map { "Content-Type: \($0)\r\n" } ?? "")\(more)\r\n
            """
        return [Array(head.utf8) + body]
    }

    private func hosts(_ bench: CollectorBench) async throws -> [CIRecord] {
        try await bench.store.find(CIQuery(className: .host, limit: 100))
    }

    @Test("The dialogue of a new agent: challenged, then contact, then inventory, each answered as it expects")
    func dialogue() async throws {
        try await withPort { bench, client, _ in
            let contact = Array(#"{"action": "contact", "deviceid": "pc-7-2026-01-02-03-04-05"}"#.utf8)
            let challenged = try await client.exchange(request(contact, user: nil))
            #expect(challenged.hasPrefix("HTTP/1.1 401"))
            #expect(challenged.contains("\r\nWWW-Authenticate: Basic realm=\"Muster\"\r\n"), "\(challenged)")
            #expect(challenged.contains("application/problem+json"))
            let answer = try await client.exchange(
                request(
                    contact,
                    more: "GLPI-Agent-ID: 5b1f6e2c-0a5d-4d0a-9d55-0d6a1f8c7b21\r\nGLPI-Request-ID: 0A1B2C3D\r\n"))
            #expect(answer.hasPrefix("HTTP/1.1 200"))
            #expect(answer.contains("\r\nGLPI-Request-ID: 0A1B2C3D\r\n"))
            #expect(answer.contains("Content-Type: application/json\r\n"))
            #expect(answer.contains(#""status":"ok""#))
            #expect(try await hosts(bench).isEmpty)
            let stored = try await client.exchange(
                request(Array(inventory.utf8), path: "/front/inventory.php", type: "application/json"))
            #expect(stored.hasPrefix("HTTP/1.1 200"))
            #expect(stored.hasSuffix(#"{"status":"ok","expiration":24}"#))
            #expect(try await hosts(bench).map(\.name) == ["pc-7"])
        }
    }

    @Test("The dialogue of an older agent in XML, packed by gzip")
    func older() async throws {
        try await withPort { bench, client, _ in
            let prolog = Array("<REQUEST><DEVICEID>old-1</DEVICEID><QUERY>PROLOG</QUERY></REQUEST>".utf8)
            let answer = try await client.exchange(request(prolog, type: "application/xml"))
            #expect(answer.contains("<PROLOG_FREQ>24</PROLOG_FREQ>") && answer.contains("<RESPONSE>SEND</RESPONSE>"))
            #expect(answer.contains("Content-Type: application/xml\r\n"))
            let text = """
                <REQUEST><DEVICEID>old-1</DEVICEID><QUERY>INVENTORY</QUERY><CONTENT><HARDWARE><NAME>old</NAME></HARDWARE>
                <BIOS><SSN>OLD1</SSN></BIOS></CONTENT></REQUEST>
                """
            let packed = try Gzip.compress(Array(text.utf8))
            let stored = try await client.exchange(request(packed, type: "application/x-compress-gzip"))
            #expect(stored.contains("<REPLY>") && stored.hasPrefix("HTTP/1.1 200"))
            #expect(try await hosts(bench).map(\.name) == ["old"])
        }
    }

    @Test("A wrong secret, a site that is not there and other credentials are refused, and nothing is stored")
    func refused() async throws {
        try await withPort { bench, client, _ in
            let body = Array(inventory.utf8)
            for (user, password) in [
                ("berlin", "wrong"), ("hamburg", secret), ("", secret), ("berlin", ""), ("berlin", secret + "0"),
            ] {
                let answer = try await client.exchange(request(body, user: user, password: password))
                #expect(answer.hasPrefix("HTTP/1.1 401"), "\(user) \(password)")
                #expect(answer.contains("/problems/site-secret") && !answer.contains(secret))
            }
            for header in ["Basic", "Basic %%%", "Basic \(String(repeating: "A", count: 2000))", "Bearer \(secret)"] {
                let text =
                    "POST / HTTP/1.1\r\nHost: c\r\nAuthorization: \(header)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                #expect(try await client.exchange(text).hasPrefix("HTTP/1.1 401"), "\(header)")
            }
            #expect(try await hosts(bench).isEmpty)
        }
    }

    @Test("Whoever guesses is asked to wait; the right secret is let in all the same")
    func guessing() async throws {
        try await withPort { bench, client, _ in
            var statuses: [String] = []
            for _ in 0..<35 {
                let answer = try await client.exchange(request([], password: "guess"))
                statuses.append(String(answer.prefix(12)))
            }
            #expect(statuses.filter { $0 == "HTTP/1.1 401" }.count == 30)
            #expect(statuses.last == "HTTP/1.1 429")
            let answer = try await client.exchange(request(Array(inventory.utf8)))
            #expect(answer.hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test("A secret that is replaced, removed, too short or open to others shuts the site out at once")
    func revoked() async throws {
        try await withPort { _, client, file in
            let body = Array(inventory.utf8)
            #expect(try await client.exchange(request(body)).hasPrefix("HTTP/1.1 200"))
            try write("11112222333344445555666677778888\n", to: file)
            #expect(try await client.exchange(request(body)).hasPrefix("HTTP/1.1 401"))
            let other = try await client.exchange(request(body, password: "11112222333344445555666677778888"))
            #expect(other.hasPrefix("HTTP/1.1 200"))
            for (text, mode) in [("short", 0o600), (String(repeating: "a", count: 64), 0o600), (secret, 0o644)] {
                try write(text, to: file, mode: mode)
                let answer = try await client.exchange(request(body, password: text))
                #expect(answer.hasPrefix("HTTP/1.1 503") && answer.contains("/problems/site-closed"), "\(text)")
            }
            try FileManager.default.removeItem(atPath: file)
            #expect(try await client.exchange(request(body)).hasPrefix("HTTP/1.1 503"))
        }
    }

    @Test("A site's secret opens nothing else, and without a site there is no such route")
    func bounds() async throws {
        try await withPort { bench, client, _ in
            let credentials = Data("berlin:\(secret)".utf8).base64EncodedString()
            for path in ["/v1/ci", "/v1/agents", "/v1/audit", "/metrics"] {
                let answer = try await client.exchange(
                    "GET \(path) HTTP/1.1\r\nHost: c\r\nAuthorization: Basic \(credentials)\r\nConnection: close\r\n\r\n"
                )
                #expect(answer.hasPrefix("HTTP/1.1 401"), "\(path)")
            }
            let table = RouteTable(try bench.api().all)
            #expect(!table.routes.contains { $0.path == "/" })
            for caller: Caller in [.nobody(.absent), .account(name: "a", scope: .admin)] {
                let (answer, _) = await RouteTable(try bench.api(sites: true).all).answer(
                    method: "POST", target: "/", caller: caller, address: "", body: { Array(inventory.utf8) })
                #expect(answer.status == 401)
            }
        }
    }

    @Test("Hostile bodies are refused with the place, and nothing is stored")
    func hostile() async throws {
        try await withPort { bench, client, _ in
            let bomb = try Gzip.compress([UInt8](repeating: 0x20, count: 17 << 20))
            let cases: [([UInt8], Int)] = [
                ([], 400), (Array("{".utf8), 400), (Array("<!DOCTYPE a><a/>".utf8), 400), ([0xff, 0xfe, 0x3c, 0], 400),
                (Array("{\"deviceid\": \"a\", \"content\": {}}".utf8), 400), (bomb, 413),
                (Array(bomb.dropLast(9)), 413),
                (try Gzip.compress(Array(inventory.utf8)) + [1], 400),
                ([UInt8](repeating: 0x20, count: Limits.bodyBytes + 1), 413),
                (Array("\u{feff}\(inventory)".utf8), 400), (Array(inventory.utf8.dropLast()), 400),
            ]
            for (index, (body, status)) in cases.enumerated() {
                let answer = try await client.exchange(request(body))
                #expect(answer.hasPrefix("HTTP/1.1 \(status)"), "case \(index): \(answer.prefix(300))")
                #expect(answer.contains("application/problem+json"))
            }
            #expect(try await hosts(bench).isEmpty)
            #expect(try await bench.store.agents(after: nil, limit: 10).isEmpty)
        }
    }
}
