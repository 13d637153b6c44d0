import Alarms
import Model
import Notifications
import Stores
import Testing

@testable import CollectorServices

@Suite("from a failing check to an incident and back")
struct AlarmToIncidentTests {
    @Test("a failing check opens one incident with impact and records a notification; recovery resolves it")
    func chain() async throws {
        let bench = try await PipelineBench()
        try await bench.check(.critical)
        try await bench.settle()
        let alarm = try #require(try await bench.allAlarms().first)
        #expect(alarm.state == .firing)
        let incident = try #require(try await bench.allIncidents().first)
        #expect(incident.state == .new)
        #expect(incident.ci == PipelineBench.service)
        #expect(incident.title == "nginx: check web failed: refused")
        #expect(incident.affected.map(\.name) == ["Demo shop"])
        #expect((incident.impact, incident.urgency, incident.priority.rawValue) == (.medium, .high, 2))
        #expect(alarm.incident == incident.number)
        let sent = try await bench.store.notifications(ofIncident: incident.number)
        #expect(sent.map(\.event) == ["opened"])
        #expect(sent.first?.state == .waiting)

        try await bench.check(.ok, message: "connected")
        try await bench.settle()
        #expect(try await bench.allAlarms().map(\.state) == [.cleared])
        let resolved = try #require(try await bench.allIncidents().first)
        #expect(resolved.number == incident.number)
        #expect(resolved.state == .resolved)
        let kinds = try await bench.store.timeline(of: incident.number).map(\.kind)
        #expect(kinds == [.opened, .changed, .alarm, .resolved])
        #expect(
            try await bench.store.notifications(ofIncident: incident.number).map(\.event) == ["opened", "resolved"])
        let moves = try await bench.store.alarmHistory(id: alarm.id).map(\.state)
        #expect(moves == [.firing, .firing, .cleared])
    }

    @Test("within the window the same incident is reopened, after it there is a new one")
    func reopened() async throws {
        let bench = try await PipelineBench()
        for state in [CheckState.critical, .ok] {
            try await bench.check(state)
            try await bench.settle()
        }
        bench.time.advance(seconds: 600)
        try await bench.check(.critical)
        try await bench.settle()
        let first = try #require(try await bench.allIncidents().first)
        #expect(try await bench.allIncidents().map(\.state) == [.new])
        #expect(try await bench.store.notifications(ofIncident: first.number).last?.event == "reopened")
        try await bench.check(.ok)
        try await bench.settle()
        bench.time.advance(seconds: 901)
        try await bench.check(.critical)
        try await bench.settle()
        #expect(try await bench.allIncidents().map(\.state) == [.new, .resolved])
        #expect(try await bench.allAlarms().count == 1)
    }

    @Test("alarms of one CI share an incident, which resolves with the last of them")
    func shared() async throws {
        let bench = try await PipelineBench()
        try await bench.check(.critical, name: "a")
        try await bench.check(.critical, name: "b")
        try await bench.settle()
        #expect(try await bench.allIncidents().count == 1)
        try await bench.check(.ok, name: "a")
        try await bench.settle()
        #expect(try await bench.allIncidents().map(\.state) == [.new])
        try await bench.check(.ok, name: "b")
        try await bench.settle()
        #expect(try await bench.allIncidents().map(\.state) == [.resolved])
    }

    @Test("what fails on a host that is down itself joins the host's incident")
    func hostDown() async throws {
        let bench = try await PipelineBench()
        try await bench.emit([.agentSilent(ci: PipelineBench.host, agent: "a1", seconds: 180)])
        try await bench.settle()
        try await bench.check(.critical)
        try await bench.settle()
        let incidents = try await bench.allIncidents()
        #expect(incidents.map(\.ci) == [PipelineBench.host])
        #expect(Set(try await bench.allAlarms().compactMap(\.incident)) == Set(incidents.map(\.number)))
    }

    @Test("a change is an info alarm: it opens no incident and clears itself")
    func info() async throws {
        let bench = try await PipelineBench()
        let change = ItemChange(key: "dpkg:hello:amd64", before: nil, after: ["version": "2.10"])
        try await bench.emit([
            .itemsChanged(
                ci: PipelineBench.host, section: .packages, changes: [change], total: 1, source: "agent:a1",
                firstSight: false)
        ])
        try await bench.settle()
        #expect(try await bench.allAlarms().map(\.summary) == ["packages changed on web-01: +hello 2.10"])
        #expect(try await bench.allIncidents().isEmpty)
        bench.time.advance(seconds: 3601)
        try await bench.serveTimers()
        #expect(try await bench.allAlarms().map(\.state) == [.cleared])
    }

    @Test("a new listener is told of its host, but not when it is the first one seen there")
    func listeners() async throws {
        let bench = try await PipelineBench()
        try await bench.addCI(CIID(900_010), .host, "new-01", parent: nil)
        var first = ChangeSet()
        first.cmdb = [.addCI(id: CIID(900_011), className: .service, name: "sshd", parent: CIID(900_010))]
        first.events = [.ciCreated(ci: CIID(900_011), className: .service, name: "sshd")]
        _ = try await bench.store.commit(first)
        try await bench.settle()
        #expect(try await bench.allAlarms().isEmpty)
        var second = ChangeSet()
        second.cmdb = [.addCI(id: CIID(900_012), className: .service, name: "python3:8099", parent: CIID(900_010))]
        second.events = [.ciCreated(ci: CIID(900_012), className: .service, name: "python3:8099")]
        _ = try await bench.store.commit(second)
        try await bench.settle()
        let alarm = try #require(try await bench.allAlarms().first)
        #expect(alarm.key.ci == CIID(900_010))
        #expect(alarm.summary == "listening services changed on new-01: +python3:8099")
    }

    @Test("a silence holds the notification back and says so; the alarm and the incident go on")
    func silenced() async throws {
        let bench = try await PipelineBench()
        let commands = AlarmCommands(store: bench.store, rules: bench.rules, clock: bench.time.clock)
        _ = try await commands.silence(
            ci: PipelineBench.service, rule: nil, seconds: 3600, reason: "maintenance", by: "ann")
        try await bench.check(.critical)
        try await bench.settle()
        let incident = try #require(try await bench.allIncidents().first)
        let sent = try await bench.store.notifications(ofIncident: incident.number)
        #expect(sent.map(\.state) == [.suppressed])
        #expect(sent.first?.lastAnswer.contains("maintenance") == true)
        #expect(try await bench.store.dueNotifications(at: Timestamp(milliseconds: .max), limit: 9).isEmpty)
        #expect(try await bench.store.timeline(of: incident.number).map(\.kind).contains(.notification))
        let alarm = try #require(try await bench.allAlarms().first)
        let lines = try await commands.explain(alarm.id).lines
        #expect(lines.contains { $0.hasPrefix("silenced by ann until ") })
        try await bench.check(.ok)
        try await bench.settle()
        #expect(try await bench.allIncidents().map(\.state) == [.resolved])
    }

    @Test("what a person set is not overwritten, and the collector says why it left it")
    func person() async throws {
        let bench = try await PipelineBench()
        try await bench.check(.critical)
        try await bench.settle()
        let number = try #require(try await bench.allIncidents().first?.number)
        let commands = IncidentCommands(
            store: bench.store, impact: bench.impact, matrix: bench.matrix,
            stages: NotificationStages(routes: bench.routes, texts: bench.texts), clock: bench.time.clock)
        let update = IncidentUpdate(
            state: .inProgress, impact: .low, priority: Priority(rawValue: 5), assignee: "ann", note: "looking")
        _ = try await commands.update(number, update, by: "ann")
        try await bench.check(.critical, name: "second")
        try await bench.settle()
        let during = try #require(try await bench.store.incident(number: number))
        #expect((during.state, during.impact, during.priority.rawValue) == (.inProgress, .low, 5))
        for name in ["web", "second"] { try await bench.check(.ok, name: name) }
        try await bench.settle()
        #expect(try await bench.store.incident(number: number)?.state == .inProgress)
        let texts = try await bench.store.timeline(of: number).map(\.text)
        #expect(texts.contains { $0.contains("in progress was set by a person") })
        let done = try await commands.resolve(number, note: "restarted nginx", by: "ann")
        #expect(done.state == .resolved)
        #expect(done.assignee == "ann")
    }
}
