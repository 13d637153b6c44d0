import Model
import TOML

/// One `[[check]]` of the configuration: what every check has, and the kind with its own settings.
public struct CheckDefinition: Sendable {
    /// Unique in one agent.
    public var name: String
    /// Time from the start of one run to the start of the next.
    public var interval: Duration
    /// How long one run may take.
    public var timeout: Duration
    /// Whom it speaks for.
    public var subject: Subject
    /// The kind with its settings.
    public var check: any HostCheck

    /// The kind's word.
    public var kind: String { type(of: check).kind }

    /// Reads a `[[check]]` table and refuses what it does not know. Where it is not `isForThisHost`, what only the host can know is left
    /// to the host.
    public init(settings: TOMLTable, isForThisHost: Bool = true) throws(TOMLError) {
        name = try settings.requiredString("name", maxBytes: 128)
        guard !name.isEmpty else { throw settings.refusal("name", found: "\"\"", accepted: "a name") }
        interval = try settings.duration("interval", in: .seconds(1) ... .seconds(86_400)) ?? .seconds(60)
        timeout = try settings.duration("timeout", in: .milliseconds(100) ... .seconds(300)) ?? .seconds(5)
        let word = try settings.requiredWord("type", among: CheckCatalogue.kinds.map { $0.kind })
        guard let kind = CheckCatalogue.kinds.first(where: { $0.kind == word }) else { throw settings.missing("type") }
        check = try kind.init(settings: settings)
        subject = try CheckDefinition.subject(settings) ?? check.defaultSubject
        guard timeout <= interval else {
            throw settings.refusal("timeout", found: "more than the interval", accepted: "a time up to the interval")
        }
        if isForThisHost, let flaw = check.flawHere {
            throw settings.refusal(flaw.key, found: flaw.found, accepted: flaw.accepted)
        }
        try settings.finish()
    }

    /// Runs it once: the result, and what was measured on the way.
    public func run(_ context: CheckContext, failuresInRow: Int) async -> (result: CheckResult, samples: [Sample]) {
        let clock = ContinuousClock()
        let started = clock.now
        var context = context
        context.timeout = timeout
        let finding = await check.run(context)
        let (seconds, attoseconds) = (clock.now - started).components
        let result = CheckResult(
            check: name, kind: kind, subject: subject, state: finding.state,
            message: String(finding.message.unicodeScalars.prefix(400)),
            failuresInRow: finding.state == .ok ? 0 : failuresInRow + 1,
            milliseconds: seconds * 1000 + attoseconds / 1_000_000_000_000_000)
        return (result, finding.samples.filter(\.value.isFinite).map(named))
    }

    /// The sample as this check's: two checks of one kind on one subject are two series.
    private func named(_ sample: Sample) -> Sample {
        var sample = sample
        sample.series.attributes["muster.check"] = name
        return sample
    }

    /// `for = "host"`, `"service:KEY"`, `"CLASS:NAME"` of a declared CI, or `"listener:tcp:ADDRESS:PORT"`.
    private static func subject(_ settings: TOMLTable) throws(TOMLError) -> Subject? {
        guard let text = try settings.string("for") else { return nil }
        if text == "host" { return .host }
        let accepted = "\"host\", \"service:KEY\", \"listener:tcp:ADDRESS:PORT\" or \"CLASS:NAME\""
        guard let colon = text.firstIndex(of: ":") else {
            throw settings.refusal("for", found: "\"\(text)\"", accepted: accepted)
        }
        let kind = String(text[..<colon])
        let rest = String(text[text.index(after: colon)...])
        guard !kind.isEmpty, !rest.isEmpty else {
            throw settings.refusal("for", found: "\"\(text)\"", accepted: accepted)
        }
        if kind == "service" { return .service(key: rest) }
        guard kind == "listener" else { return .named(className: kind, name: rest) }
        let parts = rest.split(separator: ":")
        guard parts.count >= 3, let port = Int(parts[parts.count - 1]), (1...65_535).contains(port),
            let address = IPAddress(parts[1..<(parts.count - 1)].joined(separator: ":"))
        else { throw settings.refusal("for", found: "\"\(text)\"", accepted: accepted) }
        return .listener(transport: String(parts[0]), address: address.description, port: port)
    }
}
