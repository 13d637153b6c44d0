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

    private let looks = OneLook()

    /// Connects and closes.
    public func run(_ context: CheckContext) async -> CheckFinding {
        let found = await looks.run(within: context.timeout) { [target] in
            TCPCheck.look(at: target, timeout: context.timeout)
        }
        // Only the system's resolver can take longer than the connection may.
        return found
            ?? CheckFinding(
                .critical, "TCP \(target.display): the name was not resolved in \(spoken(context.timeout))")
    }

    private static func look(at target: Endpoint, timeout: Duration) -> CheckFinding {
        let deadline = ContinuousClock.now + timeout
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(target.host, String(target.port), &hints, &found)
        guard status == 0 else { return CheckFinding(.critical, "TCP \(target.display): \(nameProblem(status))") }
        defer { freeaddrinfo(found) }
        var last = "the name has no address"
        var next = found
        while let address = next {
            do throws(NumericSocket.Failure) {
                close(try NumericSocket.open(address.pointee, until: deadline))
                return CheckFinding(.ok, "TCP \(target.display): accepts connections")
            } catch { last = error.text }
            next = address.pointee.ai_next
        }
        if last == NumericSocket.silence { last += " in \(spoken(timeout))" }
        return CheckFinding(.critical, "TCP \(target.display): \(last)")
    }
}
