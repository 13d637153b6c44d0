import Glibc
import Model

/// Why the agent has no identity it could use: one line, and never a new identity by itself (fault A8).
public enum IdentityError: Error, Hashable, CustomStringConvertible {
    /// A file cannot be used.
    case file(FileError)
    /// Nothing of an identity is there.
    case notEnrolled(directory: String)
    /// It is enrolled already.
    case enrolled(agentID: String, directory: String)
    /// A file holds something else.
    case content(path: String, reason: String)

    /// What, where, what to do.
    public var description: String {
        switch self {
        case .file(let error): error.description
        case .notEnrolled(let directory):
            "\(directory): this host is not enrolled; make a token with muster-collector token on the collector, then run here: "
                + "muster-agent enrol --token-file FILE"
        case .enrolled(let agentID, let directory):
            "\(directory): this host is enrolled already as \(agentID); run muster-agent seal first to give it up"
        case .content(let path, let reason): "\(path): \(reason)"
        }
    }
}

/// The agent's key, certificate and fleet CA, checked against each other.
struct AgentIdentity {
    var record: AgentRecord
    var key: PrivateKey
    var certificate: Certificate
    var authority: Certificate

    /// Loads and checks everything; every file that is missing, empty, loose or wrong is named.
    static func load(_ state: StateDirectory) throws(IdentityError) -> AgentIdentity {
        guard hasAnything(state) else { throw .notEnrolled(directory: state.path) }
        do throws(FileError) {
            try FileGuard.directory(state.path)
            let record = try AgentRecord.load(state.agent)
            try FileGuard.file(state.key, secret: true)
            let keyBytes = try content(state.key)
            let certificateBytes = try content(state.certificate)
            let authorityBytes = try content(state.authority)
            guard let key = PrivateKey(pem: keyBytes) else {
                throw FileError.damaged(path: state.key, reason: "holds no private key in PEM; restore it")
            }
            guard let certificate = Certificate(certificateBytes) else {
                throw FileError.damaged(path: state.certificate, reason: "holds no certificate in PEM; restore it")
            }
            guard let authority = Certificate(authorityBytes) else {
                throw FileError.damaged(path: state.authority, reason: "holds no certificate in PEM; restore it")
            }
            let identity = AgentIdentity(
                record: record, key: key, certificate: certificate, authority: authority)
            try identity.check(state)
            return identity
        } catch {
            throw .file(error)
        }
    }

    /// Whether any file of an identity is there.
    static func hasAnything(_ state: StateDirectory) -> Bool {
        [state.key, state.certificate, state.agent].contains { (path: String) -> Bool in access(path, F_OK) == 0 }
    }

    private func check(_ state: StateDirectory) throws(FileError) {
        guard certificate.matches(key) else {
            throw .damaged(path: state.certificate, reason: "does not belong to \(state.key); restore the pair")
        }
        guard certificate.isSigned(by: authority) else {
            throw .damaged(path: state.certificate, reason: "is not signed by \(state.authority); restore the pair")
        }
        guard certificate.commonName == record.agentID else {
            throw .damaged(
                path: state.certificate,
                reason: "is for another agent than \(state.agent) says; restore the pair")
        }
    }

    private static func content(_ path: String) throws(FileError) -> [UInt8] {
        try FileGuard.file(path, secret: false)
        let bytes = try DurableFile.read(path, limit: 64 << 10)
        guard !bytes.isEmpty else { throw .empty(path: path) }
        return bytes
    }
}
