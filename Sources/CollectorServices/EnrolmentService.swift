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
    private let recoverSeconds: Int64
    private let enrolments: AttemptLimit
    private let renewals: AttemptLimit

    /// How long after its end a certificate may still be exchanged for the next one, unless the configuration says otherwise.
    public static let recoverSeconds: Int64 = 90 * 86_400
    /// How long ago a newer certificate may have been issued: the answer with it may have been lost on its way.
    static let supersededSeconds: Int64 = 86_400
    /// How many certificates of an agent are looked at: more than it can ask for within that time while it backs off.
    static let certificatesKept = 1000

    /// A service over a CA and a store; agents' certificates live `certificateSeconds`, and may be exchanged for the next one for
    /// `recoverSeconds` after that; `now` is the collector's wall clock.
    public init(
        authority: FleetAuthority, store: any AgentReading & ChangeCommitting,
        enrolmentsPerMinute: Int = 20, certificateSeconds: Int64 = FleetAuthority.agentSeconds,
        recoverSeconds: Int64 = EnrolmentService.recoverSeconds,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.certificateSeconds = certificateSeconds
        self.recoverSeconds = recoverSeconds
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
        if let wait = enrolments.attempt(by: IPAddress.peer(of: address), at: moment) {
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
            .audit(
                who: agent, action: "agent.enrol", target: agent,
                detail: "\(request.hostname), enrolled from \(address)"),
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
        try await checkRenewal(of: agent, at: moment)
        return try await exchange(request, agent, action: "agent.renew", at: moment)
    }

    /// A certificate over a new key for an agent that was away until its own had ended. None that was issued to the agent after
    /// it may be older than a day, and it must not have ended for too long (threats S4).
    public func recover(_ request: RenewRequest, agent: VerifiedAgent) async throws -> CertificateAnswer {
        let moment = now()
        try await checkRenewal(of: agent, at: moment)
        guard moment.milliseconds(since: agent.notAfter) <= recoverSeconds * 1000 else {
            throw ServiceRefusal.forbidden(
                name: "certificate-expired",
                "the certificate of \(agent.id) ended at \(agent.notAfter.rfc3339), too long ago to recover (recover_within); run seal on its host, then enrol it with a new token"
            )
        }
        let issued = try await store.newestCertificates(of: agent.id, limit: Self.certificatesKept)
        let newer = issued.prefix { $0.serial != agent.serial }
        guard newer.count < issued.count,
            newer.allSatisfy({ moment.milliseconds(since: $0.issuedAt) / 1000 < Self.supersededSeconds })
        else {
            throw ServiceRefusal.forbidden(
                name: "certificate-superseded",
                "\(agent.id) has had a newer certificate for more than a day; is this host a copy of another? Run seal on it, then enrol it with a new token"
            )
        }
        return try await exchange(request, agent, action: "agent.recover", at: moment)
    }

    private func checkRenewal(of agent: VerifiedAgent, at moment: Timestamp) async throws {
        if let wait = renewals.attempt(by: agent.id, at: moment) {
            throw ServiceRefusal.busy(seconds: wait, "too many renewals of \(agent.id); wait \(wait) seconds")
        }
        guard try await store.isAccepted(serial: agent.serial, agent: agent.id) else {
            throw ServiceRefusal.forbidden(
                name: "agent-revoked", "\(agent.id) is revoked or its certificate is not known here; enrol it again")
        }
    }

    private func exchange(
        _ request: RenewRequest, _ agent: VerifiedAgent, action: String, at moment: Timestamp
    ) async throws -> CertificateAnswer {
        let certificate = try issue(request.request, agent: agent.id, at: moment)
        var set = ChangeSet()
        set.agents = [
            .addCertificate(serial: certificate.serial, agent: agent.id, notAfter: certificate.notAfter),
            .audit(
                who: agent.id, action: action, target: agent.id,
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
