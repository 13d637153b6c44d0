import Glibc
import LinuxSystem
import Model
import TOML

/// Whether a TCP port accepts a connection.
public struct TCPCheck: HostCheck {
    /// `tcp`
    public static let kind = "tcp"
    private let target: Endpoint

    /// Reads `target = "HOST:PORT"`.
    public init(settings: TOMLTable) throws(TOMLError) {
        let text = try settings.requiredString("target")
        guard let target = Endpoint(text) else {
            throw settings.refusal("target", found: "\"\(text)\"", accepted: "\"HOST:PORT\" or \"[ADDRESS]:PORT\"")
        }
        self.target = target
    }

    /// The listener there when it is on this host's loopback, else the host.
    public var defaultSubject: Subject { target.defaultSubject }

    /// Connects and closes.
    public func run(_ context: CheckContext) async -> CheckFinding {
        // Name resolution and connect block: they get a thread of their own, not one of the few of the executor.
        await BlockingThread.run { [target] in TCPCheck.look(at: target, timeout: context.timeout) }
    }

    private static func look(at target: Endpoint, timeout: Duration) -> CheckFinding {
        let deadline = ContinuousClock.now + timeout
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(target.host, String(target.port), &hints, &found)
        guard status == 0 else {
            return CheckFinding(.critical, "\(target.display): \(String(cString: gai_strerror(status)))")
        }
        defer { freeaddrinfo(found) }
        var last = "no address"
        var next = found
        while let address = next {
            switch connect(to: address.pointee, deadline: deadline) {
            case nil: return CheckFinding(.ok, "\(target.display) accepts connections")
            case let problem?: last = problem
            }
            next = address.pointee.ai_next
        }
        return CheckFinding(.critical, "\(target.display): \(last)")
    }

    /// Nil when the connection stood, else why not.
    private static func connect(to address: addrinfo, deadline: ContinuousClock.Instant) -> String? {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.ai_family, type, 0)
        guard descriptor >= 0 else { return systemErrorText(errno) }
        defer { close(descriptor) }
        if Glibc.connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 { return nil }
        guard errno == EINPROGRESS else { return systemErrorText(errno) }
        while true {
            let (seconds, attoseconds) = (deadline - ContinuousClock.now).components
            let left = seconds * 1000 + attoseconds / 1_000_000_000_000_000
            guard left > 0 else { return "no answer in time" }
            var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            let ready = poll(&waiting, 1, Int32(clamping: left))
            if ready < 0, errno == EINTR { continue }
            guard ready > 0 else { return ready == 0 ? "no answer in time" : systemErrorText(errno) }
            var problem: Int32 = 0
            var size = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &problem, &size)
            return problem == 0 ? nil : systemErrorText(problem)
        }
    }
}
