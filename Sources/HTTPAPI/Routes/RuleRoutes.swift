import Alarms
import Model

/// The route that lists the alarm rules in force.
struct RuleRoutes: Sendable {
    let rules: RuleSet

    var all: [Route] {
        [
            Route(
                "GET", "/v1/rules", .accounts(.read), "Alarm rules in force, by name.", answers: .page(of: .rule), list)
        ]
    }

    @Sendable private func list(
        _ input: Listed<NoInput, Listings.Rules>, _ request: APIRequest
    ) async throws -> Page<AlarmRule> {
        Listings.Rules.cursor.page(of: rules.rules, after: input.after, limit: input.limit) { $0.name }
    }
}

extension Shape where Value == AlarmRule {
    /// A rule.
    static var rule: Shape {
        .object(
            "Rule",
            [
                Member("name", .text) { $0.name }, Member("severity", .word) { $0.severity },
                Member("condition", .text) { condition($0.condition) }, Member("summary", .text) { $0.about },
                Member("hold_seconds", .integer) { $0.hold },
                Member("classes", Shape<String>.text.list, "Empty for all.") {
                    $0.scope.classes.map(\.rawValue).sorted()
                },
            ])
    }

    private static func condition(_ condition: RuleCondition) -> String {
        switch condition {
        case .threshold(let threshold): "threshold \(threshold.metric) \(threshold.side.rawValue) \(threshold.limit)"
        case .heartbeat: "heartbeat"
        case .check: "check"
        case .changed: "changed"
        case .event: "event"
        }
    }
}
