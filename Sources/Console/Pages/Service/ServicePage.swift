import CMDB
import CollectorServices
import HTTPAPI
import Model
import Stores

/// The page of one business service.
struct ServicePage: Sendable {
    let maker: PageMaker
    let queries: QueryService
    let health: ServiceHealth

    var all: [Route] { [maker.page("/services/{number}", .read, make)] }

    private static let listed = 100
    private static let listedEnded = 20

    @Sendable private func make(_ asked: PageRequest) async throws -> Page {
        try asked.request.only()
        let texts = asked.texts
        let report = try await health.report(of: CIID(try asked.number("number")))
        let alarms = report.causes.prefix(Self.listed).map(\.alarm)
        let ended = try await health.ended(of: report.service.id).prefix(Self.listedEnded)
        let names = try await queries.names(
            of: Set(alarms.map(\.key.ci) + report.incidents.map(\.ci) + ended.map(\.ci)))
        let known = try await queries.acknowledgements(Array(report.incidents.prefix(Self.listed)))
        let severities = try await queries.firingSeverities(of: Set(report.needs.map(\.ci)))
        let needs = report.needs.sorted {
            (severities[$0.ci]?.rank ?? 9, $0.distance, $0.ci) < (severities[$1.ci]?.rank ?? 9, $1.distance, $1.ci)
        }
        let hidden = needs.count - Self.listed
        let name = report.service.name.shownOnOneLine(limit: 120)
        let model = ServiceModel(
            name: name, state: Badge(report.state, texts), health: report.health, ciPath: Site.ci(report.service.id),
            impactPath: Site.path(
                Site.impact, [("ci", report.service.id.description), ("direction", "dependencies")]),
            incidents: report.incidents.prefix(Self.listed).map {
                IncidentLine($0, names: names, acknowledgedBy: known[$0.number], texts)
            },
            alarms: alarms.map { AlarmLine($0, names: names, texts) },
            ended: .init(incidents: ended.map { IncidentLine($0, names: names, texts) }),
            unheard: report.silent.prefix(Self.listed).map {
                .init(name: $0.hostname.shownOnOneLine(limit: 80), path: Site.agent($0.id), heard: Moment($0.heardAt))
            },
            needs: needs.prefix(Self.listed).map { need in
                .init(
                    ci: CILink(need.ci, name: need.name, className: need.className, texts),
                    worst: severities[need.ci].map { Badge($0, texts) }, way: Self.way(need))
            },
            moreNeeds: hidden > 0 || report.isCut
                ? texts.text("ci_history.more", ["count": String(max(hidden, 0)) + (report.isCut ? "+" : "")]) : nil)
        return Page(ServiceView.view, title: name, place: .services, model: model)
    }

    /// The names on the way from the service; a way's steps are stored as `class name`.
    private static func way(_ need: ImpactedCI) -> String {
        let names = need.path.map { step in
            let parts = step.split(separator: " ", maxSplits: 1)
            return String(parts.count == 2 ? parts[1] : Substring(step)).shownOnOneLine(limit: 60)
        }
        var way = names
        if way.count > 6 { way.replaceSubrange(3..<(way.count - 3), with: ["…"]) }
        return way.joined(separator: " → ")
    }
}
