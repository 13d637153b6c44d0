import Glibc
import Model
import Outbound
import TOML

/// Whether a URL answers with the right status and text.
public struct HTTPCheck: HostCheck {
    /// `http`
    public static let kind = "http"
    private let url: String
    private let statuses: Set<Int>
    private let contains: String?
    private let trust: TLSSettings.Trust
    private let subject: Subject
    private let warningTime: Duration?
    private let certificateTime: Duration
    private let shownTarget: String

    /// Reads `url`, `status` (accepted ones, default 200), `contains` (text in the body), `ca_file`, `warning_time` and
    /// `certificate_time` (that the certificate must be good for; default 14 days).
    public init(settings: TOMLTable) throws(TOMLError) {
        url = try settings.requiredString("url")
        guard let endpoint = HTTPCheck.endpoint(of: url) else {
            throw settings.refusal("url", found: "\"\(url)\"", accepted: "an http:// or https:// URL without user name")
        }
        statuses = Set(try settings.ints("status", in: 100...599) ?? [200])
        contains = try settings.string("contains")
        trust = try settings.string("ca_file").map { .file($0) } ?? .system
        subject = endpoint.defaultSubject
        warningTime = try settings.duration("warning_time", in: .milliseconds(1) ... .seconds(300))
        certificateTime =
            try settings.duration("certificate_time", in: .zero ... .seconds(366 * 86_400)) ?? .seconds(14 * 86_400)
        let isPlain = url.hasPrefix("http://")
        let place = endpoint.port == (isPlain ? 80 : 443) ? endpoint.host : endpoint.display
        shownTarget = "\(isPlain ? "HTTP" : "HTTPS") \(place)"
    }

    /// The listener there when it is on this host's loopback, else the host.
    public var defaultSubject: Subject { subject }

    /// Asks once; a redirect is an answer, not followed.
    public func run(_ context: CheckContext) async -> CheckFinding {
        let limits = TransferLimits(connect: context.timeout, total: context.timeout, responseBytes: 1 << 20)
        let request = OutboundRequest(.get, url: url, tls: TLSSettings(trust: trust), limits: limits, isFresh: true)
        do {
            return judge(try await context.outbound.send(request))
        } catch {
            return CheckFinding(.critical, shown(HTTPCheck.words(error, context.timeout)))
        }
    }

    private func judge(_ response: OutboundResponse) -> CheckFinding {
        let time = response.timing.total
        var samples = [Sample(SeriesName("http.client.request.duration"), time / .seconds(1))]
        let left = response.certificateEnd.map { Duration.seconds($0 - Int64(Glibc.time(nil))) }
        if let left { samples.append(Sample(SeriesName("httpcheck.tls.cert_remaining"), left / .seconds(1))) }
        func finding(_ state: CheckState, _ text: String) -> CheckFinding {
            CheckFinding(state, shown(text), samples: samples)
        }
        guard statuses.contains(response.status) else {
            let expected = statuses.sorted().map(String.init).joined(separator: " or ")
            return finding(.critical, "answered \(response.status), expected \(expected)")
        }
        if let contains, !holds(response.body, Array(contains.utf8)) {
            return finding(.critical, "answered \(response.status) without the expected text")
        }
        if let left, left < certificateTime {
            return finding(.warning, "the certificate ends in \(spoken(max(left, .zero)))")
        }
        if let warningTime, time > warningTime {
            return finding(.warning, "answered in \(spoken(time)), more than \(spoken(warningTime))")
        }
        return finding(.ok, "answered \(response.status)")
    }

    private func shown(_ text: String) -> String { "\(shownTarget): \(text)".shownOnOneLine(limit: 400) }

    /// Why there is no answer, as the end of a sentence. The library's words only where they are what helps.
    private static func words(_ error: OutboundError, _ timeout: Duration) -> String {
        switch error.kind {
        case .resolution: "the name has no address"
        case .connection: "no connection"
        case .timeout: "no answer in \(spoken(timeout))"
        case .tooLarge: "the answer has more than 1 MiB"
        case .broken: "the connection was broken off or does not speak HTTP"
        case .tls: "TLS failed, \(error.reason)"
        case .credentials: "the file of authorities cannot be used, \(error.reason)"
        default: error.kind.rawValue
        }
    }

    /// Host and port of a URL; nil when it is not one that a check may ask.
    private static func endpoint(of url: String) -> Endpoint? {
        let plain = url.hasPrefix("http://")
        guard plain || url.hasPrefix("https://") else { return nil }
        let authority = url.dropFirst(plain ? 7 : 8).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.utf8.contains(UInt8(ascii: "@")) else { return nil }
        return Endpoint(String(authority)) ?? Endpoint("\(authority):\(plain ? 80 : 443)")
    }
}
