import Model
import ServiceDesk
import Stores
import Testing

private typealias Fixture = ServiceDeskFixture

@Suite("deciding about incidents")
struct IncidentDeciderTests {
    @Test("a firing alarm without an incident opens one with impact, urgency and priority")
    func opens() throws {
        let decision = try #require(
            try Fixture.decider().decide(Fixture.situation(Fixture.alarm(.firing), affected: [Fixture.shop])) { 99 })
        #expect(decision.incident.number == 99)
        #expect(decision.incident.priority.rawValue == 2)
        #expect(decision.alarm?.incident == 99)
        #expect(decision.event == .opened)
        #expect(decision.notes.map(\.kind) == [.opened, .changed])
    }

    @Test("pending and info alarms mean nothing, whatever else is the case", arguments: IncidentState.allCases)
    func nothing(state: IncidentState) throws {
        let decider = try Fixture.decider()
        for alarm in [Fixture.alarm(.pending), Fixture.alarm(.firing, severity: .info)] {
            let situation = Fixture.situation(alarm, candidates: [Fixture.incident(state)])
            #expect(decider.decide(situation) { 99 } == nil)
        }
    }

    @Test(
        "which incident a firing alarm goes to",
        arguments: [
            (IncidentState.new, nil as Int64?, Int64(12), nil as IncidentEvent?), (.assigned, nil, 12, nil),
            (.inProgress, nil, 12, nil), (.pending, nil, 12, nil), (.resolved, 0, 12, .reopened),
            (.resolved, -900, 12, .reopened), (.resolved, -901, 99, .opened), (.resolved, 3600, 12, .reopened),
            (.resolved, nil, 99, .opened), (.closed, 0, 99, .opened),
        ])
    func goesTo(state: IncidentState, resolved: Int64?, number: Int64, event: IncidentEvent?) throws {
        let incident = Fixture.incident(state, resolved: resolved.map { Fixture.now.adding(seconds: $0) })
        var alarm = Fixture.alarm(.firing, severity: .warning)
        alarm.incident = 11
        let decision = try #require(
            try Fixture.decider().decide(Fixture.situation(alarm, candidates: [incident])) { 99 })
        #expect(decision.incident.number == number)
        #expect(decision.event == event)
        #expect(decision.alarm?.incident == number)
        #expect(decision.incident.state == (event == nil ? state : .new))
    }

    @Test("a wider impact raises the priority once and is told; a second time it is no news")
    func raised() throws {
        let decider = try Fixture.decider()
        let situation = Fixture.situation(
            Fixture.alarm(.firing), candidates: [Fixture.incident(.new)], affected: [Fixture.shop])
        let first = try #require(decider.decide(situation) { 99 })
        #expect(first.event == .updated)
        #expect(first.incident.priority.rawValue == 2)
        var again = situation
        again.candidates = [first.incident]
        again.alarm.incident = 12
        let second = try #require(decider.decide(again) { 99 })
        #expect(second.event == nil)
        #expect(second.changesIncident == false)
    }

    @Test("fields a person set stay", arguments: ["impact", "urgency", "priority"])
    func held(field: String) throws {
        let incident = Fixture.incident(.new, held: [field])
        let decision = try #require(
            try Fixture.decider().decide(
                Fixture.situation(Fixture.alarm(.firing), candidates: [incident], affected: [Fixture.shop])
            ) { 99 })
        #expect((decision.incident.impact == .low) == (field == "impact"))
        #expect((decision.incident.urgency == .low) == (field == "urgency"))
        #expect((decision.incident.priority.rawValue == 5) == (field == "priority"))
    }

    @Test(
        "the last alarm that clears resolves, unless a person set the state",
        arguments: [
            (false, [String](), IncidentState.resolved), (true, [], .new), (false, ["state"], .new),
        ])
    func clears(others: Bool, held: [String], state: IncidentState) throws {
        let incident = Fixture.incident(.new, held: Set(held))
        let decision = try #require(
            try Fixture.decider().decide(
                Fixture.situation(Fixture.alarm(.cleared, incident: 12), candidates: [incident], others: others)
            ) { 99 })
        #expect(decision.incident.state == state)
        #expect((decision.event == .resolved) == (state == .resolved))
        #expect(decision.notes.first?.kind == .alarm)
    }

    @Test(
        "an alarm that clears after its incident ended adds a line and nothing else",
        arguments: [
            IncidentState.resolved, .closed,
        ])
    func late(state: IncidentState) throws {
        let decision = try #require(
            try Fixture.decider().decide(
                Fixture.situation(Fixture.alarm(.cleared, incident: 12), candidates: [Fixture.incident(state)])
            ) { 99 })
        #expect(decision.changesIncident == false)
        #expect(decision.event == nil)
    }

    @Test("a list of affected CIs is bounded, services first")
    func bounded() throws {
        let many = (0..<5000).map {
            AffectedCI(ci: CIID(Int64(1000 + $0)), className: .host, name: "h\($0)", path: [])
        }
        let decider = try Fixture.decider()
        let opened = try #require(
            decider.decide(Fixture.situation(Fixture.alarm(.firing), affected: [Fixture.shop] + many)) { 99 })
        #expect(opened.incident.affected.count == IncidentDecider.affectedLimit)
        let joined = try #require(
            decider.decide(
                Fixture.situation(
                    Fixture.alarm(.firing), candidates: [Fixture.incident(.new)], affected: many + [Fixture.shop])
            ) { 99 })
        #expect(joined.incident.affected.first?.name == "Demo shop")
        #expect(joined.incident.affected.count == IncidentDecider.affectedLimit)
    }

    @Test(
        "hostile words from hosts stay in their line in every text",
        arguments: [
            "a\r\nBcc: x@y", "{who}{{x}}", "\u{1b}[2J", "\u{202e}evil", "<script>alert(1)</script>",
        ])
    func hostile(summary: String) throws {
        let decider = try Fixture.decider()
        let decision = try #require(
            decider.decide(Fixture.situation(Fixture.alarm(.firing, summary: summary), affected: [Fixture.shop])) { 9 })
        let message = IncidentMessage(
            .opened, incident: decision.incident, ciName: "web\n", alarm: summary, severity: .major,
            texts: decider.texts)
        for text in [decision.incident.title, message.subject] + decision.notes.map(\.text) {
            #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x202e })
        }
        #expect(message.body.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 })
        #expect(!message.subject.contains("ann"))
    }
}
