import Model
import Stores

extension JSON {
    /// One entry of a CI's history: what happened, with before and after where something changed.
    static func entry(_ entry: FeedEntry) -> JSON {
        .object(
            [
                ("position", .integer(entry.cursor.rawValue)), ("commit", .integer(entry.commit.rawValue)),
                ("time", .time(entry.time)),
            ] + event(entry.event))
    }

    private static func event(_ event: FeedEvent) -> [(String, JSON)] {
        switch event {
        case .ciCreated(let ci, let className, let name):
            return kind("ci-created", ci) + [("class", .text(className.rawValue)), ("name", .text(name))]
        case .ciStateChanged(let ci, let from, let to):
            return kind("ci-state-changed", ci)
                + [("changes", .array([change("state", .text(from.rawValue), .text(to.rawValue))]))]
        case .ciRenamed(let ci, let from, let to):
            return kind("ci-renamed", ci) + [("changes", .array([change("name", .text(from), .text(to))]))]
        case .attributesChanged(let ci, let changes, let source, let firstSight):
            return kind("attributes-changed", ci) + [
                ("source", .text(source)), ("first_sight", .flag(firstSight)),
                ("changes", .array(changes.map { change($0.name, value($0.before), value($0.after)) })),
            ]
        case .itemsChanged(let ci, let section, let changes, let total, let source, let firstSight):
            return kind("items-changed", ci) + [
                ("section", .text(section.rawValue)), ("source", .text(source)), ("first_sight", .flag(firstSight)),
                ("total", .integer(Int64(total))),
                ("changes", .array(changes.map { change($0.key, values($0.before), values($0.after)) })),
            ]
        case .relationAdded(let edge): return kind("relation-added", edge.source) + relation(edge)
        case .relationEnded(let edge): return kind("relation-ended", edge.source) + relation(edge)
        default: return other(event)
        }
    }

    private static func other(_ event: FeedEvent) -> [(String, JSON)] {
        switch event {
        case .checkReported(let ci, let agent, let result):
            return kind("check-reported", ci) + [
                ("source", .text("agent:\(agent)")), ("check", .text(result.check)),
                ("state", .text(result.state.rawValue)), ("message", .text(result.message)),
            ]
        case .agentHeard(let ci, let agent): return kind("agent-heard", ci) + [("agent", .text(agent))]
        case .agentSilent(let ci, let agent, let seconds):
            return kind("agent-silent", ci) + [("agent", .text(agent)), ("silent_seconds", .integer(seconds))]
        case .alarmChanged(let id, let key, let from, let to):
            return kind("alarm-changed", key.ci) + [
                ("alarm", .integer(id)), ("rule", .text(key.rule)), ("instance", .text(key.instance)),
                ("changes", .array([change("state", .optional(from?.rawValue), .text(to.rawValue))])),
            ]
        case .incidentChanged(let number, let state):
            return [("kind", "incident-changed"), ("incident", .integer(number)), ("state", .text(state.rawValue))]
        case .notificationEnded(let id, let delivered):
            return [("kind", "notification-ended"), ("notification", .integer(id)), ("delivered", .flag(delivered))]
        default: return [("kind", "other")]
        }
    }

    private static func kind(_ name: String, _ ci: CIID?) -> [(String, JSON)] {
        [("kind", .text(name)), ("ci", .optional(ci?.rawValue))]
    }

    private static func change(_ name: String, _ before: JSON, _ after: JSON) -> JSON {
        .object([("name", .text(name)), ("before", before), ("after", after)])
    }

    private static func value(_ value: AttributeValue?) -> JSON { value.map(JSON.value) ?? .null }
    private static func values(_ values: [String: AttributeValue]?) -> JSON { values.map(JSON.attributes) ?? .null }

    private static func relation(_ edge: RelationEdge) -> [(String, JSON)] {
        [
            ("relation", .text(edge.kind.rawValue)), ("from", .integer(edge.source.rawValue)),
            ("to", .integer(edge.target.rawValue)),
        ]
    }
}
