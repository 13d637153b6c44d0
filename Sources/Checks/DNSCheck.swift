import Glibc
import LinuxSystem
import Model
import TOML

/// Whether a name server answers a question, with what it should, and how fast (RFC 1035).
///
/// The question goes to one server or to those of resolv.conf(5) in their order; caches and files of this host are not asked.
/// An answer counts from the asked address alone, with our id and our question in it.
public struct DNSCheck: HostCheck {
    /// `dns`
    public static let kind = "dns"
    private let query: String
    private let type: DNSRecordType
    private let resolver: Endpoint?
    private let code: DNSCode
    private let answers: [String]
    private let isOnly: Bool
    private let isAuthoritative: Bool
    private let warningTime: Duration?

    /// Reads `query`, `record` (default A), `resolver` (`ADDRESS` or `ADDRESS:PORT`; default those of the host), `rcode` (default
    /// NOERROR), `answers` (texts that must be among the answers), `only` (no others), `authoritative`, `warning_time`.
    public init(settings: TOMLTable) throws(TOMLError) {
        let name = try settings.requiredString("query", maxBytes: 255)
        type = try settings.choice("record", among: DNSRecordType.self) ?? .a
        let resolver = try settings.string("resolver", maxBytes: 64)
        code = try settings.choice("rcode", among: DNSCode.self) ?? .fine
        let answers = try settings.strings("answers", maxBytes: 1024) ?? []
        isOnly = try settings.bool("only") ?? false
        isAuthoritative = try settings.bool("authoritative") ?? false
        warningTime = try settings.duration("warning_time", in: .milliseconds(1) ... .seconds(300))
        query = type == .ptr ? IPAddress(name)?.reverseName ?? name : name
        guard DNSQuestion(query, type) != nil else {
            throw settings.refusal(
                "query", found: "\"\(name)\"", accepted: "a domain name; for PTR an address will do")
        }
        self.resolver = try resolver.map { text throws(TOMLError) in
            guard let server = DNSCheck.server(text) else {
                throw settings.refusal(
                    "resolver", found: "\"\(text)\"", accepted: "\"ADDRESS\", \"ADDRESS:PORT\" or \"[ADDRESS]:PORT\"")
            }
            return server
        }
        let (type, code) = (type, code)
        self.answers = answers.map { DNSCheck.comparable($0, type) }
        guard code == .fine || answers.isEmpty && !isOnly else {
            throw settings.refusal("answers", found: "answers", accepted: "none with an rcode other than NOERROR")
        }
        guard !isOnly || !answers.isEmpty else {
            throw settings.refusal("only", found: "true", accepted: "true with answers")
        }
    }

    /// The name server on this host's loopback when that is asked, else the host.
    public var defaultSubject: Subject {
        guard let resolver, let address = IPAddress(resolver.host), address.isLoopback else { return .host }
        return .listener(transport: "udp", address: address.description, port: resolver.port)
    }

    /// Asks one server after the other until one answers.
    public func run(_ context: CheckContext) async -> CheckFinding {
        await BlockingThread.run {
            look(resolver.map { [$0] } ?? NameServers.read(SystemRoot(path: context.root)), timeout: context.timeout)
        }
    }

    func look(_ servers: [Endpoint], timeout: Duration) -> CheckFinding {
        let deadline = ContinuousClock.now + timeout
        var last = NumericSocket.silence
        for (index, server) in servers.enumerated() where ContinuousClock.now < deadline {
            guard let question = DNSQuestion(query, type) else { break }
            let started = ContinuousClock.now
            // The last may take all the time there is; each before it what the later ones leave.
            let patience = started + (deadline - started) / (servers.count - index)
            switch DNSExchange(question: question, server: server).ask(until: patience) {
            case .success(let answer):
                // Like the host's own resolver: a server that cannot tell is no reason not to ask the next.
                let isUseless = [DNSCode.serverFailed, .notImplemented, .refused].contains(DNSCode(answer.code))
                if isUseless, index + 1 < servers.count {
                    last = DNSCode.words(answer.code)
                    continue
                }
                return finding(answer, after: ContinuousClock.now - started)
            case .failure(let problem): last = problem.text
            }
        }
        if last == NumericSocket.silence { last += " in \(spoken(timeout))" }
        return CheckFinding(.critical, shown(last))
    }

    private func finding(_ answer: DNSAnswer, after time: Duration) -> CheckFinding {
        let samples = [Sample(SeriesName("dns.lookup.duration"), time / .seconds(1))]
        if let problem = problem(answer) { return CheckFinding(.critical, shown(problem), samples: samples) }
        if let warningTime, time > warningTime {
            let text = "answered in \(spoken(time)), more than \(spoken(warningTime))"
            return CheckFinding(.warning, shown(text), samples: samples)
        }
        let data = answer.data.prefix(8).joined(separator: ", ")
        let text = code == .fine ? data : DNSCode.words(answer.code)
        return CheckFinding(.ok, shown(text), samples: samples)
    }

    private func problem(_ answer: DNSAnswer) -> String? {
        guard DNSCode(answer.code) == code else {
            let words = DNSCode.words(answer.code)
            return code == .fine ? words : "\(words), expected \(code.rawValue)"
        }
        if isAuthoritative, !answer.isAuthoritative { return "the server has no authority for the name" }
        guard code == .fine else { return nil }
        guard !answer.data.isEmpty else { return "no \(type.rawValue) record" }
        let found = Set(answer.data.map { DNSCheck.comparable($0, type) })
        let missing = answers.filter { !found.contains($0) }
        if !missing.isEmpty {
            return "\(missing.joined(separator: ", ")) is missing, the answer is \(answer.data.joined(separator: ", "))"
        }
        let others = isOnly ? found.subtracting(answers).sorted() : []
        return others.isEmpty ? nil : "\(others.joined(separator: ", ")) is not expected"
    }

    private func shown(_ text: String) -> String { "DNS \(query): \(text)".shownOnOneLine(limit: 400) }

    /// Addresses in their one form, names without the last dot and in small letters; texts as they are.
    private static func comparable(_ text: String, _ type: DNSRecordType) -> String {
        switch type {
        case .txt, .caa: return text
        case .a, .aaaa: return IPAddress(text)?.description ?? text
        default: return (text.utf8.last == UInt8(ascii: ".") ? String(text.dropLast()) : text).lowercasedASCII
        }
    }

    private static func server(_ text: String) -> Endpoint? {
        if let address = IPAddress(text) { return Endpoint(host: address.description, port: 53) }
        guard let endpoint = Endpoint(text), IPAddress(endpoint.host) != nil else { return nil }
        return endpoint
    }
}

/// The name servers of this host (resolv.conf(5)).
enum NameServers {
    /// As many as the system's own resolver takes; the one on this host where none is named.
    static func read(_ root: SystemRoot) -> [Endpoint] {
        let content = (try? root.content("/etc/resolv.conf", limit: 1 << 16)) ?? ByteText([])
        let servers = content.lines.prefix(1000).compactMap { line -> Endpoint? in
            let fields = line.fields
            guard fields.count >= 2, fields[0] == "nameserver" else { return nil }
            return Endpoint(host: fields[1].trimmed.string, port: 53)
        }
        return servers.isEmpty ? [Endpoint(host: "127.0.0.1", port: 53)] : Array(servers.prefix(3))
    }
}

extension IPAddress {
    /// The name under which names of an address are kept (RFC 1035 §3.5, RFC 3596 §2.5).
    var reverseName: String {
        guard isIPv6 else { return octets.reversed().map(String.init).joined(separator: ".") + ".in-addr.arpa" }
        let digits = octets.reversed().flatMap { [$0 & 15, $0 >> 4] }
        return digits.map { String($0, radix: 16) }.joined(separator: ".") + ".ip6.arpa"
    }
}
