import Glibc
import LinuxSystem
import Model

/// What became of an ICMP echo request.
public enum EchoAnswer: Hashable, Sendable {
    /// It was answered, after this time.
    case answered(Duration)
    /// It was not; the text says what came in place of an answer, or that nothing came.
    case silent(String)
    /// It could not be sent: this host allows no ICMP, or the last one still hangs.
    case impossible(String)
}

/// Asks one address for an ICMP echo (RFC 792, RFC 4443), as often as it is wanted.
public final class EchoProbe: Sendable {
    private let address: IPAddress
    private let looks = OneLook()

    /// Requests of one look; the second is for a lost packet.
    private static let tries = 2

    /// A probe of one address.
    public init(address: IPAddress) { self.address = address }

    /// Sends a request, and one more when nothing comes in half of the time.
    public func ask(within time: Duration) async -> EchoAnswer {
        let address = address
        let found = await looks.run(within: time) { Self.look(address, within: time) }
        return found ?? .impossible("the last request still hangs")
    }

    private static func look(_ address: IPAddress, within time: Duration) -> EchoAnswer {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST
        hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(address.description, nil, &hints, &found)
        guard status == 0, let place = found else { return .impossible(nameProblem(status)) }
        defer { freeaddrinfo(found) }
        let echo: EchoSocket
        do { echo = try EchoSocket(place.pointee) } catch {
            return error.isForbidden ? .impossible(error.description) : .silent(error.description)
        }
        var problem = NumericSocket.silence
        for number in 0..<tries {
            let sent = ContinuousClock.now
            guard let text = echo.ask(UInt16(number), until: sent + time / tries) else {
                return .answered(ContinuousClock.now - sent)
            }
            problem = text
        }
        return .silent(problem)
    }
}
