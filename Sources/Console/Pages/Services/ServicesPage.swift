import CollectorServices
import HTTPAPI
import Model
import Stores

/// How business services are.
struct ServicesPage: Sendable {
    let maker: PageMaker
    let queries: QueryService
    let health: ServiceHealth

    var all: [Route] { [maker.page(Site.services, .read, make)] }

    private static let listed = 60

    @Sendable private func make(_ asked: PageRequest) async throws -> Page {
        try asked.request.only("after")
        let reports = try await health.list(
            after: try asked.request.after().map { CIID($0) }, limit: Self.listed)
        let names = try await queries.names(of: Set(reports.compactMap { $0.causes.first?.alarm.key.ci }))
        let worstFirst = reports.sorted { ($0.health, $0.service.id) < ($1.health, $1.service.id) }
        let model = ServicesModel(
            cards: worstFirst.map { Self.card($0, names, asked.texts) },
            next: reports.count == Self.listed
                ? reports.last.map { Site.path(Site.services, [("after", $0.service.id.description)]) } : nil)
        return Page(ServicesView.view, title: asked.text("frame.services"), place: .services, model: model)
    }

    private static func card(
        _ report: ServiceHealth.Report, _ names: [CIID: CIRecord], _ texts: PageTexts
    ) -> ServicesModel.Card {
        let state = Badge(report.state, texts)
        return ServicesModel.Card(
            key: report.service.id.description, path: Site.service(report.service.id),
            name: report.service.name.shownOnOneLine(limit: 120), tone: state.tone, state: state, health: report.health,
            alarms: texts.text("services.alarms", ["count": String(report.causes.count)]),
            incidents: texts.text("services.incidents", ["count": String(report.incidents.count)]),
            cause: report.causes.first.flatMap { cause in
                cause.cost == 0
                    ? nil
                    : .init(
                        path: Site.alarm(cause.alarm.id), summary: cause.alarm.summary.shownOnOneLine(limit: 200),
                        ci: CILink(cause.alarm.key.ci, in: names, texts).name)
            },
            unheard: report.silent.isEmpty
                ? nil : texts.text("services.unheard", ["count": String(report.silent.count)]))
    }
}

extension Badge {
    /// A service's state.
    init(_ state: ServiceHealth.State, _ texts: PageTexts) {
        let tone =
            switch state {
            case .down: "critical"
            case .impaired: "major"
            case .atRisk: "warning"
            case .unknown: "quiet"
            case .well: "ok"
            }
        self.init(tone: tone, label: texts.text("service_state." + state.rawValue.replacing("-", with: "_")))
    }
}
