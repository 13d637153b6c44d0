import Glibc
import LinuxSystem
import Model
import TOML

/// Whether a host answers ICMP echo requests (RFC 792, RFC 4443), how many of them, and how fast.
public struct PingCheck: HostCheck {
    /// `icmp`
    public static let kind = "icmp"
    private let host: String
    private let count: Int
    private let warningLoss: Int
    private let warningTime: Duration?
    private let looks = OneLook()

    /// Reads `host`, `count` (default 3), `warning_loss` (percent, default 50) and `warning_time` (of the mean; default none).
    public init(settings: TOMLTable) throws(TOMLError) {
        host = try settings.requiredString("host", maxBytes: 255)
        guard !host.isEmpty, !host.hasPrefix("-"), host.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else {
            throw settings.refusal("host", found: "\"\(host)\"", accepted: "a name or an address")
        }
        count = try settings.int("count", in: 1...20) ?? 3
        warningLoss = try settings.int("warning_loss", in: 1...100) ?? 50
        warningTime = try settings.duration("warning_time", in: .milliseconds(1) ... .seconds(300))
    }

    /// The host from which it looks.
    public var defaultSubject: Subject { .host }

    /// Sends the requests one after the other, a fifth of a second apart, and waits for their answers.
    public func run(_ context: CheckContext) async -> CheckFinding {
        let found = await looks.run(within: context.timeout) { look(until: .now + context.timeout) }
        // Only the system's resolver can take longer than the requests may.
        return found ?? CheckFinding(.critical, shown("the name was not resolved in \(spoken(context.timeout))"))
    }

    private func look(until deadline: ContinuousClock.Instant) -> CheckFinding {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, nil, &hints, &found)
        guard status == 0, let address = found else {
            return CheckFinding(.critical, shown(nameProblem(status)))
        }
        defer { freeaddrinfo(found) }
        let echo: EchoSocket
        do { echo = try EchoSocket(address.pointee) } catch { return CheckFinding(.unknown, shown(error.description)) }
        var times: [Duration] = []
        var problem: String?
        for number in 0..<count where ContinuousClock.now < deadline {
            let sent = ContinuousClock.now
            let isLast = number == count - 1
            // The last request may take all the time there is; each before it what the later ones leave.
            let patience =
                isLast ? deadline : min(deadline, sent + max(.milliseconds(200), (deadline - sent) / (count - number)))
            switch echo.ask(UInt16(truncatingIfNeeded: number), until: patience) {
            case nil: times.append(ContinuousClock.now - sent)
            case let text?: problem = text
            }
            if !isLast { sleep(until: min(deadline, sent + .milliseconds(200))) }
        }
        return finding(times, problem)
    }

    private func finding(_ times: [Duration], _ problem: String?) -> CheckFinding {
        guard !times.isEmpty else {
            let cause = problem.flatMap { $0 == NumericSocket.silence ? nil : ", \($0)" } ?? ""
            let text = count == 1 ? "no answer" : "no answer to \(count) requests"
            return CheckFinding(.critical, shown(text + cause))
        }
        let mean = times.reduce(Duration.zero, +) / times.count
        let lost = (count - times.count) * 100 / count
        let isSlow = warningTime.map { mean > $0 } ?? false
        let text = "\(times.count) of \(count) answered, mean \(spoken(mean))"
        let limit = isSlow ? warningTime.map { ", more than \(spoken($0))" } ?? "" : ""
        return CheckFinding(lost >= warningLoss || isSlow ? .warning : .ok, shown(text + limit))
    }

    private func shown(_ text: String) -> String { "ping \(host): \(text)".shownOnOneLine(limit: 400) }

    private func sleep(until moment: ContinuousClock.Instant) {
        let left = moment - ContinuousClock.now
        guard left > .zero else { return }
        usleep(UInt32(clamping: left.components.seconds * 1_000_000 + left.components.attoseconds / 1_000_000_000_000))
    }
}
