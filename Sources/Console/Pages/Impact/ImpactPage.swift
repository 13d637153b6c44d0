import CMDB
import CollectorServices
import HTTPAPI
import Model
import Stores
import Wire

/// What hangs on one or several CIs, or what they need: a grouped list first, a map second.
struct ImpactPage: Sendable {
    let maker: PageMaker
    let queries: QueryService
    let graph: GraphService
    let maps: MapMaker
    let health: ServiceHealth

    var all: [Route] { [maker.page(Site.impact, .read, make)] }

    /// CIs a question may begin with.
    private static let roots = 20
    private static let hits = 20
    private static let depths = [1, 2, 3, 5]

    @Sendable private func make(_ asked: PageRequest) async throws -> Page {
        try asked.request.only("ci", "direction", "depth", "as_of", "find", "only", "after")
        let question = try ImpactQuestion(asked)
        let commit = try await queries.commit(asOf: question.asOf)
        var model = ImpactModel(
            past: PastNotice(question.asOf, now: question.with { $0.asOf = nil }.path),
            asOf: AsOfForm(
                Site.impact, question.parameters.filter { $0.0 != "as_of" }, asOf: question.asOf,
                moments: try await moments(question)),
            find: question.words, asOfKept: question.asOf?.rfc3339,
            directions: ImpactTravel.allCases.map {
                .init(
                    value: $0.rawValue, label: asked.text("impact." + $0.rawValue), isChosen: $0 == question.direction)
            },
            depths: Self.depths(question, asked))
        model.hits = try await hits(question, asked)
        if question.roots.isEmpty {
            model.suggestions = try await suggestions(question, asked)
        } else {
            try await answer(question, commit, asked, &model)
        }
        let title = model.chosen.isEmpty ? "" : " · " + model.chosen.prefix(3).map(\.ci.name).joined(separator: ", ")
        return Page(ImpactView.view, title: asked.text("frame.impact") + title, place: .impact, model: model)
    }

    private func answer(
        _ question: ImpactQuestion, _ commit: CommitNumber?, _ asked: PageRequest, _ model: inout ImpactModel
    ) async throws {
        let answer = try await graph.impact(
            of: question.roots, direction: question.direction, depth: question.depth, asOf: commit, paths: false)
        let severities = try await queries.firingSeverities(
            of: Set(answer.affected.map(\.ci) + answer.roots.map(\.ci)), asOf: commit)
        let services = (answer.roots.map { ($0.ci, $0.className) } + answer.affected.map { ($0.ci, $0.className) })
            .filter { $0.1 == .businessService }.map(\.0)
        let ill = question.asOf == nil ? try await health.ill(among: services) : [:]
        let lists = ImpactLists(answer, severities, ill, question, asked.texts)
        model.chosen = lists.chosen
        model.unknown = lists.unknown
        model.summary = lists.summary
        model.groups = lists.groups
        model.only = lists.only
        model.next = lists.next
        model.cut = answer.truncated ? asked.text("impact.cut", ["count": String(answer.affected.count)]) : nil
        if question.only == nil {
            let isDown = question.direction == .dependents
            // On the map a service that is down because of what it needs has the colour of an alarm of its own.
            let severities = severities.merging(ill.compactMapValues(\.severity)) { own, _ in own }
            let plan = MapPlan(
                roots: answer.roots, dependents: isDown ? answer.affected : [],
                dependencies: isDown ? [] : answer.affected, severities: severities)
            model.map = await maps.drawing(of: plan, severities: severities, asOf: question.asOf, asked.texts)
        }
        model.hasAnswer = !answer.roots.isEmpty
    }

    private func moments(_ question: ImpactQuestion) async throws -> [Timestamp] {
        guard let first = question.roots.first else { return [] }
        return try await queries.moments(of: first, limit: CIPages.moments)
    }

    /// CIs that match the words, each with the way to add it.
    private func hits(_ question: ImpactQuestion, _ asked: PageRequest) async throws -> [ImpactModel.Choice]? {
        guard let words = question.words else { return nil }
        let found = try await queries.find(CIQuery(text: words, limit: Self.hits))
        let inside = try await queries.names(of: Set(found.compactMap(\.parent)))
        return found.filter { !question.roots.contains($0.id) }.map { record in
            Self.choice(record, inside: record.parent.flatMap { inside[$0] }, nil, question, asked.texts)
        }
    }

    /// What fires now is what people ask about first.
    private func suggestions(_ question: ImpactQuestion, _ asked: PageRequest) async throws -> [ImpactModel.Choice] {
        let alarms = try await queries.alarms(in: [.firing, .acknowledged], after: nil, limit: 40)
        let worst = alarms.filter { $0.severity != .info }.sorted { $0.severity.rank < $1.severity.rank }
        var seen: Set<CIID> = []
        let cis = worst.map(\.key.ci).filter { seen.insert($0).inserted }.prefix(8)
        let names = try await queries.names(of: Set(cis))
        let severities = try await queries.firingSeverities(of: Set(cis))
        return cis.compactMap { ci in
            names[ci].map { Self.choice($0, inside: nil, severities[ci], question, asked.texts) }
        }
    }

    private static func choice(
        _ record: CIRecord, inside: CIRecord?, _ severity: Severity?, _ question: ImpactQuestion, _ texts: PageTexts
    ) -> ImpactModel.Choice {
        ImpactModel.Choice(
            ci: CILink(record, texts), inside: inside?.name.shownOnOneLine(limit: 80),
            worst: severity.map { Badge($0, texts) },
            goPath: question.with {
                $0.roots.append(record.id)
                $0.words = nil
                $0.only = nil
            }.path)
    }

    private static func depths(_ question: ImpactQuestion, _ asked: PageRequest) -> [ImpactModel.Option] {
        [.init(value: "", label: asked.text("impact.any_depth"), isChosen: question.depth == nil)]
            + depths.map {
                .init(
                    value: String($0), label: asked.text("impact.steps", ["count": String($0)]),
                    isChosen: question.depth == $0)
            }
    }
}

extension Severity {
    /// 0 for the worst.
    var rank: Int { Severity.allCases.firstIndex(of: self) ?? Severity.allCases.count }
}
