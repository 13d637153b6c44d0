import Model

/// Why a device could not be read, with the check that failed named.
public enum SNMPError: Error, Hashable, Sendable {
    /// No answer in the time given. `portClosed` when the device's host said that nothing listens there.
    case noAnswer(address: IPAddress, port: UInt16, tries: Int, portClosed: Bool)
    /// The system cannot send there; `code` is errno.
    case unreachable(address: IPAddress, code: Int32)
    /// A TCP connection ended before the answer.
    case disconnected(address: IPAddress)
    /// The credential could not be right for any device; the text says what is wrong with it.
    case badCredential(String)
    /// None of several credentials was taken; a line for each, without secrets.
    case credentialsRefused([String])
    /// SNMPv3: the device knows no user of that name.
    case unknownUser(String)
    /// SNMPv3: the device refuses the signature.
    case wrongAuthenticationKey(user: String)
    /// SNMPv3: the signature is right, the encryption is not: wrong passphrase or the other AES-256 variant.
    case wrongPrivacyKey(user: String)
    /// SNMPv3: the device does not have this user at this security level.
    case unsupportedSecurityLevel(user: String)
    /// SNMPv3: the device's clock refused the message twice.
    case notInTimeWindow
    /// SNMPv3: the device has no such context.
    case unknownContext(String)
    /// SNMPv3: the device does not tell a usable engine id (5 to 32 bytes).
    case badEngineID
    /// SNMPv3: another device that is being read has the same engine id, and did not finish in time.
    case engineIDShared
    /// The device answered with an SNMP error (RFC 3416 §3), on the given object where it named one.
    case errorStatus(Int, OID?)
    /// The device answers with an empty list, so nothing moves.
    case emptyAnswer
    /// A walk's answer did not come after what was asked for; going on might never end.
    case notIncreasing(OID)
    /// More rows, or more bytes, than the limits allow.
    case limit
    /// The operation's deadline passed.
    case deadline
    /// The task was cancelled or the client closed.
    case cancelled
    /// The system or the library could not start; the text says what.
    case library(String)
}

extension SNMPError: CustomStringConvertible {
    /// One line: what failed and what to do.
    public var description: String {
        switch self {
        case .noAnswer(let address, let port, let tries, let portClosed):
            portClosed
                ? "\(address) port \(port): nothing listens there; is its SNMP agent running?"
                : "\(address) port \(port): no answer to \(tries) requests; check address, community and access lists"
        case .unreachable(let address, let code): "\(address): cannot be reached (errno \(code)); check the route"
        case .disconnected(let address): "\(address): the connection ended before the answer"
        case .badCredential(let flaw): "credential: \(flaw)"
        case .credentialsRefused(let lines): "no credential is taken: " + lines.joined(separator: "; ")
        case .unknownUser(let user): "SNMPv3: the device has no user \(user)"
        case .wrongAuthenticationKey(let user):
            "SNMPv3: wrong authentication passphrase or protocol for user \(user)"
        case .wrongPrivacyKey(let user):
            "SNMPv3: user \(user) is right, but not the privacy passphrase or protocol (AES-256 has two variants)"
        case .unsupportedSecurityLevel(let user): "SNMPv3: the device does not have user \(user) at this level"
        case .notInTimeWindow: "SNMPv3: the device refuses our time; its clock or boot count is unstable"
        case .unknownContext(let context): "SNMPv3: the device has no context \"\(context)\""
        case .badEngineID: "SNMPv3: the device does not tell a usable engine id"
        case .engineIDShared: "SNMPv3: another device with the same engine id is being read; give them different ids"
        case .errorStatus(let status, let oid):
            "the device answers \(SNMPError.statusName(status))" + (oid.map { " on \($0)" } ?? "")
        case .emptyAnswer: "the device answers with an empty list"
        case .notIncreasing(let oid): "the device's answers go backwards at \(oid); the walk was ended"
        case .limit: "the answer is larger than the limits allow"
        case .deadline: "not finished in time"
        case .cancelled: "cancelled"
        case .library(let text): "SNMP library: \(text)"
        }
    }

    /// The name of an error-status (RFC 3416 §3).
    static func statusName(_ status: Int) -> String {
        let names = [
            "noError", "tooBig", "noSuchName", "badValue", "readOnly", "genErr", "noAccess", "wrongType",
            "wrongLength", "wrongEncoding", "wrongValue", "noCreation", "inconsistentValue", "resourceUnavailable",
            "commitFailed", "undoFailed", "authorizationError", "notWritable", "inconsistentName",
        ]
        return names.indices.contains(status) ? names[status] : "error \(status)"
    }
}
