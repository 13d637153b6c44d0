import Model
import Stores
import TOML

/// A case of a rule: what comes in at which time, and where the alarm must stand after it.
public struct RuleTestCase: Sendable {
    /// What it shows.
    public var name: String
    /// The CI it is about.
    public var facts: RuleSubject
    /// What happens, in order of time.
    public var steps: [Step]

    /// One moment of a case.
    public struct Step: Sendable {
        /// Seconds since the case began.
        public var at: Int64
        /// Values reported then.
        public var samples: [Sample]
        /// Events then, all in one commit.
        public var events: [FeedEvent]
        /// Who acknowledges then; nil for nobody.
        public var acknowledgedBy: String?
        /// The instance that is looked at; nil when there is at most one alarm.
        public var instance: String?
        /// Where the alarm must stand; nil when there must be none.
        public var expected: AlarmState?
        /// What the alarm must say; nil when that does not matter.
        public var summary: String?
    }
}

/// The word for the expected state in files; `none` for no alarm.
private enum ExpectedState: String, CaseIterable {
    case none, pending, firing, acknowledged, cleared
}

extension RuleTestCase {
    private static let subject = CIID(1)

    init(from table: TOMLTable) throws(TOMLError) {
        name = try table.requiredString("name")
        let ci = try table.table("ci")
        facts = RuleSubject(
            ci: Self.subject, className: CIClass(rawValue: try ci?.string("class") ?? "host"),
            name: try ci?.string("name") ?? "web-01")
        if let attributes = try ci?.table("attributes") { facts.attributes = try attributes.attributeValues() }
        steps = []
        for step in try table.tables("step") { steps.append(try Step(from: step, facts: facts)) }
        guard !steps.isEmpty else { throw table.missing("step") }
    }
}

extension RuleTestCase.Step {
    fileprivate init(from table: TOMLTable, facts: RuleSubject) throws(TOMLError) {
        at = try table.seconds("at") ?? 0
        samples = []
        for sample in try table.tables("sample") {
            let series = SeriesName(try sample.requiredString("metric"), try sample.texts("attributes"))
            samples.append(Sample(series, try sample.requiredDouble("value")))
        }
        events = try Self.events(from: table, facts: facts)
        acknowledgedBy = try table.string("acknowledged_by")
        instance = try table.string("instance")
        expected = AlarmState(
            rawValue: try table.requiredChoice("expect", among: ExpectedState.self).rawValue)
        summary = try table.string("summary")
    }

    private static func events(from table: TOMLTable, facts: RuleSubject) throws(TOMLError) -> [FeedEvent] {
        var events: [FeedEvent] = []
        if let check = try table.table("check") { events.append(try checkEvent(check, facts)) }
        for event in try table.tables("event") { events.append(try deviceEvent(event, facts)) }
        if let seconds = try table.seconds("silent") {
            events.append(.agentSilent(ci: facts.ci, agent: "agent-1", seconds: seconds))
        }
        if try table.bool("heard") == true { events.append(.agentHeard(ci: facts.ci, agent: "agent-1")) }
        for item in try table.tables("item") { events.append(try itemEvent(item, facts)) }
        for attribute in try table.tables("attribute") { events.append(try attributeEvent(attribute, facts)) }
        if try table.bool("appeared") == true {
            events.append(.ciCreated(ci: facts.ci, className: facts.className, name: facts.name))
        }
        if try table.bool("vanished") == true {
            events.append(.ciStateChanged(ci: facts.ci, from: .active, to: .vanished))
        }
        return events
    }

    private static func checkEvent(_ table: TOMLTable, _ facts: RuleSubject) throws(TOMLError) -> FeedEvent {
        let state = try table.requiredChoice("state", among: CheckState.self)
        let result = CheckResult(
            check: try table.string("check") ?? "web", kind: try table.string("kind") ?? "tcp", subject: .host,
            state: state, message: try table.string("message") ?? "",
            failuresInRow: try table.int("failures_in_row", in: 0...1_000_000) ?? (state == .ok ? 0 : 1),
            milliseconds: 1)
        return .checkReported(ci: facts.ci, agent: "agent-1", result: result)
    }

    private static func deviceEvent(_ table: TOMLTable, _ facts: RuleSubject) throws(TOMLError) -> FeedEvent {
        let event = DeviceEvent(
            kind: DeviceEventKind(rawValue: try table.requiredString("kind")),
            subject: .device(target: try table.string("device") ?? "sw-1"),
            interface: facts.className == .interface ? 1 : nil, object: try table.string("object") ?? "",
            neighbour: try table.string("neighbour"), origin: .trap, trap: try table.string("trap") ?? "",
            details: try table.strings("details") ?? [])
        return .deviceReported(
            ci: facts.ci, agent: "agent-1", event: event, isLate: try table.bool("late") ?? false)
    }

    private static func itemEvent(_ table: TOMLTable, _ facts: RuleSubject) throws(TOMLError) -> FeedEvent {
        let change = ItemChange(
            key: try table.requiredString("key"), before: try table.table("before")?.attributeValues(),
            after: try table.table("after")?.attributeValues())
        return .itemsChanged(
            ci: facts.ci, section: SectionName(rawValue: try table.requiredString("section")), changes: [change],
            total: 1, source: "agent:agent-1", firstSight: try table.bool("first_sight") ?? false)
    }

    private static func attributeEvent(_ table: TOMLTable, _ facts: RuleSubject) throws(TOMLError) -> FeedEvent {
        let change = AttributeChange(
            name: try table.requiredString("name"), before: try table.attributeValue("before"),
            after: try table.attributeValue("after"))
        return .attributesChanged(
            ci: facts.ci, changes: [change], source: "agent:agent-1",
            firstSight: try table.bool("first_sight") ?? false)
    }
}

extension TOMLTable {
    fileprivate func attributeValues() throws(TOMLError) -> [String: AttributeValue] {
        var values: [String: AttributeValue] = [:]
        for key in keys { values[key] = try attributeValue(key) }
        return values
    }

    fileprivate func attributeValue(_ key: String) throws(TOMLError) -> AttributeValue? {
        switch node(key)?.value {
        case nil: nil
        case .string: .text(try requiredString(key))
        case .integer(let number): .integer(number)
        case .boolean(let flag): .flag(flag)
        case .real: .real(try requiredDouble(key))
        default: .list(try strings(key) ?? [])
        }
    }
}
