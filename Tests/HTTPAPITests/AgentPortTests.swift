import CollectorServices
import FleetCA
import Foundation
import Model
import NIOSSL
import SQLiteStores
import Testing
import Wire
import X509

@testable import HTTPAPI

@Suite("The agents' port over TLS", .serialized)
struct AgentPortTests {
    let batch = Batch(
        epoch: 7,
        frames: [Frame(sequence: 1, claimedTime: Timestamp(seconds: 1), kind: 6, payload: Array("{}".utf8))])

    @Test("An agent enrols once with a token and then reports under the identity of its certificate")
    func enrolAndReport() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        try await bench.withAgentsPort { port in
            var client = RawClient(port: port, authority: bench.authority)
            let (key, request) = try CollectorBench.request()
            let order = EnrolRequest(
                secret: try await bench.secret(), request: request, hostname: "web", machineID: "m", version: "1")
            let answer = try await client.exchange(try post("/v1/agent/enrol", order))
            let certificate = try decode(CertificateAnswer.self, answer)
            #expect(certificate.agentID.hasPrefix("agent-"))
            #expect(certificate.authority == bench.authority.pem)
            let again = try await client.exchange(try post("/v1/agent/enrol", order))
            #expect(again.hasPrefix("HTTP/1.1 403"))
            #expect(again.contains("/problems/token-used"))
            client.identity = (certificate.certificate, try key.serializeAsPEM().pemString)
            let stored = try await client.exchange([report(batch)])
            #expect(try decode(AgentAnswer.self, stored).stored == 1)
            #expect(bench.batches.taken.withLock { $0.map(\.agent) } == [certificate.agentID])
            let renewed = try await client.exchange(
                try post("/v1/agent/renew", RenewRequest(request: try CollectorBench.request().pem, generation: 1)))
            #expect(try decode(CertificateAnswer.self, renewed).agentID == certificate.agentID)
        }
    }

    @Test("HEAD is answered as GET, without the body")
    func head() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        try await bench.withAgentsPort { port in
            let client = RawClient(port: port, authority: bench.authority)
            for path in ["/healthz", "/v1/agent/wants", "/none"] {
                let whole = try await client.exchange(get(path))
                let head = try await client.exchange(get(path).replacing("GET ", with: "HEAD ", maxReplacements: 1))
                let parts = whole.split(separator: "\r\n\r\n", maxSplits: 1)
                #expect(!(parts.last ?? "").isEmpty)
                #expect(head.split(separator: "\r\n").first == whole.split(separator: "\r\n").first, "\(path)")
                #expect(
                    head.hasSuffix("\r\n\r\n")
                        && head.lowercased().contains("content-length: \((parts.last ?? "").utf8.count)\r\n"))
            }
        }
    }

    @Test("S1, S2: Without a certificate everything but enrolment is refused by name, and nothing is stored")
    func absent() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        try await bench.withAgentsPort { port in
            let client = RawClient(port: port, authority: bench.authority)
            for request in [report(batch), Array(get("/v1/agent/wants").utf8)] {
                let answer = try await client.exchange([request])
                #expect(answer.hasPrefix("HTTP/1.1 403"))
                #expect(answer.contains("/problems/certificate-absent"))
            }
            #expect(bench.batches.taken.withLock { $0.isEmpty })
        }
    }

    @Test("S2: Certificates of another CA, also ended ones, those of tomorrow and a server's do not pass the handshake")
    func badCertificates() async throws {
        let bench = try CollectorBench()
        let other = try CollectorBench()
        defer {
            bench.remove()
            other.remove()
        }
        let (key, request) = try CollectorBench.request()
        let keyPEM = try key.serializeAsPEM().pemString
        let agent = try FleetAuthority.newAgentID()
        let now = SQLiteStore.wallTime()
        let foreign = try other.authority.issue(request: request, agent: agent, at: now)
        let ended = try other.authority.issue(request: request, agent: agent, at: now.adding(seconds: -91 * 86_400))
        let early = try bench.authority.issue(request: request, agent: agent, at: now.adding(seconds: 86_400))
        let server = try bench.authority.serverCertificate(in: bench.directory, names: ["127.0.0.1"], at: now)
        try await bench.withAgentsPort { port in
            for identity in [
                (foreign.pem, keyPEM), (ended.pem, keyPEM), (early.pem, keyPEM), (server.certificatePEM, server.keyPEM),
            ] {
                let client = RawClient(port: port, authority: bench.authority, identity: identity)
                let answer = try? await client.exchange([report(batch)])
                #expect(answer == nil || answer == "")
            }
            #expect(bench.batches.taken.withLock { $0.isEmpty })
        }
    }

    @Test("S1: A client that trusts another CA sends nothing to this collector")
    func wrongServer() async throws {
        let bench = try CollectorBench()
        let other = try CollectorBench()
        defer {
            bench.remove()
            other.remove()
        }
        try await bench.withAgentsPort { port in
            let client = RawClient(port: port, authority: other.authority)
            await #expect(throws: (any Error).self) { try await client.exchange(get("/healthz")) }
        }
    }

    @Test("S2: A good certificate that this collector never issued is refused")
    func notIssued() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        let (key, request) = try CollectorBench.request()
        let issued = try bench.authority.issue(
            request: request, agent: try FleetAuthority.newAgentID(), at: SQLiteStore.wallTime())
        try await bench.withAgentsPort { port in
            let client = RawClient(
                port: port, authority: bench.authority, identity: (issued.pem, try key.serializeAsPEM().pemString))
            #expect(try await client.exchange([report(batch)]).contains("/problems/agent-revoked"))
        }
    }

    @Test("S3: Revocation takes effect on the next request of an open connection")
    func revoked() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        try await bench.withAgentsPort { port in
            let (answer, key) = try await bench.enrol(try await bench.secret())
            let client = RawClient(port: port, authority: bench.authority, identity: (answer.certificate, key))
            let text = try await client.exchange(
                get("/v1/agent/wants?wait_seconds=0", close: false),
                between: { _ = try await bench.agents.revoke(answer.agentID, reason: "stolen", by: "test") },
                get("/v1/agent/wants?wait_seconds=0"))
            #expect(text.hasPrefix("HTTP/1.1 200"))
            #expect(text.contains("HTTP/1.1 403"))
            #expect(text.contains("/problems/agent-revoked"))
        }
    }

    @Test("S3: A revoked agent gets no new certificate")
    func revokedRenewal() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        let (answer, _) = try await bench.enrol(try await bench.secret())
        let agent = try bench.verified(answer)
        _ = try await bench.agents.revoke(answer.agentID, reason: "stolen", by: "test")
        let error = await #expect(throws: ServiceRefusal.self) {
            try await bench.enrolment.renew(
                RenewRequest(request: try CollectorBench.request().pem, generation: 1), agent: agent)
        }
        #expect(error?.description.contains("revoked") == true)
    }

    @Test("The server's certificate is replaced while requests come: new connections show the new one, none fails")
    func replacedCertificate() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        let old = try bench.authority.serverCertificate(
            in: bench.directory, names: ["127.0.0.1"], at: SQLiteStore.wallTime().adding(seconds: -250 * 86_400))
        let identity = ServerIdentity(old)
        try await bench.withAgentsPort(identity: identity) { port in
            let (answer, key) = try await bench.enrol(try await bench.secret())
            let client = RawClient(port: port, authority: bench.authority, identity: (answer.certificate, key))
            let shown = try await client.serverCertificate()
            #expect(shown == (try Certificate(pemEncoded: old.certificatePEM)).serialNumber)
            let next = try bench.authority.serverCertificate(
                in: bench.directory, names: ["127.0.0.1"], at: SQLiteStore.wallTime())
            try #require(next.certificatePEM != old.certificatePEM)
            // An open connection goes on over the exchange.
            let text = try await client.exchange(
                get("/v1/agent/wants?wait_seconds=0", close: false), between: { identity.replace(with: next) },
                get("/v1/agent/wants?wait_seconds=0"))
            #expect(text.components(separatedBy: "HTTP/1.1 200").count == 3)
            #expect(
                try await client.serverCertificate() == (try Certificate(pemEncoded: next.certificatePEM)).serialNumber)
            try await withThrowingTaskGroup(of: String.self) { tasks in
                for number in 0..<40 {
                    tasks.addTask { try await client.exchange(get("/v1/agent/wants?wait_seconds=0")) }
                    if number % 10 == 5 { identity.replace(with: number % 20 == 5 ? old : next) }
                }
                for try await answer in tasks { #expect(answer.hasPrefix("HTTP/1.1 200")) }
            }
        }
    }

    @Test("C11: A certificate issued between a backup and its restoration is taken up again, others are not")
    func adopted() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        let (answer, _) = try await bench.enrol(try await bench.secret())
        let now = SQLiteStore.wallTime()
        func certificate(_ agent: String, at moment: Timestamp) throws -> VerifiedAgent {
            let issued = try bench.authority.issue(
                request: try CollectorBench.request().pem, agent: agent, at: moment)
            return try bench.verified(issued.pem)
        }
        let forgotten = try certificate(answer.agentID, at: now)
        #expect(try await !bench.agents.accepts(forgotten))
        let restored = AgentsService(
            store: bench.store, restored: now.adding(seconds: -60)...now.adding(seconds: 60), now: SQLiteStore.wallTime)
        #expect(try await !restored.accepts(try certificate(answer.agentID, at: now.adding(seconds: -3600))))
        #expect(try await !restored.accepts(try certificate("agent-" + String(repeating: "0", count: 32), at: now)))
        #expect(try await restored.accepts(forgotten))
        // It is entered, so it holds without the exception, too.
        #expect(try await bench.agents.accepts(forgotten))
        _ = try await bench.agents.revoke(answer.agentID, reason: "stolen", by: "test")
        #expect(try await !restored.accepts(forgotten))
        #expect(try await !restored.accepts(try certificate(answer.agentID, at: now)))
    }

    @Test("A want that is posted ends the long poll at once")
    func wants() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        try await bench.withAgentsPort { port in
            let (answer, key) = try await bench.enrol(try await bench.secret())
            let client = RawClient(port: port, authority: bench.authority, identity: (answer.certificate, key))
            async let text = client.exchange(get("/v1/agent/wants"), seconds: 10)
            try await Task.sleep(for: .milliseconds(100))
            await bench.wants.post(.confirm(check: "web"), agent: answer.agentID)
            let first = try decode(WantsAnswer.self, try await text)
            #expect(first.wants == [.confirm(check: "web")])
            let again = try await client.exchange(get("/v1/agent/wants?wait_seconds=0&after=" + first.cursor))
            #expect(try decode(WantsAnswer.self, again).wants == [])
        }
    }

    private func decode<Value: Decodable>(_ type: Value.Type, _ answer: String) throws -> Value {
        let parts = answer.split(separator: "\r\n\r\n", maxSplits: 1)
        try #require(parts.count == 2, "\(answer)")
        return try JSONDecoder().decode(type, from: Data(parts[1].utf8))
    }
}
