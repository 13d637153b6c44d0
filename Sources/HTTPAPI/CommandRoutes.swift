import CollectorServices
import Model
import Stores
import Wire

/// Routes that people use to work on alarms and incidents.
struct CommandRoutes: Sendable {
    let queries: QueryService
    let alarms: AlarmCommands
    let incidents: IncidentCommands

    var all: [Route] {
        [
            Route("GET", "/v1/alarms/{id}/explain", .accounts(.read), explain),
            Route("POST", "/v1/alarms/{id}/ack", .accounts(.operate), acknowledge),
            Route("POST", "/v1/alarms/{id}/silence", .accounts(.operate), silence),
            Route("POST", "/v1/incidents", .accounts(.operate), open),
            Route("POST", "/v1/incidents/{number}", .accounts(.operate), update),
            Route("POST", "/v1/incidents/{number}/resolve", .accounts(.operate), resolve),
        ]
    }

    @Sendable private func explain(_ request: APIRequest) async throws -> APIResponse {
        try request.only()
        let answer = try await alarms.explain(try request.number("id"))
        return .json(
            .object([
                ("alarm", .integer(answer.alarm.id)), ("state", .text(answer.alarm.state.rawValue)),
                ("ci_name", .text(answer.ciName)), ("rule", .text(answer.alarm.key.rule)),
                ("rule_about", .optional(answer.rule)), ("condition", .text(answer.condition)),
                ("value", .text(answer.alarm.value)), ("incident", .optional(answer.incident?.number)),
                ("history", .array(answer.moves.map(JSON.move))),
                ("silences", .array(answer.silences.map(JSON.silence))),
                ("lines", .array(answer.lines.map(JSON.text))),
            ]))
    }

    @Sendable private func acknowledge(_ request: APIRequest) async throws -> APIResponse {
        try request.only()
        let alarm = try await alarms.acknowledge(try request.number("id"), by: request.caller.name)
        return .json(.alarm(alarm, ci: try await queries.names(of: [alarm.key.ci])[alarm.key.ci]))
    }

    private struct Silence: Decodable {
        var seconds: Int64
        var reason: String
    }

    @Sendable private func silence(_ request: APIRequest) async throws -> APIResponse {
        try request.only()
        let order = try request.decoded(Silence.self)
        let (alarm, _) = try await queries.alarm(id: try request.number("id"))
        let silence = try await alarms.silence(
            ci: alarm.key.ci, rule: alarm.key.rule, seconds: order.seconds, reason: order.reason,
            by: request.caller.name)
        return .json(.silence(silence), status: 201)
    }

    private struct Opening: Decodable {
        var ci: String
        var title: String
        var urgency: String?
    }

    @Sendable private func open(_ request: APIRequest) async throws -> APIResponse {
        try request.only()
        let order = try request.decoded(Opening.self)
        let incident = try await incidents.open(
            ci: try await queries.resolve(order.ci), title: order.title,
            urgency: try Self.grade(order.urgency, "urgency") ?? .medium, by: request.caller.name)
        return .json(try await AlarmRoutes.page(incident.number, queries), status: 201)
    }

    private struct Update: Decodable {
        var state: String?
        var title: String?
        var impact: String?
        var urgency: String?
        var priority: Int?
        var team: String?
        var assignee: String?
        var note: String?
    }

    @Sendable private func update(_ request: APIRequest) async throws -> APIResponse {
        try request.only()
        let order = try request.decoded(Update.self)
        var update = IncidentUpdate(
            title: order.title, impact: try Self.grade(order.impact, "impact"),
            urgency: try Self.grade(order.urgency, "urgency"), team: order.team, assignee: order.assignee,
            note: order.note)
        if let name = order.state {
            guard let state = IncidentState(rawValue: name) else {
                throw ProblemDetails.invalid(
                    "state must be \(IncidentState.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            update.state = state
        }
        if let number = order.priority {
            guard (1...5).contains(number) else { throw ProblemDetails.invalid("priority must be 1 to 5") }
            update.priority = Priority(rawValue: number)
        }
        let number = try request.number("number")
        _ = try await incidents.update(number, update, by: request.caller.name)
        return .json(try await AlarmRoutes.page(number, queries))
    }

    private struct Resolution: Decodable { var note: String }

    @Sendable private func resolve(_ request: APIRequest) async throws -> APIResponse {
        try request.only()
        let number = try request.number("number")
        _ = try await incidents.resolve(
            number, note: try request.decoded(Resolution.self).note, by: request.caller.name)
        return .json(try await AlarmRoutes.page(number, queries))
    }

    private static func grade(_ word: String?, _ name: String) throws(ProblemDetails) -> Grade? {
        guard let word else { return nil }
        guard let grade = Grade.allCases.first(where: { $0.word.utf8.elementsEqual(word.utf8) }) else {
            throw .invalid("\(name) must be high, medium or low")
        }
        return grade
    }
}

extension JSON {
    /// A silence.
    static func silence(_ record: SilenceRecord) -> JSON {
        .object([
            ("id", .integer(record.id)), ("ci", .optional(record.ci?.rawValue)), ("rule", .optional(record.rule)),
            ("until", .time(record.until)), ("reason", .text(record.reason)), ("by", .text(record.by)),
        ])
    }
}
