import CollectorServices
import FleetCA
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import Model
import NIOCore
import NIOSSL
import ServiceLifecycle
import Wire

/// The two ports: 7601 for agents with mutual TLS, 7600 for people and programs with bearer tokens.
public struct TLSListeners: Sendable {
    private let authority: FleetAuthority
    private let identity: ServerIdentity
    private let agents: AgentsService
    private let accounts: AccountsService
    private let sites: GLPISites
    private let counters: RequestMeters
    private let now: @Sendable () -> Timestamp
    private let bodySeconds: Int
    private let limits: (agents: ConnectionLimits, api: ConnectionLimits)

    /// Listeners that show the certificate of `identity` and ask `agents` and `sites` about callers; a body may take `bodySeconds` to
    /// arrive.
    public init(
        authority: FleetAuthority, identity: ServerIdentity, agents: AgentsService, accounts: AccountsService,
        sites: GLPISites = GLPISites(), counters: RequestMeters, bodySeconds: Int = 30,
        limits: (agents: ConnectionLimits, api: ConnectionLimits) = (.init(), .init()),
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.limits = limits
        self.bodySeconds = bodySeconds
        self.authority = authority
        self.identity = identity
        self.agents = agents
        self.accounts = accounts
        self.sites = sites
        self.counters = counters
        self.now = now
    }

    /// The agents' port. The client certificate is optional to TLS, because enrolment has none; the routes demand it.
    /// One that is shown must pass every check, or the handshake fails and the log names the check; one that has ended passes, and
    /// one route is open to it.
    public func agentsService(
        routes: RouteTable, host: String, port: Int, logger: Logger,
        onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) throws -> any Service {
        let contexts = try TLSContexts(identity) { [authority] certificate in
            var tls = try Self.configuration(certificate, authority)
            tls.certificateVerification = .optionalVerification
            tls.trustRoots = .certificates([try NIOSSLCertificate(bytes: authority.der, format: .der)])
            return tls
        }
        let registry = ConnectionRegistry(listener: "agents", limits: limits.agents, logger: logger)
        let listener = Listener(
            name: "agents", routes: routes, counters: counters, bodySeconds: bodySeconds, registry: registry
        ) {
            [authority, agents, now] _, context in
            guard let shown = try await context.channel.nioSSL_peerCertificate().get() else { return .nobody(.absent) }
            do throws(CertificateProblem) {
                return try await Self.caller((try? shown.toDERBytes()) ?? [], authority, agents, at: now())
            } catch {
                return .nobody(error)
            }
        }
        return listener.service(
            server: .renewedTLS(
                Listener.channelConfiguration(registry), contexts: contexts, verification: verification(logger)),
            bind: .hostname(host, port: port), logger: logger,
            onRunning: { await onRunning($0.localAddress?.port ?? port) })
    }

    /// The API's port.
    public func apiService(
        routes: RouteTable, host: String, port: Int, logger: Logger,
        onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) throws -> any Service {
        let attempts = AttemptLimit(perMinute: 30)
        let registry = ConnectionRegistry(listener: "api", limits: limits.api, logger: logger)
        let listener = Listener(
            name: "api", routes: routes, counters: counters, bodySeconds: bodySeconds, registry: registry
        ) {
            [agents, accounts, sites, now] fields, context in
            guard let header = fields[.authorization] else {
                return try await Self.person(RequestFields(fields), accounts) ?? .nobody(.absent)
            }
            if !sites.isEmpty, GLPISites.isBasic(header) {
                return try Self.site(header, sites, attempts, from: context.address, at: now())
            }
            let secret = header.hasPrefix("Bearer ") ? String(header.dropFirst(7)) : ""
            if let bearer = try await agents.bearer(of: secret) {
                return .account(name: bearer.name, scope: bearer.scope)
            }
            if let wait = attempts.attempt(by: IPAddress.peer(of: context.address), at: now()) {
                throw ServiceRefusal.busy(seconds: wait, "too many refused tokens from here; wait \(wait) seconds")
            }
            throw ProblemDetails.tokenRefused
        }
        return listener.service(
            server: .renewedTLS(
                Listener.channelConfiguration(registry),
                contexts: try TLSContexts(identity) { [authority] in try Self.configuration($0, authority) }),
            bind: .hostname(host, port: port), logger: logger,
            onRunning: { await onRunning($0.localAddress?.port ?? port) })
    }

    /// Attempts that fail are counted together with those at tokens. A right secret is let in however many failed: behind one address
    /// there may be a whole site, and a secret of 128 bits is not guessed.
    private static func site(
        _ header: String, _ sites: GLPISites, _ attempts: AttemptLimit, from address: String, at now: Timestamp
    ) throws -> Caller {
        do throws(GLPISecretError) {
            if let site = try sites.site(authorization: header) { return .site(site) }
        } catch {
            throw ProblemDetails(
                "site-closed", 503, "Site closed",
                "the secret of this site cannot be read; the collector's check-config says why")
        }
        if let wait = attempts.attempt(by: IPAddress.peer(of: address), at: now) {
            throw ServiceRefusal.busy(seconds: wait, "too many refused secrets from here; wait \(wait) seconds")
        }
        throw ProblemDetails.siteSecretRefused
    }

    private func verification(_ logger: Logger) -> TLSContexts.Verification {
        let lines = RefusalLines()
        return { [authority, now] chain, promise in
            promise.completeWithTask {
                do {
                    try await authority.verifyEvenEnded(try chain.map { try $0.toDERBytes() }, at: now())
                    return .certificateVerified
                } catch {
                    lines.write(
                        logger, .warning, "client certificate refused", ["reason": "\(oneLine("\(error)"))"])
                    return .failed
                }
            }
        }
    }

    private static func person(_ fields: RequestFields, _ accounts: AccountsService) async throws -> Caller? {
        guard let secret = fields.cookie(SignedInPerson.cookie), let session = try await accounts.session(of: secret)
        else { return nil }
        return .person(SignedInPerson(user: session.user, secret: secret))
    }

    /// Who shows a certificate that passed the handshake; it may have ended since, or before.
    private static func caller(
        _ der: [UInt8], _ authority: FleetAuthority, _ agents: AgentsService, at now: Timestamp
    ) async throws(CertificateProblem) -> Caller {
        do {
            return .agent(try await accepted(try authority.agent(ofVerified: der, at: now), agents))
        } catch {
            guard case .expired(let end) = error else { throw error }
            return .ended(try await accepted(try authority.agent(ofVerified: der, at: end), agents))
        }
    }

    private static func accepted(
        _ agent: VerifiedAgent, _ agents: AgentsService
    ) async throws(CertificateProblem) -> VerifiedAgent {
        let isAccepted: Bool
        do { isAccepted = try await agents.accepts(agent) } catch {
            throw .chain("the store does not answer: \(error)")
        }
        guard isAccepted else { throw .revoked }
        return agent
    }

    /// The chain includes the CA, so that an agent can find it by its digest before its secret leaves the host.
    private static func configuration(
        _ certificate: ServerCertificate, _ authority: FleetAuthority
    ) throws -> TLSConfiguration {
        let chain = try NIOSSLCertificate.fromPEMBytes(Array((certificate.certificatePEM + authority.pem).utf8))
        let key = try NIOSSLPrivateKey(bytes: Array(certificate.keyPEM.utf8), format: .pem)
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        tls.minimumTLSVersion = .tlsv12
        return tls
    }
}
