import CollectorServices
import Model
import Stores

/// Routes that people use to work on alarms and incidents.
struct CommandRoutes: Sendable {
    let queries: QueryService
    let alarms: AlarmCommands
    let incidents: IncidentCommands

    var all: [Route] {
        [
            Route(
                "POST", "/v1/alarms/{id}/ack", .accounts(.operate), "Says that somebody knows of an alarm.",
                answers: .alarm, acknowledge
            ).guarded(by: "/v1/alarms/{id}"),
            Route(
                "POST", "/v1/alarms/{id}/silence", .accounts(.operate),
                "Makes no notifications for an alarm's CI and rule for a while.", answers: .silence, status: 201,
                silence
            ).guarded(by: "/v1/alarms/{id}"),
            Route(
                "POST", "/v1/silences/{id}/end", .accounts(.operate), "Ends a silence now.", answers: .silence,
                endSilence
            ).guarded(by: "/v1/silences/{id}"),
            Route(
                "POST", "/v1/incidents", .accounts(.operate), "Opens an incident by hand.", answers: .incidentPage,
                status: 201, open),
            Route(
                "POST", "/v1/incidents/{number}", .accounts(.operate),
                "Changes an incident; what a person sets the collector leaves alone.", answers: .incidentPage, update
            ).guarded(by: "/v1/incidents/{number}"),
            Route(
                "POST", "/v1/incidents/{number}/resolve", .accounts(.operate), "Says that service is restored.",
                answers: .incidentPage, resolve
            ).guarded(by: "/v1/incidents/{number}"),
        ]
    }

    @Sendable private func acknowledge(_ input: OneAlarm, _ request: APIRequest) async throws -> AlarmView {
        let alarm = try await alarms.acknowledge(input.id, by: request.caller.name)
        return AlarmView(record: alarm, ci: try await queries.names(of: [alarm.key.ci])[alarm.key.ci])
    }

    private struct Silence: Input {
        let id: Int64
        let seconds: Int64
        let reason: String

        init(_ read: inout InputReader) throws {
            id = try OneAlarm(&read).id
            seconds = try read.required(
                .body, "seconds", .integer(60...7_776_000), "How long: one minute to 90 days.")
            reason = try read.required(.body, "reason", .text(1...500), "Why, in one line.")
        }
    }

    @Sendable private func silence(_ input: Silence, _ request: APIRequest) async throws -> SilenceRecord {
        let (alarm, _) = try await queries.alarm(id: input.id)
        return try await alarms.silence(
            ci: alarm.key.ci, rule: alarm.key.rule, seconds: input.seconds, reason: input.reason,
            by: request.caller.name)
    }

    @Sendable private func endSilence(_ input: OneSilence, _ request: APIRequest) async throws -> SilenceRecord {
        try await alarms.endSilence(input.id, by: request.caller.name)
    }

    private struct Opening: Input {
        let ci: String
        let title: String
        let urgency: Grade

        init(_ read: inout InputReader) throws {
            ci = try read.required(.body, "ci", .text(1...255), "The CI: its number, name or class:name.")
            title = try read.required(.body, "title", .text(1...300), "What is wrong, in one line.")
            urgency =
                try read.optional(
                    .body, "urgency", Kind<Grade>.grade, "How soon it must be fixed.", shownDefault: "medium")
                ?? .medium
        }
    }

    @Sendable private func open(_ input: Opening, _ request: APIRequest) async throws -> IncidentFullView {
        let incident = try await incidents.open(
            ci: try await queries.resolve(input.ci), title: input.title, urgency: input.urgency,
            by: request.caller.name)
        return try await IncidentRoutes.full(incident.number, queries)
    }

    private struct Update: Input {
        let number: Int64
        let update: IncidentUpdate

        init(_ read: inout InputReader) throws {
            number = try OneIncident(&read).number
            let priority = try read.optional(
                .body, "priority", .integer(1...5), "1 (first) to 5, instead of the one from impact and urgency.")
            update = IncidentUpdate(
                state: try read.optional(.body, "state", Kind<IncidentState>.word, "The new state."),
                title: try read.optional(.body, "title", .text(1...300), "One line."),
                impact: try read.optional(.body, "impact", Kind<Grade>.grade, "How much hangs on it."),
                urgency: try read.optional(.body, "urgency", Kind<Grade>.grade, "How soon it must be fixed."),
                priority: priority.flatMap { Priority(rawValue: Int($0)) },
                team: try read.optional(.body, "team", .text(0...100), "The team; empty takes it away."),
                assignee: try read.optional(.body, "assignee", .text(0...100), "The person; empty takes it away."),
                note: try read.optional(.body, "note", .text(1...4000), "A line for the timeline."))
        }
    }

    @Sendable private func update(_ input: Update, _ request: APIRequest) async throws -> IncidentFullView {
        _ = try await incidents.update(input.number, input.update, by: request.caller.name)
        return try await IncidentRoutes.full(input.number, queries)
    }

    private struct Resolution: Input {
        let number: Int64
        let note: String

        init(_ read: inout InputReader) throws {
            number = try OneIncident(&read).number
            note = try read.required(.body, "note", .text(1...4000), "What solved it.")
        }
    }

    @Sendable private func resolve(_ input: Resolution, _ request: APIRequest) async throws -> IncidentFullView {
        _ = try await incidents.resolve(input.number, note: input.note, by: request.caller.name)
        return try await IncidentRoutes.full(input.number, queries)
    }
}
