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
            cards: worstFirst.map { ServiceCards.card($0, names, asked.texts) },
            next: reports.count == Self.listed
                ? reports.last.map { Site.path(Site.services, [("after", $0.service.id.description)]) } : nil,
            rule: asked.text("services.rule", asked.texts.severities))
        return Page(ServicesView.view, title: asked.text("frame.services"), place: .services, model: model)
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
