import FleetCA
import Model
import Stores
import Wire

/// How agents get, renew and lose their identity.
public struct EnrolmentService: Sendable {
    private let authority: FleetAuthority
    private let store: any AgentReading & ChangeCommitting
    private let now: @Sendable () -> Timestamp
    private let certificateSeconds: Int64
    private let enrolments: AttemptLimit
    private let renewals: AttemptLimit

    /// A service over a CA and a store; agents' certificates live `certificateSeconds`; `now` is the collector's wall
    /// clock.
    public init(
        authority: FleetAuthority, store: any AgentReading & ChangeCommitting,
        enrolmentsPerMinute: Int = 20, certificateSeconds: Int64 = FleetAuthority.agentSeconds,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.certificateSeconds = certificateSeconds
        self.authority = authority
        self.store = store
        self.now = now
        enrolments = AttemptLimit(perMinute: enrolmentsPerMinute)
        renewals = AttemptLimit(perMinute: 3)
    }

    /// A new agent with the certificate over the key in its request. The token's use, the agent and the certificate are
    /// one commit, so of two requests with one token one wins. `address` is only counted and audited.
    public func enrol(_ request: EnrolRequest, from address: String) async throws -> CertificateAnswer {
        let moment = now()
        if let wait = enrolments.attempt(by: address, at: moment) {
            throw ServiceRefusal.busy(seconds: wait, "too many enrolments from \(address); wait \(wait) seconds")
        }
        try Self.check(request)
        let hash = Secret.hash(of: request.secret)
        try await checkToken(hash, from: address, at: moment)
        let agent = try FleetAuthority.newAgentID()
        let certificate = try issue(request.request, agent: agent, at: moment)
        var set = ChangeSet()
        set.agents = [
            .useToken(hash: hash, agent: agent),
            .addAgent(id: agent, hostname: request.hostname, machineID: request.machineID, version: request.version),
            .addCertificate(serial: certificate.serial, agent: agent, notAfter: certificate.notAfter),
            .audit(who: agent, action: "agent.enrol", target: agent, detail: "\(request.hostname) from \(address)"),
        ]
        do {
            _ = try await store.commit(set)
        } catch StoreError.conflict {
            throw ServiceRefusal.forbidden(name: "token-used", "the join token was used already; make a new one")
        }
        return answer(certificate)
    }

    /// A certificate over a new key for an agent that showed a valid one. The old one stays valid until it ends, so a
    /// lost answer locks nobody out.
    public func renew(_ request: RenewRequest, agent: VerifiedAgent) async throws -> CertificateAnswer {
        let moment = now()
        if let wait = renewals.attempt(by: agent.id, at: moment) {
            throw ServiceRefusal.busy(seconds: wait, "too many renewals of \(agent.id); wait \(wait) seconds")
        }
        guard try await store.isAccepted(serial: agent.serial, agent: agent.id) else {
            throw ServiceRefusal.forbidden(
                name: "agent-revoked", "\(agent.id) is revoked or its certificate is not known here; enrol it again")
        }
        let certificate = try issue(request.request, agent: agent.id, at: moment)
        var set = ChangeSet()
        set.agents = [
            .addCertificate(serial: certificate.serial, agent: agent.id, notAfter: certificate.notAfter),
            .audit(
                who: agent.id, action: "agent.renew", target: agent.id,
                detail: "serial \(agent.serial) to \(certificate.serial)"),
        ]
        _ = try await store.commit(set)
        return answer(certificate)
    }

    private func issue(_ request: String, agent: String, at moment: Timestamp) throws -> AgentCertificate {
        do {
            return try authority.issue(request: request, agent: agent, at: moment, seconds: certificateSeconds)
        } catch let error as FleetCAError {
            if case .request = error { throw ServiceRefusal.invalid(error.description) }
            throw error
        }
    }

    private func answer(_ certificate: AgentCertificate) -> CertificateAnswer {
        CertificateAnswer(
            agentID: certificate.agent, certificate: certificate.pem, authority: authority.pem,
            notAfter: certificate.notAfter, renewAfter: certificate.renewAfter)
    }

    private func checkToken(_ hash: String, from address: String, at moment: Timestamp) async throws {
        let problem = try await store.tokenProblem(hash: hash, at: moment)
        if let problem, problem.isEmpty { return }
        let reason = problem ?? "it is not known here"
        var set = ChangeSet()
        set.agents = [
            .audit(who: address, action: "agent.enrol-refused", target: "", detail: "join token: \(reason)")
        ]
        _ = try await store.commit(set)
        throw ServiceRefusal.forbidden(
            name: problem == nil ? "token-unknown" : "token-used",
            "the join token does not hold: \(reason); make a new one")
    }

    private static func check(_ request: EnrolRequest) throws {
        let fields = [
            ("secret", request.secret, 32...512), ("hostname", request.hostname, 1...255),
            ("machineID", request.machineID, 0...255), ("version", request.version, 1...255),
        ]
        for (name, text, sizes) in fields where !sizes.contains(text.utf8.count) {
            throw ServiceRefusal.invalid(
                "\(name) has \(text.utf8.count) bytes; write \(sizes.lowerBound) to \(sizes.upperBound)")
        }
    }
}
