import Alarms
import Model
import Notifications
import Stores
import Testing

@testable import CollectorServices

@Suite("what people do with alarms and incidents")
struct CommandTests {
    static func incidentCommands(_ bench: PipelineBench) -> IncidentCommands {
        IncidentCommands(
            store: bench.store, impact: bench.impact, matrix: bench.matrix,
            stages: NotificationStages(routes: bench.routes, texts: bench.texts), clock: bench.time.clock)
    }

    @Test("an alarm is acknowledged once it fires, by name, and stays so until it clears")
    func acknowledge() async throws {
        let bench = try await PipelineBench()
        let commands = AlarmCommands(store: bench.store, rules: bench.rules, clock: bench.time.clock)
        try await bench.check(.critical)
        try await bench.settle()
        let id = try #require(try await bench.allAlarms().first?.id)
        let alarm = try await commands.acknowledge(id, by: "ann\n")
        #expect((alarm.state, alarm.acknowledgedBy) == (.acknowledged, "ann\\u{a}"))
        try await bench.check(.critical)
        try await bench.settle()
        #expect(try await bench.store.alarm(id: id)?.state == .acknowledged)
        try await bench.check(.ok)
        try await bench.settle()
        await #expect(throws: ServiceRefusal.self) { try await commands.acknowledge(id, by: "ann") }
        await #expect(throws: ServiceRefusal.self) { try await commands.acknowledge(404_404, by: "ann") }
    }

    @Test("an alarm acknowledged before its incident was opened still gets one")
    func acknowledgedEarly() async throws {
        let bench = try await PipelineBench()
        let commands = AlarmCommands(store: bench.store, rules: bench.rules, clock: bench.time.clock)
        try await bench.check(.critical)
        try await bench.settleAlarms()
        _ = try await commands.acknowledge(try #require(try await bench.allAlarms().first?.id), by: "ann")
        try await bench.settle()
        #expect(try await bench.allIncidents().count == 1)
    }

    @Test(
        "a silence needs a target that exists, a reason and a sane time",
        arguments: [
            (nil as CIID?, nil as String?, Int64(3600), "r"), (PipelineBench.host, nil, 3600, ""),
            (PipelineBench.host, nil, 59, "r"), (PipelineBench.host, nil, .max, "r"), (CIID(404), nil, 3600, "r"),
            (nil, "no-such-rule", 3600, "r"),
        ])
    func badSilence(ci: CIID?, rule: String?, seconds: Int64, reason: String) async throws {
        let bench = try await PipelineBench()
        let commands = AlarmCommands(store: bench.store, rules: bench.rules, clock: bench.time.clock)
        await #expect(throws: ServiceRefusal.self) {
            try await commands.silence(ci: ci, rule: rule, seconds: seconds, reason: reason, by: "ann")
        }
        #expect(try await commands.silences().isEmpty)
    }

    @Test("an explanation names value, rule, limits, incident and what was sent")
    func explain() async throws {
        let bench = try await PipelineBench()
        let commands = AlarmCommands(store: bench.store, rules: bench.rules, clock: bench.time.clock)
        try await bench.check(.critical)
        try await bench.settle()
        let id = try #require(try await bench.allAlarms().first?.id)
        let text = try await commands.explain(id).lines.joined(separator: "\n")
        for part in [
            "firing, critical, on nginx", "value: critical", "rule check-failed", "2 times in a row", "why now:",
            "priority P2", "notification opened through ops: waiting",
        ] { #expect(text.contains(part), "\(part) in \(text)") }
    }

    @Test("a person opens an incident with impact and a notification, changes it, and each step is in the timeline")
    func byHand() async throws {
        let bench = try await PipelineBench()
        let commands = Self.incidentCommands(bench)
        let opened = try await commands.open(ci: PipelineBench.host, title: "slow\r\nX: y", by: "ann")
        #expect(opened.title == "slow\\u{d}\\u{a}X: y")
        #expect(opened.affected.count == 1)
        let taken = try await commands.update(opened.number, IncidentUpdate(assignee: "bob"), by: "ann")
        #expect(taken.state == .assigned)
        let raised = try await commands.update(opened.number, IncidentUpdate(urgency: .high), by: "ann")
        #expect(raised.priority < taken.priority)
        _ = try await commands.resolve(opened.number, note: "done", by: "bob")
        let sent = try await bench.store.notifications(ofIncident: opened.number).map(\.event)
        #expect(sent == ["opened", "resolved"])
        #expect(
            try await bench.store.timeline(of: opened.number).map(\.who) == ["ann", "ann", "ann", "ann", "bob", "bob"])
        await #expect(throws: ServiceRefusal.self) {
            try await commands.update(opened.number, IncidentUpdate(), by: "ann")
        }
        await #expect(throws: ServiceRefusal.self) { try await commands.resolve(404, note: "x", by: "ann") }
    }
}
