import Model
import Stores

/// One value that changed, with what it was before.
struct ChangeView: Sendable {
    let name: String
    let before: JSON
    let after: JSON
}

extension Shape where Value == ChangeView {
    /// A changed value: a fact's value, or all attributes of an item.
    static var change: Shape {
        let fact = Shape<AttributeValue>.fact.schema
        let facts = Shape<[String: AttributeValue]>.facts.schema
        let schema = Schema(
            [("anyOf", .array([fact.written, facts.written, .object([("type", "null")])]))], name: "ChangedValue",
            parts: [fact, facts])
        let value = Shape<JSON>(schema: schema) { $0 }
        return .object(
            "Change",
            [
                Member("name", .text, "The fact's name or the item's key.") { $0.name },
                Member("before", value, "null when it was not there.") { $0.before },
                Member("after", value, "null when it is gone.") { $0.after },
            ])
    }
}

/// What kind of thing happened.
enum EntryKind: String, CaseIterable, Sendable {
    case ciCreated = "ci-created"
    case ciStateChanged = "ci-state-changed"
    case ciRenamed = "ci-renamed"
    case attributesChanged = "attributes-changed"
    case itemsChanged = "items-changed"
    case relationAdded = "relation-added"
    case relationEnded = "relation-ended"
    case checkReported = "check-reported"
    case deviceReported = "device-reported"
    case agentHeard = "agent-heard"
    case agentSilent = "agent-silent"
    case alarmChanged = "alarm-changed"
    case incidentChanged = "incident-changed"
    case discoveryChanged = "discovery-changed"
    case notificationEnded = "notification-ended"
}

/// The members of a history entry that depend on what happened; those that are nil are left out.
struct EntryView: Sendable {
    let entry: FeedEntry
    var kind: EntryKind = .ciCreated
    var ci: Int64?
    var className: String?
    var name: String?
    var source: String?
    var isFirstSight: Bool?
    var section: String?
    var total: Int?
    var changes: [ChangeView]?
    var edge: RelationEdge?
    var check: String?
    var state: String?
    var message: String?
    var event: DeviceEvent?
    var isLate: Bool?
    var agent: String?
    var silentSeconds: Int64?
    var alarm: Int64?
    var rule: String?
    var instance: String?
    var incident: Int64?
    var discovery: Int64?
    var notification: Int64?
    var isDelivered: Bool?

    init(_ entry: FeedEntry) {
        self.entry = entry
        takeCI(entry.event)
        takeRest(entry.event)
    }

    private mutating func takeCI(_ event: FeedEvent) {
        switch event {
        case .ciCreated(let ci, let className, let name):
            (kind, self.ci, self.className, self.name) = (.ciCreated, ci.rawValue, className.rawValue, name)
        case .ciStateChanged(let ci, let from, let to):
            (kind, self.ci) = (.ciStateChanged, ci.rawValue)
            changes = [ChangeView(name: "state", before: .text(from.rawValue), after: .text(to.rawValue))]
        case .ciRenamed(let ci, let from, let to):
            (kind, self.ci) = (.ciRenamed, ci.rawValue)
            changes = [ChangeView(name: "name", before: .text(from), after: .text(to))]
        case .attributesChanged(let ci, let changes, let source, let firstSight):
            (kind, self.ci, self.source, isFirstSight) = (.attributesChanged, ci.rawValue, source, firstSight)
            self.changes = changes.map {
                ChangeView(
                    name: $0.name, before: $0.before.map(JSON.value) ?? .null, after: $0.after.map(JSON.value) ?? .null)
            }
        case .itemsChanged(let ci, let section, let changes, let total, let source, let firstSight):
            (kind, self.ci, self.section) = (.itemsChanged, ci.rawValue, section.rawValue)
            (self.total, self.source, isFirstSight) = (total, source, firstSight)
            self.changes = changes.map {
                ChangeView(
                    name: $0.key, before: $0.before.map(JSON.attributes) ?? .null,
                    after: $0.after.map(JSON.attributes) ?? .null)
            }
        default: break
        }
    }

    private mutating func takeRest(_ event: FeedEvent) {
        switch event {
        case .relationAdded(let edge): (kind, ci, self.edge) = (.relationAdded, edge.source.rawValue, edge)
        case .relationEnded(let edge): (kind, ci, self.edge) = (.relationEnded, edge.source.rawValue, edge)
        case .checkReported(let ci, let agent, let result):
            (kind, self.ci, source, check) = (.checkReported, ci.rawValue, "agent:\(agent)", result.check)
            (state, message) = (result.state.rawValue, result.message)
        case .deviceReported(let ci, let agent, let event, let isLate):
            (kind, self.ci, source, self.event) = (.deviceReported, ci.rawValue, "agent:\(agent)", event)
            (message, self.isLate) = (event.summary, isLate)
        case .agentHeard(let ci, let agent): (kind, self.ci, self.agent) = (.agentHeard, ci?.rawValue, agent)
        case .agentSilent(let ci, let agent, let seconds):
            (kind, self.ci, self.agent, silentSeconds) = (.agentSilent, ci?.rawValue, agent, seconds)
        case .alarmChanged(let id, let key, let from, let to):
            (kind, ci, alarm, rule, instance) = (.alarmChanged, key.ci.rawValue, id, key.rule, key.instance)
            changes = [
                ChangeView(name: "state", before: .optional(from?.rawValue), after: .text(to.rawValue))
            ]
        case .incidentChanged(let number, let state):
            (kind, incident, self.state) = (.incidentChanged, number, state.rawValue)
        case .discoveryChanged(let id, let name, let from, let to, let ci):
            (kind, discovery, self.name, self.ci) = (.discoveryChanged, id, name, ci?.rawValue)
            changes = [
                ChangeView(name: "state", before: .optional(from?.rawValue), after: .optional(to?.rawValue))
            ]
        case .notificationEnded(let id, let delivered):
            (kind, notification, isDelivered) = (.notificationEnded, id, delivered)
        default: break
        }
    }
}

extension Shape where Value == EntryView {
    /// One entry of a CI's history: what happened, with before and after where something changed.
    static var entry: Shape {
        .object(
            "HistoryEntry",
            [
                Member("position", .integer) { $0.entry.cursor.rawValue },
                Member("commit", .integer) { $0.entry.commit.rawValue },
                Member("time", .time) { $0.entry.time },
                Member("kind", .word) { $0.kind },
                .optional("ci", .integer) { $0.ci },
                .optional("class", .text) { $0.className },
                .optional("name", .text) { $0.name },
                .optional("source", .text) { $0.source },
                .optional("first_sight", .flag, "Whether these are the values it was created with.") {
                    $0.isFirstSight
                },
                .optional("section", .text) { $0.section },
                .optional("total", .number, "How many items changed; changes holds at most 100.") { $0.total },
                .optional("changes", Shape<ChangeView>.change.list) { $0.changes },
                .optional("relation", .word) { $0.edge?.kind },
                .optional("from", .integer) { $0.edge?.source.rawValue },
                .optional("to", .integer) { $0.edge?.target.rawValue },
                .optional("check", .text) { $0.check },
                .optional("state", .text) { $0.state },
                .optional("message", .text) { $0.message },
                .optional("event", .text, "What happened to a device: link-down, ups-on-battery and so on.") {
                    $0.event?.kind.rawValue
                },
                .optional("object", .text, "The name of what it happened to.") {
                    $0.event.flatMap { $0.object.isEmpty ? nil : $0.object }
                },
                .optional("neighbour", .text, "The device at the other end of the interface.") { $0.event?.neighbour },
                .optional("origin", .text, "trap, or poll for what was seen by asking.") { $0.event?.origin.rawValue },
                .optional("late", .flag, "Whether newer reports came first: then no rule looks at it.") { $0.isLate },
                .optional("agent", .text) { $0.agent },
                .optional("silent_seconds", .integer) { $0.silentSeconds },
                .optional("alarm", .integer) { $0.alarm },
                .optional("rule", .text) { $0.rule },
                .optional("instance", .text) { $0.instance },
                .optional("incident", .integer) { $0.incident },
                .optional("discovery", .integer) { $0.discovery },
                .optional("notification", .integer) { $0.notification },
                .optional("delivered", .flag) { $0.isDelivered },
            ])
    }
}
