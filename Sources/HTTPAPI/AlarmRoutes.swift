import CollectorServices
import Model
import Stores
import Wire

/// Routes that read alarms and incidents.
struct AlarmRoutes: Sendable {
    let queries: QueryService

    var all: [Route] {
        [
            Route("GET", "/v1/alarms", .accounts(.read), alarms),
            Route("GET", "/v1/alarms/{id}", .accounts(.read), alarm),
            Route("GET", "/v1/incidents", .accounts(.read), incidents),
            Route("GET", "/v1/incidents/{number}", .accounts(.read), incident),
        ]
    }

    @Sendable private func alarms(_ request: APIRequest) async throws -> APIResponse {
        try request.only("state", "after", "limit")
        let limit = try request.limit()
        let states = try request.states(AlarmState.self, standard: [.pending, .firing, .acknowledged])
        let found = try await queries.alarms(in: states, after: try request.after(), limit: limit)
        let names = try await queries.names(of: Set(found.map(\.key.ci)))
        let next = found.count == limit ? found.last.map { String($0.id) } : nil
        return .json(.page(found.map { .alarm($0, ci: names[$0.key.ci]) }, next: next))
    }

    @Sendable private func alarm(_ request: APIRequest) async throws -> APIResponse {
        try request.only()
        let (alarm, history) = try await queries.alarm(id: try request.number("id"))
        let names = try await queries.names(of: [alarm.key.ci])
        guard case .object(let members) = JSON.alarm(alarm, ci: names[alarm.key.ci]) else { return .json(.null) }
        return .json(.object(members + [("history", .array(history.map(JSON.move)))]))
    }

    @Sendable private func incidents(_ request: APIRequest) async throws -> APIResponse {
        try request.only("state", "after", "limit")
        let limit = try request.limit()
        let states = try request.states(
            IncidentState.self, standard: Set(IncidentState.allCases).subtracting([.closed]))
        let found = try await queries.incidents(in: states, after: try request.after(), limit: limit)
        let names = try await queries.names(of: Set(found.map(\.ci)))
        let next = found.count == limit ? found.last.map { String($0.number) } : nil
        return .json(.page(found.map { .incident($0, ci: names[$0.ci]) }, next: next))
    }

    @Sendable private func incident(_ request: APIRequest) async throws -> APIResponse {
        try request.only()
        return .json(try await Self.page(try request.number("number"), queries))
    }

    /// An incident with everything, as the commands answer it, too.
    static func page(_ number: Int64, _ queries: QueryService) async throws -> JSON {
        let page = try await queries.incident(number: number)
        let names = try await queries.names(of: Set([page.record.ci] + page.alarms.map(\.key.ci)))
        return .incident(page, names: names)
    }
}

extension APIRequest {
    /// A positive number in the path.
    func number(_ name: String) throws(ProblemDetails) -> Int64 {
        guard let number = Int64(parameter(name)), number > 0 else {
            throw .invalid("\(name) must be a positive whole number")
        }
        return number
    }

    /// The states named by `state`, which may stand several times; `all` names every one.
    func states<State: RawRepresentable & CaseIterable & Hashable>(
        _ type: State.Type, standard: Set<State>
    ) throws(ProblemDetails) -> Set<State> where State.RawValue == String {
        let names = queries("state")
        guard !names.isEmpty else { return standard }
        if names == ["all"] { return Set(State.allCases) }
        var states: Set<State> = []
        for name in names {
            guard let state = State(rawValue: name) else {
                throw .invalid("state must be all or \(State.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            states.insert(state)
        }
        return states
    }
}
