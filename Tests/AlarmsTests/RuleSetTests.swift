import Alarms
import Model
import Stores
import Testing

@Suite("what rules say of input")
struct RuleSetTests {
    static let host = RuleSubject(ci: CIID(1), className: .host, name: "web-01")

    static func rule(_ condition: String, summary: String = "{ci}", scope: String = "") throws -> RuleSet {
        let text = "about = \"a\"\nseverity = \"major\"\nsummary = \"\(summary)\"\n\(scope)\n\(condition)\n"
        return RuleSet([try RuleFile.parse(text, path: "r.toml").rule])
    }

    @Test(
        "scope by class, name prefix and attribute must hold together",
        arguments: [
            ("[scope]\nclass = [\"host\"]\nname_prefix = [\"web-\"]\nattributes = { \"os.name\" = \"Debian\" }", 1),
            ("[scope]\nclass = [\"device\"]", 0), ("[scope]\nname_prefix = [\"db-\"]", 0),
            ("[scope]\nattributes = { \"os.name\" = \"Windows\" }", 0), ("[scope]\nattributes = { \"x\" = \"1\" }", 0),
        ])
    func scope(scope: String, count: Int) throws {
        var facts = Self.host
        facts.attributes = ["os.name": "Debian"]
        let rules = try Self.rule("[heartbeat]", scope: scope)
        let hits = rules.hits(for: .agentSilent(ci: facts.ci, agent: "a", seconds: 180), facts: facts)
        #expect(hits.count == count)
    }

    @Test("values that are not finite, and series without the instance, say nothing")
    func oddSamples() throws {
        let rules = try Self.rule(
            "[threshold]\nmetric = \"m\"\ninstance = [\"mount\"]\nabove = 0.5\nexclude = [\"/snap\"]")
        let samples = [
            Sample(SeriesName("m", ["mount": "/"]), .nan), Sample(SeriesName("m", ["mount": "/"]), .infinity),
            Sample(SeriesName("m"), 0.9), Sample(SeriesName("other", ["mount": "/"]), 0.9),
            Sample(SeriesName("m", ["mount": "/snap/core"]), 1),
        ]
        #expect(rules.hits(for: samples, facts: Self.host).isEmpty)
        #expect(rules.hits(for: [Sample(SeriesName("m", ["mount": "/"]), 0.9)], facts: Self.host).count == 1)
    }

    @Test("C5: two file systems or two checks of one CI are two alarms, and neither hides the other")
    func instances() throws {
        let sizes = try Self.rule("[threshold]\nmetric = \"m\"\ninstance = [\"mount\"]\nabove = 0.5")
        let samples = ["/", "/var"].map { Sample(SeriesName("m", ["mount": $0]), 0.9) }
        #expect(sizes.hits(for: samples, facts: Self.host).map(\.key.instance) == ["/", "/var"])
        let checks = try Self.rule("[check]")
        let keys = ["web", "mail"].flatMap { name in
            let result = CheckResult(
                check: name, kind: "tcp", subject: .host, state: .critical, message: "", failuresInRow: 1,
                milliseconds: 1)
            return checks.hits(for: .checkReported(ci: CIID(1), agent: "a", result: result), facts: Self.host)
        }.map(\.key)
        #expect(Set(keys).count == 2)
    }

    @Test(
        "hostile words in a check's message stay one harmless line",
        arguments: [
            "{ci}{{message}}", "a\r\nBcc: x@y", "\u{1b}[31mred", "\u{202e}txt.exe", "x\u{0}y",
            String(repeating: "\u{301}", count: 32_000), String(repeating: "A", count: 100_000),
        ])
    func hostile(message: String) throws {
        let rules = try Self.rule("[check]", summary: "{check}: {message}")
        let result = CheckResult(
            check: "c\n{ci}", kind: "tcp", subject: .host, state: .critical, message: message, failuresInRow: 1,
            milliseconds: 1)
        let hits = rules.hits(for: .checkReported(ci: CIID(1), agent: "a", result: result), facts: Self.host)
        guard case .met(let finding, _) = try #require(hits.first).signal else {
            Issue.record("the check did not fire")
            return
        }
        #expect(finding.summary.unicodeScalars.count < 3000)
        #expect(finding.summary.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x202e })
        #expect(!finding.summary.contains("web-01"))
    }

    @Test(
        "an unknown state is no news; a check that is not made any more ends its alarm at once, whatever the rule waits for"
    )
    func withdrawn() throws {
        let rules = try Self.rule("[check]\nclear_hold = \"5m\"")
        var result = CheckResult(
            check: "web", kind: "tcp", subject: .host, state: .unknown, message: "not checked any more",
            failuresInRow: 0,
            milliseconds: 1)
        func hits() -> [RuleHit] {
            let event = FeedEvent.checkReported(ci: CIID(1), agent: "a", result: result)
            return rules.concerns(event) ? rules.hits(for: event, facts: Self.host) : []
        }
        #expect(hits().isEmpty)
        result.isWithdrawn = true
        guard case .unmet(let hold, let why) = try #require(hits().first).signal else {
            Issue.record("the alarm stays")
            return
        }
        #expect(hold == 0 && why == "check is unknown: not checked any more")
    }

    @Test("changes of one commit are one alarm per CI and section, with the first differences and a count")
    func collected() throws {
        let rules = try Self.rule(
            "[changed]\nwhat = [\"items\"]\nexclude = [\"linux-\"]", summary: "{count}: {changes}")
        let changes = (0..<40).map { number in
            ItemChange(key: "dpkg:p\(number):amd64", before: ["version": "1"], after: ["version": "2"])
        }
        let noise = ItemChange(key: "dpkg:linux-image:amd64", before: nil, after: ["version": "6"])
        var collector = ChangeCollector(rules: rules)
        for part in [Array(changes[..<20]) + [noise], Array(changes[20...])] {
            let event = FeedEvent.itemsChanged(
                ci: CIID(1), section: .packages, changes: part, total: part.count, source: "agent:a", firstSight: false)
            collector.add(event, facts: Self.host, container: nil, isFirstSight: false)
        }
        let hits = collector.hits
        #expect(hits.count == 1)
        guard case .occurred(let finding, _) = hits.first?.signal else {
            Issue.record("no event")
            return
        }
        #expect(finding.summary == "40: p0 1 → 2, p1 1 → 2, p2 1 → 2, p3 1 → 2, p4 1 → 2, … +35")
    }

    @Test("what appears inside a host is told of the host, and its first sight is not told")
    func appeared() throws {
        let rules = try Self.rule(
            "[changed]\nwhat = [\"appeared\", \"vanished\"]", summary: "{ci} {changes}",
            scope: "[scope]\nclass = [\"service\"]")
        let service = RuleSubject(ci: CIID(2), className: .service, name: "nginx", parent: CIID(1))
        let event = FeedEvent.ciCreated(ci: CIID(2), className: .service, name: "nginx")
        #expect(rules.subject(of: event) == CIID(2))
        var first = ChangeCollector(rules: rules)
        first.add(event, facts: service, container: Self.host, isFirstSight: true)
        #expect(first.hits.isEmpty)
        var later = ChangeCollector(rules: rules)
        later.add(event, facts: service, container: Self.host, isFirstSight: false)
        later.add(
            .ciStateChanged(ci: CIID(2), from: .active, to: .vanished), facts: service, container: Self.host,
            isFirstSight: false)
        #expect(later.hits.map(\.key) == [AlarmKey(ci: CIID(1), rule: "r", instance: "service")])
        guard case .occurred(let finding, _) = later.hits.first?.signal else { return }
        #expect(finding.summary == "web-01 +nginx, −nginx")
    }
}
