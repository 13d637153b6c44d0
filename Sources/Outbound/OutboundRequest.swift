/// One HTTP request to one URL; redirects are answers, not followed.
public struct OutboundRequest: Sendable {
    /// The method's name on the wire.
    public enum Method: String, Sendable {
        /// Reads.
        case get = "GET"
        /// Reads without a body.
        case head = "HEAD"
        /// Hands over.
        case post = "POST"
        /// Puts in place.
        case put = "PUT"
        /// Changes in part.
        case patch = "PATCH"
        /// Removes.
        case delete = "DELETE"
    }

    /// `http://` or `https://`, without user and password.
    public var url: String
    /// The method.
    public var method: Method
    /// Header fields in order; a name may occur more than once.
    public var headers: [(name: String, value: String)]
    /// The body; nil for none, empty for a body of no bytes.
    public var body: [UInt8]?
    /// Whom to trust and who we are; ignored for `http://`.
    public var tls: TLSSettings
    /// How long and how much.
    public var limits: TransferLimits
    /// Which addresses may be connected to.
    public var addresses: AddressPolicy
    /// The path of a unix socket to use instead of the network; the URL's host is then only sent as `Host`.
    public var unixSocket: String?
    /// Whether it gets a connection of its own, which is not kept afterwards: who measures does not want what others left.
    public var isFresh: Bool

    /// A request.
    public init(
        _ method: Method = .get, url: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil,
        tls: TLSSettings = TLSSettings(), limits: TransferLimits = TransferLimits(),
        addresses: AddressPolicy = .any, unixSocket: String? = nil, isFresh: Bool = false
    ) {
        self.url = url
        self.method = method
        self.headers = headers
        self.body = body
        self.tls = tls
        self.limits = limits
        self.addresses = addresses
        self.unixSocket = unixSocket
        self.isFresh = isFresh
    }
}

/// How long one transfer may take and how much it may bring.
public struct TransferLimits: Hashable, Sendable {
    /// Until the connection stands, with name resolution and TLS.
    public var connect: Duration
    /// Until the answer is complete; a long poll needs more than its server waits.
    public var total: Duration
    /// Without a single byte in either direction, in whole seconds; nil for no such limit.
    public var stall: Duration?
    /// Bytes of the answer's body; more end the transfer with an error.
    public var responseBytes: Int

    /// Limits.
    public init(
        connect: Duration = .seconds(10), total: Duration = .seconds(30), stall: Duration? = nil,
        responseBytes: Int = 1 << 20
    ) {
        self.connect = connect
        self.total = total
        self.stall = stall
        self.responseBytes = responseBytes
    }
}

/// Whom a TLS connection trusts and how it names itself. TLS 1.2 is the least; verification cannot be switched off.
public struct TLSSettings: Hashable, Sendable {
    /// Which authorities may have signed the peer's certificate.
    public enum Trust: Hashable, Sendable {
        /// Those of the operating system.
        case system
        /// Only those in a PEM file.
        case file(String)
        /// Only those in a PEM text.
        case pem([UInt8])
    }

    /// The client certificate, with its key.
    public enum Identity: Hashable, Sendable {
        /// No client certificate.
        case anonymous
        /// PEM files, read by each new connection; the certificate's file may hold its chain.
        case files(certificate: String, key: String)
        /// PEM texts.
        case pem(certificate: [UInt8], key: [UInt8])
    }

    /// Whom to trust.
    public var trust: Trust
    /// Who we are.
    public var identity: Identity

    /// Settings.
    public init(trust: Trust = .system, identity: Identity = .anonymous) {
        self.trust = trust
        self.identity = identity
    }
}
