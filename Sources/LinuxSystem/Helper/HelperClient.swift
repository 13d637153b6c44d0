import CLinux
import Glibc

/// Asks the helper for what only root can read. Blocks up to its timeout: call it from a thread that may wait.
public struct HelperClient: Hashable, Sendable {
    /// Where the helper's socket unit listens.
    public static let standardSocket = "/run/muster-agent-helper.sock"

    /// The socket's path.
    public var socket: String
    /// How long one question may take.
    public var timeout: Duration

    /// A client.
    public init(socket: String = HelperClient.standardSocket, timeout: Duration = .seconds(20)) {
        self.socket = socket
        self.timeout = timeout
    }

    /// Every process that holds a socket, the smallest number first.
    public func sockets() throws(HelperError) -> [HelperProcess] { try processes(.sockets) }

    /// Every process that runs a file.
    public func executables() throws(HelperError) -> [HelperProcess] { try processes(.executables) }

    /// The octets of the helper's answer to `verb`.
    public func ask(_ verb: HelperVerb) throws(HelperError) -> [UInt8] {
        let deadline = ContinuousClock.now + timeout
        let descriptor = try connected()
        defer { close(descriptor) }
        let request = verb.request
        // A helper that refuses us may have answered and gone already: what it said is read in any case.
        send(descriptor, request, request.count, Int32(MSG_NOSIGNAL))
        shutdown(descriptor, Int32(SHUT_WR))
        let limit = verb.answerBytes + HelperAnswer.lineBytes
        switch HelperAnswer(try received(descriptor, limit: limit, until: deadline)) {
        case .ok(let body): return body
        case .error(let text): throw .refused(text)
        case nil: throw .broken("its answer is cut or not one")
        }
    }

    private func processes(_ verb: HelperVerb) throws(HelperError) -> [HelperProcess] {
        guard let list = HelperProcess.list(try ask(verb)) else { throw .broken("its list of processes is not one") }
        return list
    }

    private func connected() throws(HelperError) -> Int32 {
        let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .broken(systemErrorText(errno)) }
        // A queue that is full makes connect wait.
        var limit = timeval(tv_sec: max(1, Int(clamping: timeout.components.seconds)), tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        guard let error = UnixAddress(socket)?.connect(descriptor) else {
            close(descriptor)
            throw .broken("\(socket) is too long a path")
        }
        var user = uid_t.max
        var group = gid_t.max
        var process = pid_t()
        // Whoever laid a socket there that is not root's would answer as it likes.
        if error == 0, muster_peer_credentials(descriptor, &user, &group, &process) == 0,
            user == 0 || user == geteuid()
        {
            return descriptor
        }
        close(descriptor)
        switch error {
        case 0: throw .broken("\(socket) belongs to user \(user)")
        case ENOENT, ECONNREFUSED: throw .absent(socket)
        default: throw .closed(socket, error)
        }
    }

    private func received(
        _ descriptor: Int32, limit: Int, until deadline: ContinuousClock.Instant
    ) throws(HelperError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            guard waitFor(descriptor, Int16(POLLIN), until: deadline) else { throw .silent }
            let count = recv(descriptor, &chunk, chunk.count, Int32(MSG_DONTWAIT))
            if count == 0 || (count < 0 && errno == ECONNRESET) { return bytes }
            if count < 0 {
                if errno == EINTR || errno == EAGAIN { continue }
                throw .broken(systemErrorText(errno))
            }
            bytes += chunk[..<count]
            guard bytes.count <= limit else { throw .broken("it answers more than \(limit) bytes") }
        }
    }
}

/// Why the helper gave nothing.
public enum HelperError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Nobody listens.
    case absent(String)
    /// The socket cannot be opened.
    case closed(String, Int32)
    /// It did not answer in time.
    case silent
    /// It said no.
    case refused(String)
    /// What it said cannot be used.
    case broken(String)

    /// One line: what, where, what to do.
    public var description: String {
        switch self {
        case .absent(let path): "no helper listens at \(path); start muster-agent-helper.socket"
        case .closed(let path, let error): "the helper's \(path): \(systemErrorText(error))"
        case .silent: "the helper did not answer in time"
        case .refused(let text): "the helper answered: \(text)"
        case .broken(let text): "the helper cannot be used: \(text)"
        }
    }
}
