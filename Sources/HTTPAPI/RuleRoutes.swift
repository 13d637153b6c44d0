import Alarms
import Wire

/// The route that lists the alarm rules in force.
struct RuleRoutes: Sendable {
    let rules: RuleSet

    var all: [Route] { [Route("GET", "/v1/rules", .accounts(.read), list)] }

    @Sendable private func list(_ request: APIRequest) async throws -> APIResponse {
        try request.only()
        return .json(.page(rules.rules.map(Self.row), next: nil))
    }

    private static func row(_ rule: AlarmRule) -> JSON {
        .object([
            ("name", .text(rule.name)), ("severity", .text(rule.severity.rawValue)),
            ("condition", .text(kind(rule.condition))), ("summary", .text(rule.about)),
            ("hold_seconds", .integer(rule.hold)),
            ("classes", .array(rule.scope.classes.map(\.rawValue).sorted().map(JSON.text))),
        ])
    }

    private static func kind(_ condition: RuleCondition) -> String {
        switch condition {
        case .threshold(let threshold): "threshold \(threshold.metric) \(threshold.side.rawValue) \(threshold.limit)"
        case .heartbeat: "heartbeat"
        case .check: "check"
        case .changed: "changed"
        }
    }
}
