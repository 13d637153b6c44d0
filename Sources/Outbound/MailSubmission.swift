/// One message handed to a mail server over SMTP (RFC 5321).
public struct MailSubmission: Sendable {
    /// How the connection to the server is protected.
    public enum Security: String, Sendable, CaseIterable {
        /// TLS from the first byte (`smtps`, usually port 465).
        case tls
        /// STARTTLS, and no mail without it (usually port 587 or 25).
        case startTLS = "starttls"
        /// None; refused together with a password.
        case none
    }

    /// Name or address of the server.
    public var host: String
    /// Its port.
    public var port: Int
    /// How the connection is protected.
    public var security: Security
    /// Whom to trust.
    public var tls: TLSSettings
    /// User and password; nil where the server wants none.
    public var login: (user: String, password: String)?
    /// What we call ourselves in EHLO.
    public var localName: String
    /// Envelope sender.
    public var from: String
    /// Envelope recipients, at least one.
    public var recipients: [String]
    /// The message, header and body, lines ended by CR LF; dots need no doubling.
    public var message: [UInt8]
    /// How long.
    public var limits: TransferLimits

    /// A message for a server.
    public init(
        host: String, port: Int, security: Security, tls: TLSSettings = TLSSettings(),
        login: (user: String, password: String)? = nil, localName: String = "localhost", from: String,
        recipients: [String], message: [UInt8], limits: TransferLimits = TransferLimits()
    ) {
        self.host = host
        self.port = port
        self.security = security
        self.tls = tls
        self.login = login
        self.localName = localName
        self.from = from
        self.recipients = recipients
        self.message = message
        self.limits = limits
    }

    var target: String { (security == .tls ? "smtps://" : "smtp://") + authority(host: host, port: port) }

    func check() throws(OutboundError) {
        func refuse(_ reason: String) -> OutboundError { OutboundError(.badRequest, target: target, reason: reason) }
        guard RequestGuard.isHost(host), (1...65535).contains(port) else { throw refuse("no valid host and port") }
        guard RequestGuard.isHost(localName) else { throw refuse("the local name is no host name") }
        guard RequestGuard.isEnvelopeAddress(from), !recipients.isEmpty,
            recipients.allSatisfy(RequestGuard.isEnvelopeAddress)
        else { throw refuse("sender and recipients must be plain mail addresses, at least one recipient") }
        guard login == nil || security != .none else { throw refuse("a password needs TLS or STARTTLS") }
        if let login, (login.user + login.password).utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) {
            throw refuse("user or password has a control byte")
        }
    }
}

/// `host:port`, an IPv6 address in brackets.
func authority(host: String, port: Int) -> String {
    host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
}
