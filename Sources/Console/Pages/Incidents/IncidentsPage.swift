import CollectorServices
import HTTPAPI
import Model
import Stores

/// The board of incidents.
struct IncidentsPage: Sendable {
    let maker: PageMaker
    let queries: QueryService

    var all: [Route] { [maker.page(Site.incidents, .read, make)] }

    private enum Show: String, CaseIterable {
        case open, mine, resolved, closed
    }

    private static let onBoard = 200
    private static let listed = 50
    private static let open: [IncidentState] = [.new, .assigned, .inProgress, .pending]

    @Sendable private func make(_ asked: PageRequest) async throws -> Page {
        let request = asked.request
        try request.only("show", "after")
        let name = try request.query("show") ?? "open"
        guard let show = Show(rawValue: name) else {
            throw ServiceRefusal.invalid("show must be \(Show.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        var query = IncidentQuery(states: Set(Self.open), after: try request.after(), limit: Self.onBoard)
        switch show {
        case .open: break
        case .mine: query.assignee = asked.person?.user.name ?? ""
        case .resolved: (query.states, query.limit) = ([.resolved], Self.listed)
        case .closed: (query.states, query.limit) = ([.closed], Self.listed)
        }
        let found = try await queries.incidents(query)
        let names = try await queries.names(of: Set(found.map(\.ci)))
        let untold = try await queries.untold(found)
        let known = try await queries.acknowledgements(found)
        let isBoard = show == .open || show == .mine
        let model = IncidentsModel(
            tabs: Show.allCases.map {
                .init(
                    label: asked.text("incidents.show_" + $0.rawValue),
                    path: Site.path(Site.incidents, [("show", $0 == .open ? nil : $0.rawValue)]), isHere: $0 == show)
            },
            columns: isBoard ? Self.columns(found, names, untold, known, asked.texts) : [],
            incidents: isBoard ? [] : found.map { IncidentLine($0, names: names, asked.texts) },
            isEmpty: found.isEmpty,
            next: found.count == query.limit
                ? found.last.map { Site.path(Site.incidents, [("show", name), ("after", String($0.number))]) } : nil)
        return Page(IncidentsView.view, title: asked.text("frame.incidents"), place: .incidents, model: model)
    }

    /// A column for each state, the most urgent first in it. An empty one is left out: it would only push others aside.
    private static func columns(
        _ found: [IncidentRecord], _ names: [CIID: CIRecord], _ untold: [Int64: UntoldReason],
        _ known: [Int64: String], _ texts: PageTexts
    ) -> [IncidentsModel.Column] {
        open.compactMap { state in
            let members = found.filter { $0.state == state }.sorted {
                ($0.priority, $1.number) < ($1.priority, $0.number)
            }
            guard !members.isEmpty else { return nil }
            return IncidentsModel.Column(
                label: Badge(state, texts).label, count: members.count,
                incidents: members.map {
                    IncidentLine($0, names: names, untold: untold[$0.number], acknowledgedBy: known[$0.number], texts)
                })
        }
    }
}
