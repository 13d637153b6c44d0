import CollectorServices
import Model
import Stores

/// Routes that read alarms and silences.
struct AlarmRoutes: Sendable {
    let queries: QueryService
    let commands: AlarmCommands

    var all: [Route] {
        [
            Route(
                "GET", "/v1/alarms", .accounts(.read), "Alarms, newest first; by default those that are not cleared.",
                answers: .page(of: .alarm), list),
            Route(
                "GET", "/v1/alarms/{id}", .accounts(.read), "An alarm with every move.", answers: .alarmPage,
                versions: { [.alarm($0.alarm.record.key, version: $0.alarm.record.version)] }, show
            ).tagged(),
            Route(
                "GET", "/v1/alarms/{id}/history", .accounts(.read), "The moves of an alarm, oldest first.",
                answers: .page(of: .move), history),
            Route(
                "GET", "/v1/alarms/{id}/explain", .accounts(.read),
                "Value, rule, why now, why somebody was told or not.", answers: .explanation, explain),
            Route(
                "GET", "/v1/silences", .accounts(.read), "Silences that hold now.", answers: .page(of: .silence),
                silences),
            Route(
                "GET", "/v1/silences/{id}", .accounts(.read), "A silence that holds now.", answers: .silence, silence
            ).tagged(),
        ]
    }

    private struct Filter: Input {
        let states: Set<AlarmState>
        let ci: String?

        init(_ read: inout InputReader) throws {
            states = try read.states(AlarmState.self, standard: [.pending, .firing, .acknowledged])
            ci = try read.optional(.query, "ci", .text(1...255), "Only this CI: its number, name or class:name.")
        }
    }

    @Sendable private func list(
        _ input: Listed<Filter, Listings.Alarms>, _ request: APIRequest
    ) async throws -> Page<AlarmView> {
        var query = AlarmQuery(states: input.target.states, after: input.after, limit: input.limit + 1)
        if let ci = input.target.ci { query.cis = [try await queries.resolve(ci)] }
        let page = Listings.Alarms.cursor.page(try await queries.alarms(query), limit: input.limit) { $0.id }
        let names = try await queries.names(of: Set(page.items.map(\.key.ci)))
        return Page(items: page.items.map { AlarmView(record: $0, ci: names[$0.key.ci]) }, next: page.next)
    }

    @Sendable private func show(_ input: OneAlarm, _ request: APIRequest) async throws -> AlarmPage {
        let (alarm, history) = try await queries.alarm(id: input.id)
        let names = try await queries.names(of: [alarm.key.ci])
        return AlarmPage(
            alarm: AlarmView(record: alarm, ci: names[alarm.key.ci]),
            history: Listings.AlarmMoves.cursor.page(of: history, after: nil, limit: CIRoutes.embedded))
    }

    @Sendable private func history(
        _ input: Listed<OneAlarm, Listings.AlarmMoves>, _ request: APIRequest
    ) async throws -> Page<AlarmMove> {
        let (_, history) = try await queries.alarm(id: input.target.id)
        return Listings.AlarmMoves.cursor.page(of: history, after: input.after, limit: input.limit)
    }

    @Sendable private func explain(_ input: OneAlarm, _ request: APIRequest) async throws -> AlarmExplanation {
        try await commands.explain(input.id)
    }

    @Sendable private func silences(
        _ input: Listed<NoInput, Listings.Silences>, _ request: APIRequest
    ) async throws -> Page<SilenceRecord> {
        let all = try await commands.silences()
        return Listings.Silences.cursor.page(of: all, after: input.after, limit: input.limit) { sortable($0.id) }
    }

    @Sendable private func silence(_ input: OneSilence, _ request: APIRequest) async throws -> SilenceRecord {
        guard let silence = try await commands.silences().first(where: { $0.id == input.id }) else {
            throw ServiceRefusal.notFound("no silence \(input.id) holds")
        }
        return silence
    }
}

/// An alarm in the path.
struct OneAlarm: Input {
    let id: Int64

    init(_ read: inout InputReader) throws {
        id = try read.required(.path, "id", .number, "The alarm's number.")
    }
}

/// A silence in the path.
struct OneSilence: Input {
    let id: Int64

    init(_ read: inout InputReader) throws {
        id = try read.required(.path, "id", .number, "The silence's number.")
    }
}

extension InputReader {
    /// The states named by `state`, which may stand several times; `all` names every one.
    mutating func states<State: RawRepresentable & CaseIterable & Hashable & Sendable>(
        _ type: State.Type, standard: Set<State>
    ) throws -> Set<State> where State.RawValue == String {
        let every = Set(State.allCases)
        let words = State.allCases.map { ($0.rawValue, Set([$0])) } + [("all", every)]
        let usual = State.allCases.filter(standard.contains).map(\.rawValue).joined(separator: ", ")
        let named = try several(
            "state", .words(words), count: 0...10, "Only these states; all names every one. By default \(usual).")
        return named.isEmpty ? standard : named.reduce(into: []) { $0.formUnion($1) }
    }
}
