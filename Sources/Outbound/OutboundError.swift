/// Why a transfer brought no answer.
public struct OutboundError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What failed.
    public enum Kind: String, Hashable, Sendable {
        /// The request itself cannot be sent: its reason says what to correct.
        case badRequest = "request refused"
        /// The host's name has no address.
        case resolution = "name not resolved"
        /// Nobody listens there, or the way there is closed.
        case connection = "not connected"
        /// The address is one this request may not connect to.
        case addressRefused = "address refused"
        /// TLS failed: the peer's certificate, its name, or no common version.
        case tls = "TLS failed"
        /// Our own certificate, key or authority file cannot be used.
        case credentials = "certificate, key or CA unusable"
        /// One of the limits of time ran out.
        case timeout = "timed out"
        /// The answer is larger than the request allows.
        case tooLarge = "answer too large"
        /// The server refused our user or password.
        case login = "login refused"
        /// The peer closed or broke the protocol.
        case broken = "connection broken"
        /// The task was cancelled.
        case cancelled = "cancelled"
        /// The client has been closed.
        case closed = "client closed"
    }

    /// What failed.
    public var kind: Kind
    /// Scheme, host and port; path and query are left out because they may hold secrets.
    public var target: String
    /// The cause in the library's words; may be empty.
    public var reason: String
    /// The status that a mail server answered last; 0 without one.
    public var status: Int

    /// An error.
    public init(_ kind: Kind, target: String, reason: String = "", status: Int = 0) {
        self.kind = kind
        self.target = printable(target)
        self.reason = printable(reason)
        self.status = status
    }

    /// One line: `https://host:7601: TLS failed: …`.
    public var description: String {
        target + ": " + kind.rawValue + (reason.isEmpty ? "" : ": " + reason) + (status > 0 ? " (\(status))" : "")
    }
}

/// Foreign text with control bytes escaped, cut at 300 scalars.
func printable(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars.prefix(300) {
        if scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) {
            result += "\\u{" + String(scalar.value, radix: 16) + "}"
        } else {
            result.unicodeScalars.append(scalar)
        }
    }
    return result
}
