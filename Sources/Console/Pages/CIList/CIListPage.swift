import CollectorServices
import HTTPAPI
import Model
import Stores
import Wire

/// The list of configuration items.
struct CIListPage: Sendable {
    let maker: PageMaker
    let queries: QueryService
    let health: ServiceHealth

    var all: [Route] { [maker.page(Site.cis, .read, make)] }

    private static let listed = 100

    @Sendable private func make(_ asked: PageRequest) async throws -> Page {
        let request = asked.request
        try request.only("query", "class", "state", "after")
        let words = try request.query("query") ?? ""
        let className = try request.query("class").flatMap { $0.isEmpty ? nil : CIClass(rawValue: $0) }
        let state = try Self.state(request)
        var query = CIQuery(
            text: words, className: className, after: try request.after().map { CIID($0) }, limit: Self.listed)
        if let states = state.states { query.states = states }
        let found = try await queries.find(query)
        let inside = try await queries.names(of: Set(found.compactMap(\.parent)))
        let severities = try await queries.firingSeverities(of: Set(found.map(\.id)))
        let ill = try await health.ill(among: found.filter { $0.className == .businessService }.map(\.id))
        let telling = try await telling(found, asked.texts)
        let parameters =
            [("query", words), ("class", className?.rawValue), ("state", state.name)] as [(String, String?)]
        let next =
            found.count == Self.listed
            ? found.last.map { Site.path(Site.cis, parameters + [("after", $0.id.description)]) } : nil
        let model = CIListModel(
            query: words, classes: try await classes(chosen: className, asked),
            states: Self.states(chosen: state.name, asked),
            rows: found.map { Self.row($0, inside, severities[$0.id], ill[$0.id], telling[$0.id], asked) }, next: next)
        return Page(CIListView.view, title: asked.text("frame.ci"), place: .ci, model: model)
    }

    private static func row(
        _ record: CIRecord, _ inside: [CIID: CIRecord], _ severity: Severity?,
        _ ill: ServiceHealth.State?, _ telling: String?, _ asked: PageRequest
    ) -> CIListModel.Row {
        CIListModel.Row(
            key: record.id.description, path: Site.ci(record.id), name: record.name.shownOnOneLine(limit: 160),
            telling: telling,
            className: CILink.kind(record.className, asked.texts),
            inside: record.parent.flatMap { inside[$0] }.map { CILink($0, asked.texts) },
            ciState: record.state == .active ? nil : Badge(record.state, asked.texts),
            worst: severity.map { Badge($0, asked.texts) } ?? ill.map { Badge($0, asked.texts) })
    }

    /// What tells those of the list that have one name and class from each other. What lies inside another CI is told by that.
    private func telling(_ found: [CIRecord], _ texts: PageTexts) async throws -> [CIID: String] {
        struct Name: Hashable {
            var className: CIClass
            var name: String
        }
        let alike = Dictionary(grouping: found.filter { $0.parent == nil }) {
            Name(className: $0.className, name: $0.name)
        }.values.filter { $0.count > 1 }
        var told: [CIID: String] = [:]
        for namesakes in alike.prefix(Self.namesLooked) {
            let facts = try await queries.tellingFacts(of: Set(namesakes.map(\.id)))
            for record in namesakes { told[record.id] = CILink.telling(record.id, facts[record.id], texts) }
        }
        return told
    }

    /// How many names that several have are told apart in one list.
    private static let namesLooked = 10

    private static func state(_ request: APIRequest) throws -> (name: String?, states: Set<CIState>?) {
        guard let name = try request.query("state"), !name.isEmpty else { return (nil, nil) }
        if name == "all" { return (name, Set(CIState.allCases)) }
        guard let state = CIState(rawValue: name) else {
            throw ServiceRefusal.invalid("state must be active, vanished, retired or all")
        }
        return (name, [state])
    }

    private static func states(chosen: String?, _ asked: PageRequest) -> [CIListModel.Choice] {
        let unset = CIListModel.Choice(value: "", label: asked.text("cis.present"), isChosen: chosen == nil)
        let named = CIState.allCases.map {
            CIListModel.Choice(
                value: $0.rawValue, label: asked.text("ci_state." + $0.rawValue), isChosen: chosen == $0.rawValue)
        }
        return [unset] + named
            + [CIListModel.Choice(value: "all", label: asked.text("cis.every_state"), isChosen: chosen == "all")]
    }

    /// Classes that have active CIs, and the chosen one in any case.
    private func classes(chosen: CIClass?, _ asked: PageRequest) async throws -> [CIListModel.Choice] {
        let counts = try await queries.classes()
        var names = Set(counts.keys)
        if let chosen { names.insert(chosen) }
        let every = CIListModel.Choice(value: "", label: asked.text("cis.every_class"), isChosen: chosen == nil)
        return [every]
            + names.sorted { $0.rawValue < $1.rawValue }.map {
                CIListModel.Choice(
                    value: $0.rawValue.shownOnOneLine(limit: 60),
                    label: CILink.kind($0, asked.texts) + " (\(counts[$0] ?? 0))", isChosen: $0 == chosen)
            }
    }
}
