import CollectorServices
import Foundation
import HTTPAPI
import Model
import SQLiteStores
import Stores
import Testing

@testable import Console

@Suite("Pages about configuration items")
struct CIPagesTests {
    @Test("Every page answers in both languages, without a key that has no words")
    func everyPage() async throws {
        let fleet = try await SmallFleet()
        defer { fleet.bench.remove() }
        let now = SQLiteStore.wallTime().rfc3339
        for language in ["en", "zh-CN"] {
            for path in SmallFleet.paths {
                for past in [false, true] where !past || path.hasPrefix("/ci/") || path.hasPrefix("/impact") {
                    let target = past ? path + (path.contains("?") ? "&" : "?") + "as_of=" + Site.encoded(now) : path
                    let answer = await fleet.bench.get(target, fleet.viewer, language: language)
                    #expect(answer.status == 200, "\(target)")
                    #expect(answer.text.matches(of: /<h1/).count == 1, "\(target)")
                    let key = answer.text.firstMatch(
                        of:
                            />[^<]*\b(?:ci|cis|ci_history|ci_items|ci_metrics|impact|as_of|map|relation|unit)\.[a-z_]+[^<]*</
                    )
                    #expect(key == nil, "\(target): \(key?.output ?? "")")
                    #expect(answer.text.contains("class=\"past\"") == past, "\(target)")
                }
            }
        }
    }

    /// Texts of rows X1 to X4 of the threats.
    static let hostile = [
        "<script>alert(1)</script>", "<svg onload=alert(1)>", "<img src=x onerror=\"hacked()\">", "javascript:alert(1)",
        "\" onmouseover=\"hacked()", "'\u{301}><b>", "\u{202e}gnp.exe", "zero\u{200b}width\u{feff}",
        "{{t.frame.more}}{{{x}}}",
        "a\r\nSet-Cookie: x=1", "=cmd|' /C calc'!A0", "\u{1b}]0;x\u{7}", "../../etc/passwd", "e\u{301}", "\u{e9}",
        "x" + String(repeating: "\u{301}", count: 900),
    ]

    @Test("Hostile texts in every field stay text on every page", arguments: [0, 1, 2, 3])
    func hostileTexts(turn: Int) async throws {
        // Each field gets other texts in each turn; the number keeps names and keys apart.
        let fleet = try await SmallFleet { Self.hostile[($0 + turn * 4) % Self.hostile.count] + "\($0)" }
        defer { fleet.bench.remove() }
        let section = Site.encoded(Self.hostile[(16 + turn * 4) % Self.hostile.count] + "16")
        for path in SmallFleet.paths + ["/ci/3/items/" + section.replacing("%2F", with: "x")] {
            let answer = await fleet.bench.get(path, fleet.viewer)
            #expect([200, 400].contains(answer.status), "\(path): \(answer.status)")
            for sign in ["<script>", "<svg onload", "<img", "onmouseover=\"hacked", "<b>", "href=\"javascript:"] {
                #expect(!answer.text.utf8.contains(sign.utf8), "\(path): \(sign)")
            }
            for scalar in ["\u{202e}", "\u{200b}", "\u{feff}", "\u{1b}", "\u{301}\u{301}\u{301}\u{301}\u{301}"] {
                let isShown = answer.text.utf8.contains(scalar.utf8)
                // What a person typed comes back in its field.
                #expect(!isShown, "\(path): \(scalar.unicodeScalars.map(\.value))")
            }
        }
    }

    @Test("The page of a CI has facts with units, sources and other words, relations, alarms and incidents")
    func content() async throws {
        let fleet = try await SmallFleet()
        defer { fleet.bench.remove() }
        let host = await fleet.bench.get("/ci/3", fleet.viewer).text
        for part in [
            "23.5 GiB", "name-10", "also said:", "person name-0", "href=\"/ci/5\"",
            "href=\"/impact?ci=3&amp;direction=dependents\"",
            "name-8", "href=\"/alarms/100\"", "href=\"/incidents/200\"",
            "data-live=\"cis relations alarms incidents checks\"",
        ] { #expect(host.contains(part), "\(part)") }
        let service = await fleet.bench.get("/ci/5", fleet.viewer).text
        for part in ["Runs on", "Needed by", "80 % sure", "name-5</a> ›", "badge critical"] {
            #expect(service.contains(part), "\(part)")
        }
        if MapTests.hasDot { #expect(service.contains("<svg role=\"group\"")) }
    }

    @Test(
        "Hosts of one name are told apart in the list and on their pages, and a doubt about one stands on the first page"
    )
    func namesakes() async throws {
        let fleet = try await SmallFleet()
        defer { fleet.bench.remove() }
        var set = ChangeSet()
        set.cmdb = [
            .addObject(id: 110, source: 1, scope: "device:other", key: "", className: .host, parent: nil),
            .addCI(id: CIID(11), className: .host, name: "name-5", parent: nil), .bind(object: 110, ci: CIID(11)),
            .setAttribute(ci: CIID(3), attribute: "system.serial", value: "A-1", object: 30),
            .setAttribute(ci: CIID(11), attribute: "system.serial", value: "B-2", object: 110),
        ]
        set.agents = [
            .audit(
                who: "collector", action: "identity-held", target: "ci:11",
                detail: "mac 52:54:00:00:00:01 points at CI 3 (name-5): the key belongs to that CI; not merged"),
            .audit(who: "collector", action: "identity-held", target: "ci:400", detail: "of a CI that is gone"),
        ]
        _ = try await fleet.bench.store.commit(set)
        let list = await fleet.bench.get("/ci?query=name-5", fleet.viewer).text
        #expect(list.contains("CI 3 · Serial number A-1") && list.contains("CI 11 · Serial number B-2"))
        #expect(await fleet.bench.get("/ci/3", fleet.viewer).text.contains(#"href="/ci/11">CI 11 · Serial number B-2"#))
        #expect(!(await fleet.bench.get("/ci/9", fleet.viewer).text.contains("namesakes")))
        let first = await fleet.bench.get("/", fleet.viewer, language: "zh-CN").text
        #expect(first.contains("指向配置项 3（name-5）：该标识属于那个配置项") && !first.contains("of a CI that is gone"))
    }

    @Test("The past shows what was, says so, keeps its moment in links, and has the alarms of then")
    func past() async throws {
        let fleet = try await SmallFleet()
        defer { fleet.bench.remove() }
        let moment = try #require(try await fleet.bench.store.alarmHistory(id: 100).last?.time)
        while SQLiteStore.wallTime() <= moment { await Task.yield() }
        try await fleet.commit(
            [
                .setName(ci: CIID(3), name: "renamed"),
                .setAttribute(ci: CIID(3), attribute: "system.model", value: "new model", object: 30),
                .endRelation(.init(source: CIID(9), kind: .dependsOn, target: CIID(5), object: 90, confidence: 80)),
                .setItem(object: 30, section: .packages, key: "name-13", attributes: nil),
            ], [.ciRenamed(ci: CIID(3), from: "name-5", to: "renamed")])
        var alarm = try #require(try await fleet.bench.store.alarm(id: 100))
        alarm.state = .cleared
        var set = ChangeSet()
        set.alarms = [.put(alarm, reason: "over")]
        _ = try await fleet.bench.store.commit(set)
        let query = "as_of=" + Site.encoded(moment.rfc3339)
        let now = await fleet.bench.get("/ci/3", fleet.viewer).text
        #expect(now.contains("renamed") && now.contains("new model") && !now.contains("class=\"past\""))
        let then = await fleet.bench.get("/ci/3?" + query, fleet.viewer).text
        #expect(then.contains("name-5") && then.contains("name-9") && !then.contains("new model"))
        #expect(then.contains("href=\"/ci/5?as_of=") && !then.contains("data-live="))
        #expect(!now.contains("data-key=\"alarm-100\"") && then.contains("data-key=\"alarm-100\""))
        // What is over cannot be acknowledged.
        #expect(!then.contains("/alarms/100/ack"))
        #expect(await fleet.bench.get("/ci/3/items/packages?" + query, fleet.viewer).text.contains("name-13"))
        #expect(!(await fleet.bench.get("/ci/3/items/packages", fleet.viewer).text.contains("name-13")))
        #expect(await fleet.bench.get("/impact?ci=3&" + query, fleet.viewer).text.contains("name-8"))
        #expect(!(await fleet.bench.get("/impact?ci=3", fleet.viewer).text.contains("name-8</a>")))
        #expect(!(await fleet.bench.get("/ci/3/history?" + query, fleet.viewer).text.contains("renamed")))
    }

    @Test(
        "A moment in the future, one that is none, and one before everything are refused in the reader's words",
        arguments: [
            ("9999-01-01T00:00:00Z", 400, "future"), ("yesterday", 400, "not readable"),
            ("1990-01-01T00:00", 404, "no configuration item 3"),
        ])
    func oddMoments(moment: String, status: Int, words: String) async throws {
        let fleet = try await SmallFleet()
        defer { fleet.bench.remove() }
        for path in ["/ci/3", "/ci/3/items/packages", "/ci/3/history", "/ci/3/metrics"] {
            let answer = await fleet.bench.get(path + "?as_of=" + Site.encoded(moment), fleet.viewer)
            #expect(answer.status == status, "\(path)")
            #expect(answer.text.contains(words), "\(path)")
        }
    }

    @Test(
        "Numbers without a CI get a page that helps",
        arguments: ["77", "0", "-1", "99999999999999999999", "web01", "%3Cb%3E"])
    func unknown(id: String) async throws {
        let fleet = try await SmallFleet()
        defer { fleet.bench.remove() }
        for path in ["/ci/\(id)", "/ci/\(id)/history", "/ci/\(id)/metrics", "/ci/\(id)/items/packages"] {
            let answer = await fleet.bench.get(path, fleet.viewer)
            #expect(answer.status == 404)
            #expect(answer.text.contains("name=\"query\"") && !answer.text.contains("<b>"))
        }
        #expect(await fleet.bench.get("/ci/\(id)/values?series=x", fleet.viewer).status == 404)
    }

    @Test("Lists go on where they ended and lose nothing")
    func paging() async throws {
        let fleet = try await SmallFleet()
        defer { fleet.bench.remove() }
        var changes: [CMDBChange] = []
        for number in 0..<250 {
            changes.append(.addCI(id: CIID(Int64(1000 + number)), className: .host, name: "srv-\(number)", parent: nil))
            changes.append(
                .setItem(object: 30, section: .packages, key: "deb:p\(number)", attributes: ["version": "1"]))
            changes.append(
                .addRelation(
                    .init(
                        source: CIID(Int64(1000 + number)), kind: .dependsOn, target: CIID(5), object: 90,
                        confidence: 80)))
        }
        try await fleet.commit(changes)
        for (path, row, count) in [
            ("/ci?query=srv-", "href=\"/ci/1", 250), ("/ci?class=host", "href=\"/ci/1", 250),
            ("/ci/3/items/packages?find=DEB%3Ap", "<td class=\"main\"><span title=\"deb:", 250),
            ("/ci/5/links/relation-depends-on-in", "href=\"/ci/1", 250),
        ] {
            var seen = 0
            var next: String? = path
            var pages = 0
            while let here = next, pages < 10 {
                let text = await fleet.bench.get(here, fleet.viewer).text
                seen += text.split(separator: row, omittingEmptySubsequences: false).count - 1
                next = text.firstMatch(of: /class="button quiet" href="([^"]*after=[^"]*)"/)
                    .map { String($0.1).replacing("&amp;", with: "&") }
                pages += 1
            }
            #expect(seen == count, "\(path)")
            #expect(pages > 1)
        }
    }

    @Test("A viewer cannot open an incident, an operator can, a wrong title is refused")
    func opening() async throws {
        let fleet = try await SmallFleet()
        defer { fleet.bench.remove() }
        #expect(!(await fleet.bench.get("/ci/3", fleet.viewer).text.contains("/ci/3/incident")))
        #expect(await fleet.bench.post("/ci/3/incident", fleet.viewer, [("title", "x")]).status == 403)
        let operating = try await fleet.bench.person("ops", .operator)
        #expect(await fleet.bench.get("/ci/3", operating).text.contains("action=\"/ci/3/incident\""))
        #expect(await fleet.bench.post("/ci/3/incident", operating, [("title", "x")], token: false).status == 403)
        #expect(await fleet.bench.post("/ci/3/incident", operating, [("title", " ")]).status == 400)
        #expect(await fleet.bench.post("/ci/77/incident", operating, [("title", "x")]).status == 404)
        let answer = await fleet.bench.post(
            "/ci/3/incident", operating, [("title", "<b>smoke</b>"), ("urgency", "high")])
        #expect(answer.status == 303)
        let number = try #require(answer.field("location")?.split(separator: "/").last.flatMap { Int64($0) })
        let incident = try #require(try await fleet.bench.store.incident(number: number))
        #expect(incident.title == "<b>smoke</b>" && incident.urgency == .high && incident.ci == CIID(3))
    }

    @Test("Values of a series come thinned and in the unit they are shown in, for people only")
    func values() async throws {
        let fleet = try await SmallFleet()
        defer { fleet.bench.remove() }
        let samples = try SQLiteSampleStore(directory: fleet.bench.directory + "/samples")
        let now = SQLiteStore.wallTime()
        let series = SeriesName("system.memory.usage", ["system.memory.state": "used"])
        // What broke long ago has its curve up to then.
        let broken = SeriesName("http.client.request.duration", ["muster.check": "a;b=c"])
        for number in 0..<3 {
            try await samples.store(
                StoredSamples(
                    agent: "a", epoch: 2, sequence: UInt64(number + 1), ci: CIID(3),
                    receivedAt: now.adding(seconds: Int64(number - 600) * 6),
                    values: [Sample(broken, 0.25)]))
        }
        for number in 0..<600 {
            try await samples.store(
                StoredSamples(
                    agent: "a", epoch: 1, sequence: UInt64(number + 1), ci: CIID(3),
                    receivedAt: now.adding(seconds: Int64(number - 600) * 5),
                    values: [Sample(series, Double(1 << 30)), Sample(SeriesName("evil\"<b>"), 1)]))
        }
        let page = await fleet.bench.get("/ci/3/metrics", fleet.viewer).text
        #expect(page.contains("1 GiB") && page.contains("evil&quot;&lt;b&gt;"))
        // Each group of series has its place; what is known stands before what is not.
        let places = try ["id=\"metrics-memory\"", "1 GiB", "id=\"metrics-other\"", "evil&quot;"].map {
            try #require(page.range(of: $0)?.lowerBound)
        }
        #expect(places == places.sorted())
        let path = "/ci/3/values?series=" + Site.encoded("system.memory.usage;system.memory.state=used")
        let answer = await fleet.bench.get(path, fleet.viewer)
        #expect(answer.mediaType == "application/json")
        struct Values: Decodable {
            var unit: String
            var times: [String]
            var values: [Double]
        }
        let values = try JSONDecoder().decode(Values.self, from: Data(answer.body))
        #expect(values.unit == "GiB" && values.values.allSatisfy { $0 == 1 })
        #expect(values.times.count == values.values.count && (100...240).contains(values.times.count))
        let old = "/ci/3/values?series=" + Site.encoded(MetricSeries(broken).key)
        let oldValues = try JSONDecoder().decode(Values.self, from: Data(await fleet.bench.get(old, fleet.viewer).body))
        #expect(oldValues.values == [250, 250, 250] && oldValues.unit == "ms")
        #expect(await fleet.bench.get(path, nil).status == 303)
        #expect(await fleet.bench.get("/ci/3/values?series=nothing", fleet.viewer).status == 404)
        #expect(await fleet.bench.get(path + "&hours=1000", fleet.viewer).status == 400)
    }

    @Test("The page of a file system says when it will be full at its growth, and nothing where there is no line")
    func forecast() async throws {
        let fleet = try await SmallFleet()
        defer { fleet.bench.remove() }
        try await fleet.commit(
            [
                .addObject(
                    id: 80, source: 1, scope: "host", key: "filesystem:/srv", className: .filesystem, parent: 30),
                .addCI(id: CIID(8), className: .filesystem, name: "/srv", parent: CIID(3)),
                .bind(object: 80, ci: CIID(8)),
            ], [])
        #expect(await !fleet.bench.get("/ci/8", fleet.viewer).text.contains("id=\"forecast\""))
        let samples = try SQLiteSampleStore(directory: fleet.bench.directory + "/samples")
        let series = SeriesName("system.filesystem.utilization", ["system.filesystem.mountpoint": "/srv"])
        let now = SQLiteStore.wallTime()
        for day in 0..<10 {
            try await samples.store(
                StoredSamples(
                    agent: "a", epoch: 1, sequence: UInt64(day + 1), ci: CIID(3),
                    receivedAt: now.adding(seconds: Int64(day - 9) * 86_400),
                    values: [Sample(series, 0.5 + 0.03 * Double(day))]))
        }
        _ = try await samples.retain(SampleRetention())
        let page = await fleet.bench.get("/ci/8", fleet.viewer).text
        #expect(page.contains("id=\"forecast\"") && page.contains("3 % of its size a day over the last 9 days"))
        #expect(await !fleet.bench.get("/ci/3", fleet.viewer).text.contains("id=\"forecast\""))
    }

    @Test("History and metrics stand before the sections among the tabs, and the worst alarm before the others")
    func order() async throws {
        let fleet = try await SmallFleet()
        defer { fleet.bench.remove() }
        var set = ChangeSet()
        set.alarms = [(101, Severity.info, AlarmState.firing), (102, .critical, .pending), (103, .major, .firing)].map {
            .put(
                AlarmRecord(
                    id: $0.0, key: AlarmKey(ci: CIID(3), rule: "r", instance: "\($0.0)"), state: $0.2,
                    severity: $0.1, summary: "s", value: "v", since: Timestamp(seconds: 5), occurrences: 1),
                reason: "test")
        }
        _ = try await fleet.bench.store.commit(set)
        let page = await fleet.bench.get("/ci/3", fleet.viewer).text
        let tabs = try ["/ci/3/history", "/ci/3/metrics", "/ci/3/items/packages"].map {
            try #require(page.range(of: "<li><a href=\"\($0)\"")?.lowerBound)
        }
        #expect(tabs == tabs.sorted())
        let alarms = page.matches(of: /data-key="alarm-([0-9]+)"/).map { String($0.1) }
        #expect(alarms == ["100", "103", "101", "102"])
    }

    @Test("What hangs on a CI is listed with the way that says why; numbers nobody has are named")
    func impact() async throws {
        let fleet = try await SmallFleet()
        defer { fleet.bench.remove() }
        let text = await fleet.bench.get("/impact?ci=3&ci=77", fleet.viewer).text
        #expect(text.contains("name-5 → name-6 → name-8"))
        #expect(text.contains("configuration item 77"))
        let order = try ["class-business-service", "class-service", "class-interface"].map {
            try #require(text.range(of: $0)?.lowerBound)
        }
        #expect(order == order.sorted())
        #expect(await fleet.bench.get("/impact?ci=x", fleet.viewer).status == 400)
        let many = (1...21).map { "ci=\($0)" }.joined(separator: "&")
        #expect(await fleet.bench.get("/impact?" + many, fleet.viewer).status == 400)
        #expect(await fleet.bench.get("/impact?ci=3&wrong=1", fleet.viewer).status == 400)
    }
}

extension Collection where Element == UInt8 {
    /// Whether the bytes stand somewhere in it.
    fileprivate func contains(_ wanted: some Collection<UInt8>) -> Bool {
        String(decoding: self, as: UTF8.self).range(
            of: String(decoding: wanted, as: UTF8.self), options: .literal) != nil
    }
}
