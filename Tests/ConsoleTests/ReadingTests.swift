import Alarms
import CollectorServices
import Model
import Outbound
import SQLiteStores
import Stores
import Testing

@testable import Console

@Suite("Pages say once what repeats, first what matters, and words instead of codes")
struct ReadingTests {
    private static func texts(_ language: String = "en") throws -> PageTexts {
        try CatalogueTests.languages()[language]
    }

    /// A failing look of a check at a second, the newest first.
    private static func entries(_ states: [(check: String, state: CheckState)]) -> [FeedEntry] {
        states.enumerated().map { index, look in
            FeedEntry(
                cursor: FeedCursor(rawValue: Int64(1000 - index)), commit: CommitNumber(rawValue: Int64(1000 - index)),
                time: Timestamp(seconds: Int64(1000 - index)),
                event: .checkReported(
                    ci: CIID(3), agent: "a",
                    result: CheckResult(
                        check: look.check, kind: "http", subject: .host, state: look.state, message: "no answer",
                        failuresInRow: 1, milliseconds: 5)))
        }
    }

    @Test("A check that fails again and again is one line with since when, whatever stands between")
    func folded() throws {
        let texts = try Self.texts()
        let looks: [(String, CheckState)] = [
            ("a", .critical), ("b", .ok), ("a", .critical), ("a", .critical), ("a", .ok), ("a", .critical),
        ]
        let words = HistoryWords(names: [:], of: CIID(3), asOf: nil, texts: texts)
        let lines = HistoryFold.folded(Self.entries(looks).map { words.line($0) }, texts)
        #expect(lines.map(\.times) == [3, 1, 1, 1])
        #expect(lines[0].time == Moment(Timestamp(seconds: 1000)) && lines[0].first == Moment(Timestamp(seconds: 997)))
        #expect(lines[0].repeated == "since" && lines[0].isSince)
        // The success between them ends the run: the failure before it is another one.
        #expect(lines[3].sentence.contains("fails") && lines[3].first == nil)
    }

    @Test("On the page of the CI, too: the history has the run once")
    func foldedPage() async throws {
        let bench = try await ConsoleBench.inTrouble()
        defer { bench.remove() }
        var set = ChangeSet()
        set.events = Self.entries(Array(repeating: ("a", CheckState.critical), count: 10)).map(\.event)
        _ = try await bench.store.commit(set)
        let text = await bench.get("/ci/3/history", try await bench.person("v", .viewer)).text
        #expect(text.matches(of: /Check a fails/).count == 1)
        #expect(text.contains("since <time") && !text.contains(", last <time"))
    }

    @Test("What was found for the first time is counted by class and does not stand before what vanished")
    func movements() async throws {
        let bench = try await ConsoleBench.inTrouble()
        defer { bench.remove() }
        var set = ChangeSet()
        set.events =
            [
                .relationEnded(
                    RelationEdge(source: CIID(7), kind: .dependsOn, target: CIID(5), object: 2, confidence: 100))
            ]
            + (0..<40).map { _ in .ciCreated(ci: CIID(5), className: .service, name: "n") }
        _ = try await bench.store.commit(set)
        let viewer = try await bench.person("v", .viewer)
        let text = await bench.get("/incidents/41", viewer).text
        let ended = try #require(text.range(of: "id=\"moves-ended\"")?.lowerBound)
        let found = try #require(text.range(of: "id=\"moves-found\"")?.lowerBound)
        #expect(ended < found)
        #expect(text.contains("Found for the first time: 1 business service, 1 host, 1 service"))
        // That more was found than is listed is no reason to say that changes are missing.
        #expect(!text.contains("There was more than is listed."))
        let chinese = await bench.get("/incidents/41", viewer, language: "zh-CN").text
        #expect(chinese.contains("首次发现：1 个业务服务、1 个主机、1 个服务"))
    }

    @Test("Every way in which a message is not taken has words, and the answer as it came stands behind them")
    func told() throws {
        let texts = try Self.texts()
        let kinds: [OutboundError.Kind] = [
            .badRequest, .resolution, .connection, .addressRefused, .tls, .credentials, .timeout, .tooLarge, .login,
            .broken, .cancelled, .closed,
        ]
        for kind in kinds {
            let answer = OutboundError(kind, target: "https://hooks.example.org:443", reason: "x").description
            let line = NotificationLine(Self.notification(.waiting, answer), texts)
            #expect(!line.said.contains("told.") && !line.said.contains("It was not taken."), "\(kind)")
            #expect(line.answer == answer && line.again != nil)
        }
        for (state, answer, expected) in [
            (.delivered, "taken by mail:25, recipients: 2", "The mail server accepted it."),
            (.delivered, "HTTP 204", "The receiver accepted it."),
            (.failed, "HTTP 500", "The receiver refused it. It was given up after 3 attempts."),
            (.suppressed, "silenced by ann", "silenced by ann"),
        ] as [(NotificationState, String, String)] {
            #expect(NotificationLine(Self.notification(state, answer), texts).said == expected)
        }
    }

    private static func notification(_ state: NotificationState, _ answer: String) -> NotificationRecord {
        NotificationRecord(
            id: 1, dedupeKey: "k", channel: "c", incident: 1, event: "opened", subject: "s", body: "b", state: state,
            attempts: 3, nextAttemptAt: Timestamp(seconds: 9), lastAnswer: answer, createdAt: Timestamp(seconds: 1))
    }

    @Test("The reason of a priority names what is reached, the worst alarm, or the person")
    func because() async throws {
        let bench = try await ConsoleBench.inTrouble()
        defer { bench.remove() }
        let viewer = try await bench.person("v", .viewer)
        let text = await bench.get("/incidents/41", viewer).text
        #expect(
            text.contains(
                "P1: the impact is high, because it reaches 1 business service (Shop web-01) and 1 other item; the "
                    + "urgency is high, because its worst alarm is critical (alarm 101 web-01)."))
        var incident = try #require(try await bench.store.incident(number: 41))
        incident.heldByPerson = ["urgency"]
        let rules = RuleSet([])
        let alarms = try await bench.store.alarms(ofIncident: 41)
        func reason() throws -> String {
            PriorityReason(record: incident, alarms: alarms, rules: rules, texts: try Self.texts()).sentence
        }
        #expect(try reason().hasSuffix("the urgency is high, because a person said so."))
        incident.heldByPerson = ["priority"]
        #expect(try reason() == "P1: a person set this priority.")
    }

    @Test("Conditions of the shipped rules are sentences in both languages", arguments: PageLanguages.tags)
    func conditions(language: String) throws {
        let texts = try Self.texts(language)
        let rules = try RuleSet.load(directory: CatalogueTests.root + "/collector-config/rules")
        for rule in rules.rules {
            let words = RuleWords.condition(rule, texts)
            #expect(!words.contains("rule_words.") && !words.contains("  ") && !words.contains("0.5"), "\(words)")
        }
        let listener = try #require(rules.rule(named: "listener-changed"))
        #expect(
            RuleWords.condition(listener, texts)
                == (language == "en"
                    ? "an item appears or an item vanishes; clears by itself after 1 h"
                    : "出现新的配置项或有配置项消失时触发；1 小时后自动恢复"))
    }

    @Test("A text that is a moment is one, whatever the fact; other texts stay texts")
    func moments() throws {
        let texts = try Self.texts()
        let date = FactText(.text("2026-06-24T14:37:47.000Z"), named: "install_date", texts)
        #expect(date.moment?.text == "2026-06-24 14:37 UTC")
        for text in ["2026-06-24", "12.4+deb12u11", "6.1.0-18-amd64 #1 SMP 2026-02-01", ""] {
            #expect(FactText(.text(text), named: "version", texts) == FactText(text))
        }
    }

    @Test("A piece of an agent's work has words; what no catalogue knows stands as it is")
    func receipts() throws {
        let texts = try Self.texts("zh-Hans")
        for (source, said) in [
            ("inventory/packages", "清单 · 软件包"), ("metric/cpu", "指标 · cpu"), ("inventory/x", "清单 · x"),
            ("odd", "odd"), ("a/b/c", "a · b/c"), ("/", " · "),
        ] {
            #expect(ReceiptSource(source, texts).said == said)
            #expect(ReceiptSource(source, texts).stored == source)
        }
    }

    @Test("Of what an item needs the class with the worst alarm stands first, of equally bad ones the nearest")
    func needs() async throws {
        let bench = try await ConsoleBench.inTrouble()
        defer { bench.remove() }
        let viewer = try await bench.person("v", .viewer)
        func order() async throws -> [String] {
            let text = await bench.get("/impact?ci=7&direction=dependencies", viewer).text
            return text.matches(of: /id="class-([a-z-]+)"/).map { String($0.1) }
        }
        // A critical alarm on the host, a warning on the service over it.
        #expect(try await order() == ["host", "service"])
        var set = ChangeSet()
        set.alarms = [.put(ConsoleBench.alarm(110, 5, "check-failed", .critical, .firing, "x"), reason: "holds")]
        _ = try await bench.store.commit(set)
        #expect(try await order() == ["service", "host"])
    }

    @Test("No two charts of a metric have one title: the thing's name comes first")
    func titles() throws {
        let texts = try Self.texts()
        let series = MetricSeries(
            SeriesName("system.network.io", ["network.io.direction": "receive", "network.interface.name": "eth0"]))
        #expect(series.title(texts) == "Network traffic · eth0 · received")
    }
}
