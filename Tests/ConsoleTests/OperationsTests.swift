import HTTPAPI
import Model
import SQLiteStores
import Stores
import Testing

@testable import Console

@Suite("Pages about alarms, incidents, services, agents and rules")
struct OperationsTests {
    @Test("Every page is there in both languages", arguments: ConsoleBench.operations)
    func pages(path: String) async throws {
        let bench = try await ConsoleBench.inTrouble()
        defer { bench.remove() }
        let admin = try await bench.person("admin", .admin)
        for language in ["en", "zh-CN"] {
            let answer = await bench.get(path, admin, language: language)
            #expect(answer.status == 200, "\(path)")
            // A key of the catalogue in the text is a text that is missing.
            #expect(answer.text.firstMatch(of: />\s*[a-z_]+\.[a-z]+_[a-z_]+\s*</) == nil, "\(path)")
        }
    }

    @Test("X1–X4: hostile text in every field stays text", arguments: ConsoleBench.operations)
    func hostility(path: String) async throws {
        let bench = try await ConsoleBench.inTrouble(named: hostile)
        defer { bench.remove() }
        let admin = try await bench.person("admin", .admin)
        let answer = await bench.get(path, admin)
        #expect(answer.status == 200)
        let text = answer.text
        for marker in ["<script>", "<svg onload", "\u{1b}", "href=\"javascript:", "\u{202e}"] {
            let isThere = text.utf8.indices.contains { text.utf8[$0...].starts(with: marker.utf8) }
            #expect(!isThere, "\(path): \(marker.debugDescription)")
        }
    }

    @Test("The alarm list takes its filters and refuses others; text stands in the form again")
    func filters() async throws {
        let bench = try await ConsoleBench.inTrouble()
        defer { bench.remove() }
        let viewer = try await bench.person("v", .viewer)
        for (query, expected) in [
            ("", [101, 102]), ("?state=all", [101, 102, 103]), ("?severity=warning", [102]), ("?ci=3", [101]),
            ("?text=alarm+101", [101]), ("?rule=check-failed", [101, 102]), ("?state=cleared", [103]),
        ] as [(String, [Int])] {
            let text = await bench.get("/alarms" + query, viewer).text
            let listed = (101...103).filter { text.contains("data-key=\"alarm-\($0)\"") }
            #expect(listed == expected, "\(query)")
        }
        #expect(await bench.get("/alarms?text=a%22b", viewer).text.contains("value=\"a&quot;b\""))
        for query in ["?state=x", "?severity=x", "?ci=x", "?ci=-1", "?colour=red", "?after=x"] {
            #expect(await bench.get("/alarms" + query, viewer).status == 400, "\(query)")
        }
        #expect(!(await bench.get("/alarms", viewer).text.contains("<input type=\"checkbox\"")))
    }

    @Test("Long lists come in pages without a gap or a repeat")
    func paging() async throws {
        let bench = try await ConsoleBench.inTrouble()
        defer { bench.remove() }
        var set = ChangeSet()
        set.alarms = (200..<320).map {
            .put(
                ConsoleBench.alarm(
                    $0, 3, "check-failed", Severity.allCases[Int($0) % Severity.allCases.count], .firing, "more"),
                reason: "condition holds")
        }
        set.agents = (100..<230).map {
            .addAgent(id: "b\($0)", hostname: "h\($0)", machineID: "m", version: "1")
        }
        _ = try await bench.store.commit(set)
        let viewer = try await bench.person("v", .viewer)
        for (path, key, total) in [("/alarms?text=more", "alarm-", 120), ("/agents?text=h", "agent-", 130)] {
            var seen: [String] = []
            var next: String? = path
            while let page = next, seen.count < 1000 {
                let text = await bench.get(page, viewer).text
                seen += text.matches(of: /data-key="(?:alarm|agent)-([a-z0-9]+)"/).map { String($0.1) }
                next = text.firstMatch(of: /class="button quiet" href="([^"]*after=[^"]*)"/)
                    .map { String($0.1).replacing("&amp;", with: "&") }
            }
            #expect(seen.count == total, "\(key)")
            #expect(Set(seen).count == total)
        }
    }

    @Test("A person acknowledges one alarm or several, silences and ends the silence; all of it is audited")
    func alarmActs() async throws {
        let bench = try await ConsoleBench.inTrouble()
        defer { bench.remove() }
        let mei = try await bench.person("mei", .operator)
        #expect(await bench.post("/alarms/101/ack", mei).field("location") == "/alarms/101")
        #expect(try await bench.store.alarm(id: 101)?.acknowledgedBy == "mei")
        // 103 cleared meanwhile; the others are still meant.
        let bulk = await bench.post("/alarms/ack", mei, [("id", "103"), ("id", "102")])
        #expect(bulk.field("location") == "/alarms")
        #expect(try await bench.store.alarm(id: 102)?.state == .acknowledged)
        #expect(try await bench.store.alarm(id: 103)?.state == .cleared)
        #expect(await bench.post("/alarms/ack", mei, [("id", "x")]).status == 400)
        #expect(await bench.post("/alarms/103/ack", mei).status == 409)
        #expect(await bench.post("/alarms/999/ack", mei).status == 404)

        let silence = [("scope", "both"), ("seconds", "3600"), ("reason", "we know")]
        #expect(await bench.post("/alarms/101/silence", mei, silence).status == 303)
        let held = try #require(try await bench.store.silences(at: SQLiteStore.wallTime()).first)
        #expect(held.ci == CIID(3) && held.rule == "check-failed" && held.by == "mei")
        #expect(await bench.get("/alarms/101", mei).text.contains("we know"))
        #expect(await bench.post("/alarms/101/silence", mei, [("scope", "all"), ("seconds", "3600")]).status == 400)
        #expect(
            await bench.post("/alarms/101/silence", mei, [("scope", "ci"), ("seconds", "1"), ("reason", "x")]).status
                == 400)
        // A silence without a rule is no silence of the rule whose alarm is shown.
        let wide = [("scope", "ci"), ("seconds", "3600"), ("reason", "all of it")]
        #expect(await bench.post("/alarms/101/silence", mei, wide).status == 303)
        #expect(await bench.get("/alarms/101", mei).text.contains("every rule"))
        let second = try #require(try await bench.store.silences(at: SQLiteStore.wallTime()).last)
        #expect(second.rule == nil)
        #expect(await bench.post("/silences/\(second.id)/end", mei).status == 303)
        #expect(await bench.post("/silences/\(held.id)/end", mei).field("location") == "/silences")
        #expect(try await bench.store.silences(at: SQLiteStore.wallTime()).isEmpty)
        let actions = try await bench.agents.audit(before: nil, limit: 20).filter { $0.who == "mei" }.map(\.action)
        for action in ["alarm.acknowledge", "alarm.silence", "alarm.silence-end"] { #expect(actions.contains(action)) }
    }

    @Test("A person takes, gives away, moves, notes and resolves an incident; all of it is audited")
    func incidentActs() async throws {
        let bench = try await ConsoleBench.inTrouble()
        defer { bench.remove() }
        let mei = try await bench.person("mei", .operator)
        _ = try await bench.person("ann", .operator)
        #expect(await bench.post("/incidents/41/take", mei).field("location") == "/incidents/41?done=take")
        #expect(try await bench.store.incident(number: 41)?.assignee == "mei")
        #expect(await bench.get("/incidents?show=mine", mei).text.contains("incident-41"))
        #expect(await bench.post("/incidents/41/assign", mei, [("assignee", "nobody-knows")]).status == 404)
        #expect(await bench.post("/incidents/41/assign", mei, [("assignee", "ann")]).status == 303)
        #expect(await bench.post("/incidents/41/state", mei, [("state", "in-progress")]).status == 303)
        #expect(await bench.post("/incidents/41/state", mei, [("state", "x")]).status == 400)
        #expect(await bench.post("/incidents/41/note", mei, [("note", "looked at it")]).status == 303)
        #expect(await bench.post("/incidents/41/note", mei).status == 400)
        var incident = try #require(try await bench.store.incident(number: 41))
        #expect(incident.assignee == "ann" && incident.state == .inProgress)
        #expect(incident.heldByPerson.isSuperset(of: ["assignee", "state"]))
        #expect(await bench.post("/incidents/41/resolve", mei).status == 400)
        #expect(await bench.post("/incidents/41/resolve", mei, [("note", "restarted")]).status == 303)
        incident = try #require(try await bench.store.incident(number: 41))
        #expect(incident.state == .resolved && incident.resolvedAt != nil)
        let texts = try await bench.store.timeline(of: 41).map(\.text)
        #expect(texts.contains("looked at it") && texts.contains("restarted"))
        let audited = try await bench.agents.audit(before: nil, limit: 30).count {
            $0.who == "mei" && $0.action == "incident.update"
        }
        #expect(audited == 5)
    }

    @Test("An incident's alarms are acknowledged from its own page, which says so; a viewer cannot")
    func incidentAcknowledged() async throws {
        let bench = try await ConsoleBench.inTrouble()
        defer { bench.remove() }
        let mei = try await bench.person("mei", .operator)
        #expect(await bench.post("/incidents/41/ack", try await bench.person("v", .viewer)).status == 403)
        #expect(await bench.get("/incidents/41", mei).text.contains("action=\"/incidents/41/ack\""))
        for list in ["/incidents", "/"] {
            #expect(!(await bench.get(list, mei).text.contains("· acknowledged by mei")), "\(list)")
        }
        #expect(await bench.post("/incidents/41/ack", mei).field("location") == "/incidents/41?done=ack")
        let text = await bench.get("/incidents/41?done=ack", mei).text
        #expect(text.contains("class=\"notice\"") && !text.contains("action=\"/incidents/41/ack\""))
        #expect(!(await bench.get("/incidents/41?done=%3Cb%3E", mei).text.contains("class=\"notice\"")))
        // Lists say it, too: whoever opens one sees that somebody is on it.
        for list in ["/incidents", "/"] {
            #expect(await bench.get(list, mei).text.contains("· acknowledged by mei"), "\(list)")
        }
    }

    @Test("A service that is down is the first thing the overview and its own page say")
    func downFirst() async throws {
        let bench = try await ConsoleBench.inTrouble()
        defer { bench.remove() }
        let viewer = try await bench.person("v", .viewer)
        let overview = await bench.get("/", viewer).text
        let service = try #require(overview.firstRange(of: "Shop web-01"))
        let incidents = try #require(overview.firstRange(of: "Open incidents</h2>"))
        #expect(service.lowerBound < incidents.lowerBound)
        let path = try #require(overview.firstMatch(of: /href="\/services\/([0-9]+)"/)).1
        #expect(await bench.get("/ci/\(path)", viewer).text.contains("class=\"health-value\""))
    }

    @Test("An incident shows the services it reaches with the way, and what changed before")
    func incidentPage() async throws {
        let bench = try await ConsoleBench.inTrouble()
        defer { bench.remove() }
        let text = await bench.get("/incidents/41", try await bench.person("v", .viewer)).text
        #expect(text.contains("web-01 → web-01 → Shop web-01"))
        #expect(text.contains("3.0.11") && text.contains("3.0.13"))
        #expect(!text.contains("<form action=\"/incidents"))
        // What has no page of its own leads nowhere, not back to this page.
        #expect(!text.contains("class=\"line-title\" href=\"/incidents/41\""))
    }

    @Test("An incident of which nobody knows says so first on its page, and in lists; one whose message waits does not")
    func untold() async throws {
        let bench = try await ConsoleBench.inTrouble()
        defer { bench.remove() }
        let viewer = try await bench.person("v", .viewer)
        let text = await bench.get("/incidents/41", viewer).text
        let warning = try #require(text.firstRange(of: "Nobody was told of this incident: every delivery failed."))
        let badges = try #require(text.firstRange(of: "class=\"badges\""))
        #expect(warning.lowerBound < badges.lowerBound)
        for path in ["/incidents", "/"] {
            #expect(
                await bench.get(path, viewer).text.contains("<div class=\"untold\">Nobody was told</div>"), "\(path)")
        }
        var set = ChangeSet()
        set.notifications = [
            .put(
                NotificationRecord(
                    id: 52, dedupeKey: "k2", channel: "mail", incident: 41, event: "opened", subject: "s", body: "b",
                    state: .waiting, nextAttemptAt: SQLiteStore.wallTime(), lastAnswer: "",
                    createdAt: SQLiteStore.wallTime()))
        ]
        _ = try await bench.store.commit(set)
        for path in ["/incidents/41", "/incidents", "/"] {
            #expect(!(await bench.get(path, viewer).text.contains("Nobody was told")), "\(path)")
        }
    }

    @Test("A timeline names its steps in the reader's language; an incident names the host its item lies inside")
    func steps() async throws {
        let bench = try await ConsoleBench.inTrouble()
        defer { bench.remove() }
        var set = ChangeSet()
        set.incidents = [
            .put(
                IncidentRecord(
                    number: 42, state: .new, title: "shop", ci: CIID(5), impact: .high, urgency: .high,
                    priority: Priority(rawValue: 2), affected: [], team: nil, openedAt: SQLiteStore.wallTime()))
        ]
        _ = try await bench.store.commit(set)
        let viewer = try await bench.person("v", .viewer)
        #expect(await bench.get("/incidents/41", viewer).text.contains("<strong>Note</strong>"))
        #expect(await bench.get("/incidents/41", viewer, language: "zh-CN").text.contains("<strong>备注</strong>"))
        let text = await bench.get("/incidents/42", viewer).text
        #expect(text.contains(" in <a href=\"/ci/3\">web-01</a>"))
        #expect(text.contains("Nobody was told of this incident: no channel takes its priority and event."))
    }

    @Test("Where more changed than is listed, the way to the rest leads somewhere, in the incident's first minute too")
    func rest() async throws {
        let bench = try await ConsoleBench.inTrouble()
        defer { bench.remove() }
        let viewer = try await bench.person("v", .viewer)
        #expect(!(await bench.get("/incidents/41", viewer).text.contains("Full history of")))
        var set = ChangeSet()
        set.events = (0..<120).map { .ciRenamed(ci: CIID(3), from: "a\($0)", to: "b\($0)") }
        _ = try await bench.store.commit(set)
        let text = await bench.get("/incidents/41", viewer).text
        #expect(text.contains("There was more than is listed."))
        let path = try #require(text.firstMatch(of: /href="([^"]*)">Full history of web-01/)?.1)
        #expect(await bench.get(String(path).replacing("&amp;", with: "&"), viewer).status == 200, "\(path)")
    }

    @Test("Only an alarm that asks for somebody has a prominent button to acknowledge it")
    func minor() async throws {
        let bench = try await ConsoleBench.inTrouble()
        defer { bench.remove() }
        var set = ChangeSet()
        set.alarms = [.put(ConsoleBench.alarm(104, 3, "check-failed", .info, .firing, "i"), reason: "condition holds")]
        _ = try await bench.store.commit(set)
        let mei = try await bench.person("mei", .operator)
        #expect(await bench.get("/alarms/104", mei).text.contains("<button class=\"quiet\">Acknowledge</button>"))
        #expect(await bench.get("/alarms/101", mei).text.contains("<button>Acknowledge</button>"))
        let list = await bench.get("/alarms", mei).text
        #expect(list.matches(of: /<button class="quiet small">Acknowledge/).count == 1)
        #expect(list.matches(of: /<button>Acknowledge<\/button>/).count == 2)
    }

    @Test("A service's health follows from the worst alarm below it; a silent agent below is shown")
    func health() async throws {
        let bench = try await ConsoleBench.inTrouble()
        defer { bench.remove() }
        let viewer = try await bench.person("v", .viewer)
        let text = await bench.get("/services", viewer).text
        // The critical alarm is two steps away: 100 less 90.
        #expect(text.contains("<span class=\"health-value\">10</span>"))
        #expect(text.contains("1 silent agent below it") && text.contains("alarm 101"))
        #expect(await bench.get("/services/3", viewer).status == 404)
    }

    @Test("A service's page tells which incidents it had, how long each lasted, and none that reached others alone")
    func outages() async throws {
        let bench = try await ConsoleBench.inTrouble()
        defer { bench.remove() }
        let viewer = try await bench.person("v", .viewer)
        let none = "None among the latest that ended."
        #expect(await bench.get("/services/7", viewer).text.contains(none))
        var (over, elsewhere) = (ConsoleBench.incident(38, "of the shop"), ConsoleBench.incident(39, "of another"))
        over.state = .closed
        over.openedAt = Timestamp(milliseconds: ConsoleBench.now.milliseconds - 86_400_000)
        over.resolvedAt = Timestamp(milliseconds: over.openedAt.milliseconds + 754_000)
        (elsewhere.state, elsewhere.affected, elsewhere.resolvedAt) = (.resolved, [], ConsoleBench.now)
        var set = ChangeSet()
        set.incidents = [.put(over), .put(elsewhere)]
        _ = try await bench.store.commit(set)
        let text = await bench.get("/services/7", viewer).text
        #expect(text.contains("incident 38 of the shop") && text.contains("restored after 12 min 34 s"))
        #expect(!text.contains("incident 39") && !text.contains(none))
    }

    @Test("A viewer and an operator may not do what is not theirs; without the session's token nothing is done")
    func refused() async throws {
        let bench = try await ConsoleBench.inTrouble()
        defer { bench.remove() }
        let (viewer, mei) = (try await bench.person("v", .viewer), try await bench.person("mei", .operator))
        let paths = [
            "/alarms/101/ack", "/alarms/ack", "/alarms/101/silence", "/silences/1/end", "/incidents/41/take",
            "/incidents/41/assign", "/incidents/41/state", "/incidents/41/note", "/incidents/41/resolve",
            "/discoveries/61/accept", "/discoveries/61/ignore", "/discoveries/61/link",
            "/agents/agent-1/revoke", "/agents/token",
        ]
        let fields = [
            ("id", "101"), ("scope", "ci"), ("seconds", "60"), ("reason", "r"), ("assignee", "mei"),
            ("state", "closed"), ("note", "n"), ("ci", "3"),
        ]
        let admin = try await bench.person("admin", .admin)
        for path in paths {
            #expect(await bench.post(path, viewer, fields).status == 403, "\(path)")
            #expect(await bench.post(path, admin, fields, token: false).status == 403, "\(path)")
            #expect(await bench.post(path, admin, fields, from: "cross-site").status == 403, "\(path)")
        }
        for path in paths.suffix(2) { #expect(await bench.post(path, mei, fields).status == 403, "\(path)") }
        #expect(try await bench.store.alarm(id: 101)?.state == .firing)
        #expect(try await bench.store.incident(number: 41)?.state == .new)
        #expect(try await bench.store.agent("agent-1")?.revokedReason == nil)
        let done = try await bench.agents.audit(before: nil, limit: 50).map(\.action)
        #expect(try await bench.store.discovery(id: 61)?.state == .waiting)
        for kind in ["alarm.", "incident.", "agent.", "token.", "discovery."] {
            #expect(!done.contains { $0.hasPrefix(kind) })
        }
    }

    @Test("An admin revokes an agent with a reason and makes a token that is shown once")
    func agentActs() async throws {
        let bench = try await ConsoleBench.inTrouble()
        defer { bench.remove() }
        let admin = try await bench.person("admin", .admin)
        #expect(await bench.post("/agents/agent-1/revoke", admin).status == 400)
        #expect(await bench.post("/agents/agent-1/revoke", admin, [("reason", "stolen")]).status == 303)
        #expect(try await bench.store.agent("agent-1")?.revokedReason == "stolen")
        let page = await bench.post("/agents/token", admin, [("note", "rack 4")])
        #expect(page.status == 200)
        #expect(page.text.contains("muster-agent enrol --token-file -"))
        #expect(page.text.contains("collector.example.net"))
        #expect(!(await bench.get("/agents", admin).text.contains("muster-agent enrol")))
        let actions = try await bench.agents.audit(before: nil, limit: 20).map(\.action)
        #expect(actions.contains("token.create"))
        #expect(actions.contains { $0.hasPrefix("agent.revoke") || $0.contains("revoke") })
    }

    @Test("A rule's page runs its cases now; a rule that is not in force has no page")
    func rules() async throws {
        let bench = try await ConsoleBench.inTrouble()
        defer { bench.remove() }
        let viewer = try await bench.person("v", .viewer)
        let text = await bench.get("/rules/check-failed", viewer).text
        #expect(text.contains(">passed<") && !text.contains(">failed<"))
        for name in ["nothing", "..%2f..%2fetc%2fpasswd", "%2e%2e"] {
            let status = await bench.get("/rules/" + name, viewer).status
            #expect(status == 404 || status == 400, "\(name)")
        }
    }

    @Test("After an act people come back to where they were, never to another site")
    func back() async throws {
        let bench = try await ConsoleBench.inTrouble()
        defer { bench.remove() }
        let mei = try await bench.person("mei", .operator)
        for (referrer, expected) in [
            ("https://a.example/alarms?text=x", "/alarms?text=x"), ("https://evil.example/x", "/alarms/101"),
            ("https://a.example//evil.example", "/"), ("https://a.example.evil/x", "/alarms/101"),
        ] {
            let body = "form=" + mei.formToken
            let answer = await bench.table.answer(
                method: "POST", target: "/alarms/101/ack", caller: .person(mei), address: "192.0.2.1",
                fields: RequestFields([
                    (name: "sec-fetch-site", value: "same-origin"), (name: "host", value: "a.example"),
                    (name: "referer", value: referrer),
                ]), body: { Array(body.utf8) }
            ).0
            #expect(answer.field("location") == expected, "\(referrer)")
        }
    }
}
