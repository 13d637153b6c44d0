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

    /// Reads `url`, `status` (accepted ones, default 200), `contains` (text in the body) and `ca_file`.
    public init(settings: TOMLTable) throws(TOMLError) {
        url = try settings.requiredString("url")
        guard let endpoint = HTTPCheck.endpoint(of: url) else {
            throw settings.refusal("url", found: "\"\(url)\"", accepted: "an http:// or https:// URL without user name")
        }
        statuses = Set(try settings.ints("status", in: 100...599) ?? [200])
        contains = try settings.string("contains")
        trust = try settings.string("ca_file").map { .file($0) } ?? .system
        subject = endpoint.defaultSubject
    }

    /// The listener there when it is on this host's loopback, else the host.
    public var defaultSubject: Subject { subject }

    /// Asks once; a redirect is an answer, not followed.
    public func run(_ context: CheckContext) async -> CheckFinding {
        let limits = TransferLimits(connect: context.timeout, total: context.timeout, responseBytes: 1 << 20)
        let request = OutboundRequest(.get, url: url, tls: TLSSettings(trust: trust), limits: limits)
        do {
            return judge(try await context.outbound.send(request))
        } catch {
            return CheckFinding(.critical, error.description)
        }
    }

    private func judge(_ response: OutboundResponse) -> CheckFinding {
        guard statuses.contains(response.status) else {
            let expected = statuses.sorted().map(String.init).joined(separator: " or ")
            return CheckFinding(.critical, "answered \(response.status), expected \(expected)")
        }
        if let contains, !holds(response.body, Array(contains.utf8)) {
            return CheckFinding(.critical, "answered \(response.status), but the body lacks the expected text")
        }
        return CheckFinding(.ok, "answered \(response.status)")
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

/// Whether `needle` stands in `body`: Knuth, Morris and Pratt's search, linear for every text.
func holds(_ body: [UInt8], _ needle: [UInt8]) -> Bool {
    guard !needle.isEmpty else { return true }
    var borders = [0]
    var length = 0
    for byte in needle.dropFirst() {
        while length > 0, needle[length] != byte { length = borders[length - 1] }
        if needle[length] == byte { length += 1 }
        borders.append(length)
    }
    var matched = 0
    for byte in body {
        while matched > 0, needle[matched] != byte { matched = borders[matched - 1] }
        if needle[matched] == byte { matched += 1 }
        if matched == needle.count { return true }
    }
    return false
}
