import Glibc
import LinuxSystem
import Model
import TOML

/// How far this host's clock is from a time server's (SNTP, RFC 4330, RFC 5905). The clock is not set.
public struct TimeCheck: HostCheck {
    /// `time`
    public static let kind = "time"
    private let server: Endpoint
    private let warningOffset: Duration
    private let greatestOffset: Duration
    private let looks = OneLook()

    /// How many packets that are no answer are read before the server counts as one that gives none.
    private static let strangers = 100

    /// Reads `server` (`HOST` or `HOST:PORT`), `warning_offset` (default 100 ms) and `max_offset` (default 1 s).
    public init(settings: TOMLTable) throws(TOMLError) {
        let text = try settings.requiredString("server", maxBytes: 260)
        let isAddress = IPAddress(text) != nil
        guard let server = isAddress ? Endpoint(host: text, port: 123) : Endpoint(text) ?? Endpoint(text + ":123")
        else {
            throw settings.refusal("server", found: "\"\(text)\"", accepted: "\"HOST\" or \"HOST:PORT\"")
        }
        self.server = server
        let range = Duration.milliseconds(1) ... .seconds(86_400)
        warningOffset = try settings.duration("warning_offset", in: range) ?? .milliseconds(100)
        greatestOffset = try settings.duration("max_offset", in: range) ?? .seconds(1)
        guard warningOffset <= greatestOffset else {
            throw settings.refusal("warning_offset", found: "more than max_offset", accepted: "at most max_offset")
        }
    }

    /// The host whose clock it is.
    public var defaultSubject: Subject { .host }

    /// Asks once; a question that gets lost is sent again.
    public func run(_ context: CheckContext) async -> CheckFinding {
        let found = await looks.run(within: context.timeout) { look(context.timeout) }
        return found ?? failure("the name was not resolved in \(spoken(context.timeout))")
    }

    private func look(_ timeout: Duration) -> CheckFinding {
        let deadline = ContinuousClock.now + timeout
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(server.host, String(server.port), &hints, &found)
        guard status == 0, let address = found else { return failure(nameProblem(status)) }
        defer { freeaddrinfo(found) }
        do throws(NumericSocket.Failure) {
            let socket = try NumericSocket(address.pointee, until: deadline)
            return finding(try ask(socket, until: deadline))
        } catch {
            return failure(error.text == NumericSocket.silence ? "\(error.text) in \(spoken(timeout))" : error.text)
        }
    }

    private typealias Reading = (answer: TimePacket.Answer, asked: UInt64, elapsed: Duration)

    /// The question goes out three times at most, each time with another token: an answer to an earlier one counts no more.
    private func ask(
        _ socket: NumericSocket, until deadline: ContinuousClock.Instant
    ) throws(NumericSocket.Failure) -> Reading {
        let part = (deadline - .now) / 3
        var strangers = 0
        for round in 1...3 {
            let packet = TimePacket()
            var now = timespec()
            clock_gettime(CLOCK_REALTIME, &now)
            let asked = TimePacket.stamp(seconds: Int64(now.tv_sec), nanoseconds: Int64(now.tv_nsec))
            let started = ContinuousClock.now
            try socket.send(packet.question)
            let patience = round == 3 ? deadline : min(started + part, deadline)
            while let bytes = try socket.receive(limit: 2048, until: patience) {
                let elapsed = ContinuousClock.now - started
                do throws(TimePacket.Refusal) {
                    return (try packet.answer(bytes), asked, elapsed)
                } catch {
                    if case .useless(let text) = error { throw NumericSocket.Failure(text: text) }
                }
                strangers += 1
                guard strangers < TimeCheck.strangers else {
                    throw NumericSocket.Failure(text: "what the server sends is no answer")
                }
            }
        }
        throw NumericSocket.Failure(text: NumericSocket.silence)
    }

    private func finding(_ reading: Reading) -> CheckFinding {
        let (offset, delay) = TimePacket.difference(reading.answer, asked: reading.asked, elapsed: reading.elapsed)
        let samples = [
            Sample(SeriesName("ntp.time.offset"), offset), Sample(SeriesName("ntp.time.delay"), delay),
            Sample(SeriesName("ntp.stratum"), Double(reading.answer.stratum)),
        ]
        let distance = Duration.seconds(abs(offset))
        var text = "clock is \(spoken(distance)) \(offset < 0 ? "ahead" : "behind")"
        let limit = distance > greatestOffset ? greatestOffset : warningOffset
        if distance > limit { text += ", more than \(spoken(limit))" }
        let state: CheckState = distance > greatestOffset ? .critical : distance > warningOffset ? .warning : .ok
        return CheckFinding(state, shown(text), samples: samples)
    }

    private func failure(_ text: String) -> CheckFinding { CheckFinding(.critical, shown(text)) }

    private func shown(_ text: String) -> String {
        "time \(server.port == 123 ? server.host : server.display): \(text)".shownOnOneLine(limit: 400)
    }
}
