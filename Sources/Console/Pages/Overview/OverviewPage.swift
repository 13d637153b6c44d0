import CollectorServices
import HTTPAPI
import Model
import Stores

/// The first page.
struct OverviewPage: Sendable {
    let maker: PageMaker
    let queries: QueryService
    let fleet: FleetOverview
    let health: ServiceHealth

    var all: [Route] { [maker.page(Site.overview, .read, make)] }

    private static let listed = 8
    /// Of so many of the newest the worst are listed.
    private static let looked = 100
    /// Business services looked at; the page of services has all.
    private static let services = 50

    @Sendable private func make(_ asked: PageRequest) async throws -> Page {
        try asked.request.only()
        let figures = try await fleet.figures()
        let alarms = try await queries.alarms(in: [.firing, .acknowledged], after: nil, limit: Self.looked)
            .sorted { ($0.severity.rank, $1.id) < ($1.severity.rank, $0.id) }.prefix(Self.listed)
        let open = Set(IncidentState.allCases).subtracting([.resolved, .closed])
        let incidents = try await queries.incidents(in: open, after: nil, limit: Self.looked)
            .sorted { ($0.priority.rawValue, $1.number) < ($1.priority.rawValue, $0.number) }.prefix(Self.listed)
        let ill = try await health.list(after: nil, limit: Self.services).filter { $0.state != .well }
            .sorted { ($0.health, $0.service.id) < ($1.health, $1.service.id) }.prefix(Self.listed)
        let names = try await queries.names(
            of: Set(alarms.map(\.key.ci) + incidents.map(\.ci) + ill.compactMap { $0.causes.first?.alarm.key.ci }))
        let untold = try await queries.untold(Array(incidents))
        let known = try await queries.acknowledgements(Array(incidents))
        let tone = Self.tone(figures)
        let model = OverviewModel(
            headline: Self.headline(figures, asked), tone: tone, tiles: Self.tiles(figures, asked),
            cards: ill.map { ServiceCards.card($0, names, asked.texts) },
            incidents: incidents.map {
                IncidentLine(
                    $0, names: names, untold: untold[$0.number], acknowledgedBy: known[$0.number], asked.texts)
            },
            alarms: alarms.map { AlarmLine($0, names: names, asked.texts) },
            silentAgents: figures.silent.map {
                .init(name: $0.hostname.shownOnOneLine(limit: 80), path: Site.agent($0.id), heard: Moment($0.heardAt))
            },
            failedReceipts: figures.failures.map {
                .init(
                    agent: $0.hostname.shownOnOneLine(limit: 80), path: Site.agent($0.agent),
                    source: ReceiptSource($0.receipt.source, asked.texts),
                    message: asked.texts.said($0.receipt.message, limit: 200))
            },
            doubts: figures.doubts.map {
                .init(
                    ci: CILink($0.ci, asked.texts), reason: asked.texts.said($0.detail, limit: 300),
                    time: Moment($0.time))
            })
        return Page(OverviewView.view, title: asked.text("frame.overview"), place: .overview, model: model)
    }

    private static func tone(_ figures: FleetOverview.Figures) -> String {
        if let worst = Severity.allCases.first(where: { (figures.firing[$0] ?? 0) > 0 && $0 != .info }) {
            return worst.rawValue
        }
        return figures.silentCount > 0 ? "warning" : "ok"
    }

    private static func headline(_ figures: FleetOverview.Figures, _ asked: PageRequest) -> String {
        if figures.openIncidents > 0 {
            return asked.text("overview.incidents_open", ["count": String(figures.openIncidents)])
        }
        let firing = figures.firing.filter { $0.key != .info }.values.reduce(0, +)
        if firing > 0 { return asked.text("overview.alarms_firing", ["count": String(firing)]) }
        if figures.silentCount > 0 {
            return asked.text("overview.agents_silent", ["count": String(figures.silentCount)])
        }
        return asked.text("overview.all_well")
    }

    private static func tiles(_ figures: FleetOverview.Figures, _ asked: PageRequest) -> [OverviewModel.Tile] {
        let urgent = (figures.firing[.critical] ?? 0) + (figures.firing[.major] ?? 0)
        let firing = figures.firing.values.reduce(0, +)
        return [
            .init(
                label: asked.text("frame.incidents"), value: String(figures.openIncidents),
                note: asked.text("overview.unassigned", ["count": String(figures.newIncidents)]), path: Site.incidents,
                tone: figures.newIncidents > 0 ? "major" : "ok"),
            .init(
                label: asked.text("frame.alarms"), value: String(firing),
                note: asked.text(
                    "overview.urgent", asked.texts.severities.merging(["count": String(urgent)]) { $1 }),
                path: Site.alarms,
                tone: urgent > 0 ? "critical" : firing > 0 ? "info" : "ok"),
            .init(
                label: asked.text("frame.agents"), value: String(figures.agents),
                note: asked.text("overview.silent", ["count": String(figures.silentCount)]), path: Site.agents,
                tone: figures.silentCount > 0 ? "warning" : "ok"),
            .init(
                label: asked.text("frame.ci"), value: String(figures.cis),
                note: asked.text("overview.services_declared", ["count": String(figures.businessServices)]),
                path: Site.cis, tone: "ok"),
        ]
    }
}
