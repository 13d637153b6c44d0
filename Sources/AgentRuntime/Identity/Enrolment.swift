import FoundationEssentials
import Glibc
import Model
import Outbound
import Wire

/// Why a host could not be enrolled: one line without the token's secret.
public enum EnrolmentError: Error, CustomStringConvertible {
    /// The token file or the state directory cannot be used.
    case file(FileError)
    /// There is an identity, or half of one.
    case identity(IdentityError)
    /// The text is no token.
    case badToken
    /// The collector could not be reached before anything was sent.
    case unreachable(String)
    /// The collector shows another authority than the token names; nothing was sent.
    case wrongAuthority(host: String, port: Int, expected: SHA256Digest)
    /// libcrypto made no key.
    case noKey
    /// The collector refused or answered wrongly.
    case collector(String)

    /// What, where, what to do.
    public var description: String {
        switch self {
        case .file(let error): error.description
        case .identity(let error): error.description
        case .badToken: "the join token is not one; it has the form muster-join:1:HOST:PORT:CA-SHA256:SECRET"
        case .unreachable(let reason): "the collector was not reached, the token was not used: \(reason)"
        case .wrongAuthority(let host, let port, let expected):
            "\(host):\(port) shows no authority with SHA-256 \(expected); the token was not sent. Is it the right "
                + "collector, and is the token still good?"
        case .noKey: "libcrypto could not make a key"
        case .collector(let reason): "enrolment failed: \(reason)"
        }
    }
}

/// Gives a host its identity: the fleet CA is pinned by the token before the secret leaves the host (threats M17).
public struct Enrolment: Sendable {
    private let state: StateDirectory
    private let client: OutboundClient

    /// Enrolment into the state directory.
    public init(state: StateDirectory, client: OutboundClient = OutboundClient()) {
        self.state = state
        self.client = client
    }

    /// The token in a file that only its owner can read, or on standard input where `path` is `-`.
    public static func token(from path: String) throws(EnrolmentError) -> JoinToken {
        let text: String
        do throws(FileError) {
            text =
                path == "-"
                ? try SecretFile.text(
                    of: try DurableFile.readAll(0, path: "standard input", limit: 4096), path: "standard input")
                : try SecretFile.read(path)
        } catch { throw .file(error) }
        guard let token = JoinToken(text) else { throw .badToken }
        return token
    }

    /// Enrols and returns the agent's id.
    public func enrol(_ token: JoinToken) async throws(EnrolmentError) -> String {
        do throws(FileError) { try state.prepare() } catch { throw .file(error) }
        try refuseSecondIdentity()
        let authority = try await pinnedAuthority(token)
        guard let key = PrivateKey(), let request = key.certificateRequest() else { throw .noKey }
        // On disk before the token is used: a certificate whose key is lost would cost a new token.
        do throws(FileError) { try DurableFile.replace(state.pendingKey, with: key.pem) } catch { throw .file(error) }
        let transport = OutboundTransport(
            client: client, host: token.host, port: token.port,
            credential: OutboundTransport.Credential(authority: authority.bytes, identity: nil))
        let answer: CertificateAnswer
        do {
            answer = try await CollectorClient(transport: transport).enrol(
                EnrolRequest(
                    secret: token.secret, request: request, hostname: Enrolment.hostname,
                    machineID: Enrolment.machineID,
                    version: ProductVersion.text))
        } catch { throw .collector(error.description) }
        try keep(answer, key: key, authority: authority, token: token)
        return answer.agentID
    }

    private func refuseSecondIdentity() throws(EnrolmentError) {
        guard AgentIdentity.hasAnything(state) else { return }
        do {
            let identity = try AgentIdentity.load(state)
            throw EnrolmentError.identity(.enrolled(agentID: identity.record.agentID, directory: state.path))
        } catch let error as IdentityError {
            throw .identity(error)
        } catch let error as EnrolmentError {
            throw error
        } catch { throw .collector("\(error)") }
    }

    /// The certificate in the server's chain that the token names. Only its hash is believed so far; the connection
    /// that carries the secret is verified against it in the ordinary way.
    private func pinnedAuthority(_ token: JoinToken) async throws(EnrolmentError) -> Certificate {
        let chain: [String]
        do { chain = try await client.peerChain(host: token.host, port: token.port) } catch {
            throw .unreachable(error.description)
        }
        for pem in chain.prefix(10) {
            guard let certificate = Certificate(Array(pem.utf8)), certificate.fingerprint == token.authority else {
                continue
            }
            return certificate
        }
        throw .wrongAuthority(host: token.host, port: token.port, expected: token.authority)
    }

    private func keep(
        _ answer: CertificateAnswer, key: PrivateKey, authority: Certificate, token: JoinToken
    ) throws(EnrolmentError) {
        guard let certificate = Certificate(Array(answer.certificate.utf8)), certificate.matches(key),
            certificate.isSigned(by: authority), certificate.commonName == answer.agentID
        else { throw .collector("the collector answered with a certificate that does not fit the request") }
        let record = AgentRecord(
            agentID: answer.agentID, host: token.host, port: token.port, generation: 0, renewAfter: answer.renewAfter)
        do throws(FileError) {
            try DurableFile.replace(state.authority, with: authority.bytes)
            try DurableFile.replace(state.certificate, with: certificate.bytes)
            try record.save(state.agent)
            // The key last, by its name: with it the identity is whole.
            guard rename(state.pendingKey, state.key) == 0 else {
                throw .last("rename to \(state.key)", state.pendingKey)
            }
            try DurableFile.syncDirectory(of: state.key)
        } catch { throw .file(error) }
    }

    private static var hostname: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static var machineID: String {
        guard let bytes = try? DurableFile.read("/etc/machine-id", limit: 4096) else { return "" }
        return (try? SecretFile.text(of: bytes, path: "machine-id")) ?? ""
    }
}
