import CollectorServices
import Model
import Stores

/// Routes that read incidents.
struct IncidentRoutes: Sendable {
    let queries: QueryService

    var all: [Route] {
        [
            Route(
                "GET", "/v1/incidents", .accounts(.read),
                "Incidents, newest first; by default those that are not closed.", answers: .page(of: .incident), list),
            Route(
                "GET", "/v1/incidents/{number}", .accounts(.read),
                "An incident with affected CIs, timeline, alarms and notifications.", answers: .incidentPage,
                versions: { [.incident(number: $0.incident.record.number, version: $0.incident.record.version)] }, show
            ).tagged(),
            Route(
                "GET", "/v1/incidents/{number}/affected", .accounts(.read),
                "CIs that an incident reaches, business services first.", answers: .page(of: .affected), affected),
            Route(
                "GET", "/v1/incidents/{number}/timeline", .accounts(.read), "The timeline, oldest first.",
                answers: .page(of: .timeline), timeline),
            Route(
                "GET", "/v1/incidents/{number}/alarms", .accounts(.read), "Alarms that belong to an incident.",
                answers: .page(of: .alarm), alarms),
            Route(
                "GET", "/v1/incidents/{number}/notifications", .accounts(.read),
                "What was sent for an incident, oldest first.", answers: .page(of: .notification), notifications),
        ]
    }

    private struct Filter: Input {
        let states: Set<IncidentState>

        init(_ read: inout InputReader) throws {
            states = try read.states(
                IncidentState.self, standard: Set(IncidentState.allCases).subtracting([.closed]))
        }
    }

    @Sendable private func list(
        _ input: Listed<Filter, Listings.Incidents>, _ request: APIRequest
    ) async throws -> Page<IncidentView> {
        let found = try await queries.incidents(in: input.target.states, after: input.after, limit: input.limit + 1)
        let page = Listings.Incidents.cursor.page(found, limit: input.limit) { $0.number }
        let names = try await queries.names(of: Set(page.items.map(\.ci)))
        return Page(items: page.items.map { IncidentView(record: $0, ci: names[$0.ci]) }, next: page.next)
    }

    @Sendable private func show(_ input: OneIncident, _ request: APIRequest) async throws -> IncidentFullView {
        try await Self.full(input.number, queries)
    }

    /// An incident with everything, as the commands answer it, too.
    static func full(_ number: Int64, _ queries: QueryService) async throws -> IncidentFullView {
        let page = try await queries.incident(number: number)
        let names = try await queries.names(of: Set([page.record.ci] + page.alarms.map(\.key.ci)))
        let alarms = page.alarms.map { AlarmView(record: $0, ci: names[$0.key.ci]) }
        let limit = CIRoutes.embedded
        return IncidentFullView(
            incident: IncidentView(record: page.record, ci: names[page.record.ci]),
            affected: Listings.Affected.cursor.page(of: page.record.affected, after: nil, limit: limit),
            timeline: Listings.Timeline.cursor.page(of: page.timeline, after: nil, limit: limit),
            alarms: Listings.IncidentAlarms.cursor.page(of: alarms, after: nil, limit: limit),
            notifications: Listings.Notifications.cursor.page(of: page.notifications, after: nil, limit: limit))
    }

    @Sendable private func affected(
        _ input: Listed<OneIncident, Listings.Affected>, _ request: APIRequest
    ) async throws -> Page<AffectedCI> {
        let incident = try await queries.incident(number: input.target.number)
        return Listings.Affected.cursor.page(of: incident.record.affected, after: input.after, limit: input.limit)
    }

    @Sendable private func timeline(
        _ input: Listed<OneIncident, Listings.Timeline>, _ request: APIRequest
    ) async throws -> Page<TimelineEntry> {
        let incident = try await queries.incident(number: input.target.number)
        return Listings.Timeline.cursor.page(of: incident.timeline, after: input.after, limit: input.limit)
    }

    @Sendable private func alarms(
        _ input: Listed<OneIncident, Listings.IncidentAlarms>, _ request: APIRequest
    ) async throws -> Page<AlarmView> {
        let incident = try await queries.incident(number: input.target.number)
        let page = Listings.IncidentAlarms.cursor.page(of: incident.alarms, after: input.after, limit: input.limit)
        let names = try await queries.names(of: Set(page.items.map(\.key.ci)))
        return Page(items: page.items.map { AlarmView(record: $0, ci: names[$0.key.ci]) }, next: page.next)
    }

    @Sendable private func notifications(
        _ input: Listed<OneIncident, Listings.Notifications>, _ request: APIRequest
    ) async throws -> Page<NotificationRecord> {
        let incident = try await queries.incident(number: input.target.number)
        return Listings.Notifications.cursor.page(
            of: incident.notifications, after: input.after, limit: input.limit)
    }
}

/// An incident in the path.
struct OneIncident: Input {
    let number: Int64

    init(_ read: inout InputReader) throws {
        number = try read.required(.path, "number", .number, "The incident's number.")
    }
}
