import Glibc
import Logging
import Model
import ServiceLifecycle
import Wire

/// Asks for the next certificate at two thirds of life, with a new key; the old pair is used until the new one was
/// accepted once, and kept beside it after that (fault S6).
struct RenewalService: Service {
    let state: StateDirectory
    let transport: OutboundTransport
    let log: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var backoff = Backoff(cap: .seconds(3600))
            while !Task.isCancelled {
                let wait = await renewIfDue() ? Duration.seconds(60) : backoff.next()
                if wait == .seconds(60) { backoff.reset() }
                try? await Task.sleep(for: wait)
            }
        }
    }

    /// False when it was due and failed.
    private func renewIfDue() async -> Bool {
        do {
            let identity = try AgentIdentity.load(state)
            let now = Timestamp.now
            guard now > identity.record.renewAfter || now >= identity.certificate.notAfter else { return true }
            try await renew(identity)
            return true
        } catch {
            log.error("renewal of the certificate: \(error)")
            return false
        }
    }

    private func renew(_ identity: AgentIdentity) async throws {
        guard let key = PrivateKey(), let request = key.certificateRequest() else { throw EnrolmentError.noKey }
        try DurableFile.replace(state.pendingKey, with: key.pem)
        let answer = try await next(RenewRequest(request: request, generation: identity.record.generation), identity)
        guard let certificate = Certificate(Array(answer.certificate.utf8)), certificate.matches(key),
            certificate.isSigned(by: identity.authority), certificate.commonName == identity.record.agentID
        else { throw EnrolmentError.collector("the new certificate does not fit the request; the old one stays") }
        try DurableFile.replace(state.pendingCertificate, with: certificate.bytes)
        try await confirm(identity, key: key, certificate: certificate)
        try exchange(identity, key: key, certificate: certificate, renewAfter: answer.renewAfter)
        log.notice("the certificate was renewed until \(certificate.notAfter.rfc3339)")
    }

    /// Renewal, or recovery where the certificate has ended by the clock of this host or of the collector (fault S4).
    private func next(_ request: RenewRequest, _ identity: AgentIdentity) async throws(CollectorError)
        -> CertificateAnswer
    {
        let client = CollectorClient(transport: transport)
        guard Timestamp.now < identity.certificate.notAfter else { return try await client.recover(request) }
        do throws(CollectorError) { return try await client.renew(request) } catch {
            guard case .refused(let problem, _) = error, problem.type == "/problems/certificate-expired" else {
                throw error
            }
            return try await client.recover(request)
        }
    }

    /// One request with the new pair; when it fails the old pair is shown again.
    private func confirm(_ identity: AgentIdentity, key: PrivateKey, certificate: Certificate) async throws {
        let authority = identity.authority.bytes
        transport.use(OutboundTransport.Credential(authority: authority, identity: (certificate.bytes, key.pem)))
        do {
            let request = CollectorRequest(method: .get, path: "/v1/agent/wants?wait_seconds=0")
            let response = try await transport.exchange(request)
            guard response.status == 200 else {
                throw CollectorError.notAnAnswer(status: response.status, mediaType: response.mediaType)
            }
        } catch {
            transport.use(
                OutboundTransport.Credential(
                    authority: authority, identity: (identity.certificate.bytes, identity.key.pem)))
            throw error
        }
    }

    /// Puts the new pair in place. Killed between the steps, ``RenewalRecovery`` puts a matching pair back.
    private func exchange(
        _ identity: AgentIdentity, key: PrivateKey, certificate: Certificate, renewAfter: Timestamp
    ) throws {
        try DurableFile.replace(state.previousKey, with: identity.key.pem)
        try DurableFile.replace(state.previousCertificate, with: identity.certificate.bytes)
        try DurableFile.replace(state.key, with: key.pem)
        try DurableFile.replace(state.certificate, with: certificate.bytes)
        var record = identity.record
        record.renewAfter = renewAfter
        try record.save(state.agent)
        unlink(state.pendingKey)
        unlink(state.pendingCertificate)
    }
}

/// Repairs a renewal that was cut short between its files.
enum RenewalRecovery {
    /// Makes key and certificate a pair again from the previous or pending ones; returns what was done, in words.
    static func repair(_ state: StateDirectory) throws(FileError) -> String? {
        if access(state.key, F_OK) != 0, let pending = try? DurableFile.read(state.pendingKey),
            let key = PrivateKey(pem: pending), let bytes = try? DurableFile.read(state.certificate),
            let certificate = Certificate(bytes), certificate.matches(key), access(state.agent, F_OK) == 0
        {
            try DurableFile.replace(state.key, with: pending)
            return "an enrolment that was cut short has been completed"
        }
        guard let certificateBytes = try? DurableFile.read(state.certificate),
            let keyBytes = try? DurableFile.read(state.key), let certificate = Certificate(certificateBytes),
            let key = PrivateKey(pem: keyBytes), !certificate.matches(key)
        else { return nil }
        if let pending = try? DurableFile.read(state.pendingCertificate), let next = Certificate(pending),
            next.matches(key)
        {
            try DurableFile.replace(state.certificate, with: pending)
            return "a renewal that was cut short has been completed"
        }
        if let previous = try? DurableFile.read(state.previousKey), let old = PrivateKey(pem: previous),
            certificate.matches(old)
        {
            try DurableFile.replace(state.key, with: previous)
            return "a renewal that was cut short has been taken back"
        }
        return nil
    }
}
