import Model

/// `POST /v1/agent/enrol`: the only agents' route without a client certificate.
public struct EnrolRequest: Hashable, Sendable, Codable {
    /// The token's secret.
    public var secret: String
    /// PKCS #10 request in PEM, made on the host; the names in it are ignored (threats M18).
    public var request: String
    /// The host's own name: shown, never trusted.
    public var hostname: String
    /// The machine id: evidence, never identity.
    public var machineID: String
    /// The agent's version.
    public var version: String

    /// A request.
    public init(secret: String, request: String, hostname: String, machineID: String, version: String) {
        self.secret = secret
        self.request = request
        self.hostname = hostname
        self.machineID = machineID
        self.version = version
    }
}

/// `POST /v1/agent/renew`: sent with the certificate that is about to end.
public struct RenewRequest: Hashable, Sendable, Codable {
    /// PKCS #10 request in PEM over a new key.
    public var request: String
    /// The agent's generation number.
    public var generation: UInt64

    /// A request.
    public init(request: String, generation: UInt64) {
        self.request = request
        self.generation = generation
    }
}

/// The answer to enrolment and renewal.
public struct CertificateAnswer: Hashable, Sendable, Codable {
    /// The agent's identity, as it stands in the certificate's subject: `agent-` and 32 hexadecimal digits.
    public var agentID: String
    /// The agent's certificate in PEM.
    public var certificate: String
    /// The fleet CA's certificate in PEM.
    public var authority: String
    /// When the certificate ends.
    public var notAfter: Timestamp
    /// The agent asks for a new one after this moment (two thirds of life).
    public var renewAfter: Timestamp

    /// An answer.
    public init(
        agentID: String, certificate: String, authority: String, notAfter: Timestamp, renewAfter: Timestamp
    ) {
        self.agentID = agentID
        self.certificate = certificate
        self.authority = authority
        self.notAfter = notAfter
        self.renewAfter = renewAfter
    }
}

/// RFC 9457 problem details: every refusal of the API has this shape and media type `application/problem+json`.
public struct ProblemDetails: Error, Hashable, Sendable, Codable {
    /// A stable name of the problem: `/problems/token-used`.
    public var type: String
    /// The kind of problem in a few words.
    public var title: String
    /// HTTP status.
    public var status: Int
    /// What failed here and what to do, in one line without a secret.
    public var detail: String

    /// A problem.
    public init(type: String, title: String, status: Int, detail: String) {
        self.type = type
        self.title = title
        self.status = status
        self.detail = detail
    }
}
