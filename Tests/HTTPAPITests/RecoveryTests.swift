import CollectorServices
import FleetCA
import Foundation
import Model
import SQLiteStores
import Stores
import Testing
import Wire

@testable import HTTPAPI

/// An agent that comes back after its certificate has ended.
@Suite("Recovery of an agent", .serialized)
struct RecoveryTests {
    private static let day: Int64 = 86_400

    private let batch = Batch(
        epoch: 7,
        frames: [Frame(sequence: 1, claimedTime: Timestamp(seconds: 1), kind: 6, payload: Array("{}".utf8))])

    /// An agent of `bench` with a certificate of 90 days that was issued `days` ago, and its key.
    private func agent(
        _ bench: CollectorBench, issued days: Int64, id: String? = nil
    ) async throws -> (id: String, identity: (String, String), shown: VerifiedAgent) {
        let (key, request) = try CollectorBench.request()
        let moment = SQLiteStore.wallTime().adding(seconds: -days * Self.day)
        let name = try id ?? FleetAuthority.newAgentID()
        let certificate = try bench.authority.issue(request: request, agent: name, at: moment)
        var set = ChangeSet()
        if id == nil { set.agents = [.addAgent(id: name, hostname: "web", machineID: "m", version: "1")] }
        set.agents.append(.addCertificate(serial: certificate.serial, agent: name, notAfter: certificate.notAfter))
        _ = try await bench.store.commit(set)
        let shown = VerifiedAgent(
            id: name, serial: certificate.serial, notAfter: certificate.notAfter, issuedAt: moment)
        return (name, (certificate.pem, try key.serializeAsPEM().pemString), shown)
    }

    private func order() throws -> RenewRequest {
        RenewRequest(request: try CollectorBench.request().pem, generation: 1)
    }

    @Test(
        "S4: An agent that was away 90 days exchanges its ended certificate for the next one, keeps its identity and reports again"
    )
    func recovers() async throws {
        let bench = try CollectorBench(authorityAge: 400 * Self.day)
        defer { bench.remove() }
        let (id, identity, _) = try await agent(bench, issued: 179)
        try await bench.withAgentsPort { port in
            let ended = RawClient(port: port, authority: bench.authority, identity: identity)
            let (key, request) = try CollectorBench.request()
            let answer = try await ended.exchange(
                try post("/v1/agent/recover", RenewRequest(request: request, generation: 1)))
            let certificate = try decode(CertificateAnswer.self, answer)
            #expect(certificate.agentID == id)
            #expect(certificate.notAfter > SQLiteStore.wallTime().adding(seconds: 89 * Self.day))
            let renewed = RawClient(
                port: port, authority: bench.authority,
                identity: (certificate.certificate, try key.serializeAsPEM().pemString))
            #expect(try await renewed.exchange([report(batch)]).hasPrefix("HTTP/1.1 200"))
            #expect(bench.batches.taken.withLock { $0.map(\.agent) } == [id])
            let log = try await bench.agents.audit(before: nil, limit: 5)
            #expect(log.first?.action == "agent.recover" && log.first?.who == id)
        }
    }

    @Test(
        "S4: To an ended certificate every other route of the port is closed by name, and nothing is stored or held open"
    )
    func closed() async throws {
        let bench = try CollectorBench(authorityAge: 400 * Self.day)
        defer { bench.remove() }
        let (_, identity, _) = try await agent(bench, issued: 91)
        let others = bench.routes.routes.filter { route in
            if case .agents = route.access { true } else { false }
        }
        #expect(
            others.map(\.path).sorted() == [
                "/v1/agent/policy", "/v1/agent/renew", "/v1/agent/reports", "/v1/agent/wants",
            ])
        try await bench.withAgentsPort { port in
            for route in others {
                let client = RawClient(port: port, authority: bench.authority, identity: identity)
                let request = route.method == "GET" ? get(route.path) : try post(route.path, try order())
                let answer = try await client.exchange(request)
                #expect(answer.hasPrefix("HTTP/1.1 403"), "\(route.path)")
                #expect(answer.contains("/problems/certificate-expired"), "\(route.path)")
                #expect(answer.contains("/v1/agent/recover"), "\(route.path)")
            }
            #expect(bench.batches.taken.withLock { $0.isEmpty })
        }
    }

    @Test("S4: Past the bound the way is named, and with no bound nothing recovers")
    func tooLate() async throws {
        let bench = try CollectorBench(authorityAge: 400 * Self.day)
        defer { bench.remove() }
        let (_, _, late) = try await agent(bench, issued: 181)
        let error = await #expect(throws: ServiceRefusal.self) {
            try await bench.enrolment.recover(try order(), agent: late)
        }
        guard case .forbidden("certificate-expired", let text) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(text.contains("recover_within") && text.contains("seal"))
        let strict = EnrolmentService(
            authority: bench.authority, store: bench.store, recoverSeconds: 0, now: SQLiteStore.wallTime)
        let (_, _, just) = try await agent(bench, issued: 91)
        await #expect(throws: ServiceRefusal.self) { try await strict.recover(try order(), agent: just) }
        _ = try await bench.enrolment.recover(try order(), agent: just)
    }

    @Test("S4: A revoked agent and one that is not known here do not recover")
    func revoked() async throws {
        let bench = try CollectorBench(authorityAge: 400 * Self.day)
        defer { bench.remove() }
        let (id, identity, shown) = try await agent(bench, issued: 100)
        let (key, request) = try CollectorBench.request()
        let unknown = try bench.authority.issue(
            request: request, agent: try FleetAuthority.newAgentID(),
            at: SQLiteStore.wallTime().adding(seconds: -100 * Self.day))
        _ = try await bench.agents.revoke(id, reason: "stolen", by: "test")
        try await bench.withAgentsPort { port in
            for identity in [identity, (unknown.pem, try key.serializeAsPEM().pemString)] {
                let client = RawClient(port: port, authority: bench.authority, identity: identity)
                let answer = try await client.exchange(try post("/v1/agent/recover", try order()))
                #expect(answer.hasPrefix("HTTP/1.1 403") && answer.contains("/problems/agent-revoked"))
            }
        }
        // Revoked between the connection and the request.
        await #expect(throws: ServiceRefusal.self) { try await bench.enrolment.recover(try order(), agent: shown) }
    }

    @Test(
        "S4, S6: Answers that were lost do not lock an agent out for a day; a certificate with one a day newer never recovers"
    )
    func superseded() async throws {
        let bench = try CollectorBench(authorityAge: 400 * Self.day)
        defer { bench.remove() }
        let (id, _, oldest) = try await agent(bench, issued: 170)
        let (_, _, older) = try await agent(bench, issued: 130, id: id)
        _ = try await bench.enrolment.recover(try order(), agent: older)
        // The answers were lost: the same certificate once more, and again.
        _ = try await bench.enrolment.recover(try order(), agent: older)
        _ = try await bench.enrolment.recover(try order(), agent: older)
        let tomorrow = EnrolmentService(authority: bench.authority, store: bench.store) {
            SQLiteStore.wallTime().adding(seconds: Self.day + 60)
        }
        for agent in [oldest, older] {
            await #expect(throws: ServiceRefusal.self) { try await tomorrow.recover(try order(), agent: agent) }
        }
        let (other, _, first) = try await agent(bench, issued: 130)
        _ = try await agent(bench, issued: 60, id: other)
        let later = EnrolmentService(authority: bench.authority, store: bench.store) {
            SQLiteStore.wallTime().adding(seconds: Self.day + 60)
        }
        let error = await #expect(throws: ServiceRefusal.self) { try await later.recover(try order(), agent: first) }
        guard case .forbidden("certificate-superseded", _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("S4: Tries are counted with those of renewal")
    func counted() async throws {
        let bench = try CollectorBench(authorityAge: 400 * Self.day)
        defer { bench.remove() }
        let (_, _, shown) = try await agent(bench, issued: 100)
        for _ in 0..<3 { _ = try? await bench.enrolment.recover(try order(), agent: shown) }
        let error = await #expect(throws: ServiceRefusal.self) {
            try await bench.enrolment.recover(try order(), agent: shown)
        }
        guard case .busy = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    private func decode<Value: Decodable>(_ type: Value.Type, _ answer: String) throws -> Value {
        let parts = answer.split(separator: "\r\n\r\n", maxSplits: 1)
        try #require(parts.count == 2, "\(answer)")
        return try JSONDecoder().decode(type, from: Data(parts[1].utf8))
    }
}
