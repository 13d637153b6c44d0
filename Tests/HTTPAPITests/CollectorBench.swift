import Alarms
import CMDB
import CollectorServices
import Crypto
import FleetCA
import Foundation
import HTTPAPI
import Logging
import Model
import NIOCore
import SQLiteStores
import ServiceLifecycle
import Stores
import SwiftASN1
import Synchronization
import Testing
import Wire
import X509

/// Records what would be stored, so that tests see which agent a batch was taken from.
final class BatchRecorder: BatchAccepting {
    let taken = Mutex<[(agent: String, frames: Int)]>([])

    func accept(agent: String, batch: Batch) async throws -> AgentAnswer {
        taken.withLock { $0.append((agent, batch.frames.count)) }
        return AgentAnswer(
            epoch: batch.epoch, acknowledged: batch.frames.last?.sequence ?? 0, stored: batch.frames.count,
            duplicates: 0, refused: [], wants: [])
    }
}

/// A real store and CA in a directory of their own, with the services over them.
struct CollectorBench {
    let directory: String
    let authority: FleetAuthority
    let store: SQLiteStore
    let agents: AgentsService
    let enrolment: EnrolmentService
    let batches = BatchRecorder()
    let wants = WantsHub(run: "run")
    let policies: PolicyService

    /// A bench; its CA is `age` seconds old.
    init(authorityAge age: Int64 = 0) throws {
        directory = NSTemporaryDirectory() + "muster-api-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        authority = try FleetAuthority.create(in: directory, at: SQLiteStore.wallTime().adding(seconds: -age))
        store = try SQLiteStore(path: directory + "/muster.db")
        agents = AgentsService(store: store, now: SQLiteStore.wallTime)
        enrolment = EnrolmentService(
            authority: authority, store: store, enrolmentsPerMinute: 30, now: SQLiteStore.wallTime)
        policies = try PolicyService(
            store: store, directory: directory + "/policies", wants: wants, logger: Logger(label: "test"))
    }

    func remove() { try? FileManager.default.removeItem(atPath: directory) }

    var routes: RouteTable {
        AgentRoutes(enrolment: enrolment, ingest: batches, wants: wants, policies: policies).table
    }

    func secret() async throws -> String {
        try await agents.makeJoinSecret(seconds: 3600, note: "test", by: "test").0.text
    }

    /// A key with its request in PEM.
    static func request() throws -> (key: Certificate.PrivateKey, pem: String) {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let request = try CertificateSigningRequest(
            version: .v1, subject: DistinguishedName(), privateKey: key, attributes: .init(),
            signatureAlgorithm: .ecdsaWithSHA256)
        return (key, try request.serializeAsPEM().pemString)
    }

    func enrol(_ secret: String, from address: String = "192.0.2.1") async throws -> (CertificateAnswer, key: String) {
        let (key, request) = try Self.request()
        let answer = try await enrolment.enrol(
            EnrolRequest(secret: secret, request: request, hostname: "web", machineID: "m", version: "1"), from: address
        )
        return (answer, try key.serializeAsPEM().pemString)
    }

    /// The agent that shows this certificate, checked as a connection checks it.
    func verified(_ pem: String) throws -> VerifiedAgent {
        var serializer = DER.Serializer()
        try serializer.serialize(try Certificate(pemEncoded: pem))
        return try authority.agent(ofVerified: serializer.serializedBytes, at: SQLiteStore.wallTime())
    }

    func verified(_ answer: CertificateAnswer) throws -> VerifiedAgent { try verified(answer.certificate) }

    /// Runs the agents' port on a free port of loopback while `body` runs.
    func withAgentsPort(
        bodySeconds: Int = 30, limits: ConnectionLimits = .init(), identity: ServerIdentity? = nil,
        _ body: (Int) async throws -> Void
    ) async throws {
        let certificate = try authority.serverCertificate(
            in: directory, names: ["127.0.0.1"], at: SQLiteStore.wallTime())
        let listeners = TLSListeners(
            authority: authority, identity: identity ?? ServerIdentity(certificate), agents: agents,
            accounts: AccountsService(store: store, now: SQLiteStore.wallTime), counters: RequestMeters(),
            bodySeconds: bodySeconds, limits: (limits, limits), now: SQLiteStore.wallTime)
        let (ports, port) = AsyncStream<Int>.makeStream()
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let service = try listeners.agentsService(
            routes: routes, host: "127.0.0.1", port: 0, logger: quiet, onRunning: { port.yield($0) })
        try await run(service, ports, quiet, body)
    }

    /// Runs the API's port with sites of GLPI on a free port of loopback while `body` runs.
    func withAPIPort(sites: [GLPISite], _ body: (Int) async throws -> Void) async throws {
        let certificate = try authority.serverCertificate(
            in: directory, names: ["127.0.0.1"], at: SQLiteStore.wallTime())
        let listeners = TLSListeners(
            authority: authority, identity: ServerIdentity(certificate), agents: agents,
            accounts: AccountsService(store: store, now: SQLiteStore.wallTime), sites: GLPISites(sites),
            counters: RequestMeters(), now: SQLiteStore.wallTime)
        let (ports, port) = AsyncStream<Int>.makeStream()
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let service = try listeners.apiService(
            routes: RouteTable(try api(sites: true).all), host: "127.0.0.1", port: 0, logger: quiet,
            onRunning: { port.yield($0) })
        try await run(service, ports, quiet, body)
    }

    private func run(
        _ service: any Service, _ ports: AsyncStream<Int>, _ logger: Logger, _ body: (Int) async throws -> Void
    ) async throws {
        let group = ServiceGroup(configuration: .init(services: [service], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var iterator = ports.makeAsyncIterator()
            let port = try #require(await iterator.next())
            do {
                try await body(port)
            } catch {
                tasks.cancelAll()
                throw error
            }
            await group.triggerGracefulShutdown()
            tasks.cancelAll()
        }
    }
}
