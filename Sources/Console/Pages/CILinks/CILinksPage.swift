import CollectorServices
import HTTPAPI
import Model
import Stores

/// One group of what a CI is related to, whole: what the CI's own page shows the first of.
struct CILinksPage: Sendable {
    let maker: PageMaker
    let queries: QueryService

    var all: [Route] { [maker.page("/ci/{id}/links/{group}", .read, make)] }

    private static let listed = 200

    @Sendable private func make(_ asked: PageRequest) async throws -> Page {
        let request = asked.request
        try request.only("as_of", "after")
        let moment = try asked.asOf()
        guard let ci = try? CIPages.number(asked),
            let page = try await known({ try await queries.page(of: ci, asOf: moment) })
        else { return CIUnknownPage.page(asked, asOf: moment) }
        let all = Set([ci] + page.children.map(\.id) + page.relations.flatMap { [$0.edge.source, $0.edge.target] })
        let id = request.parameter("group")
        let commit = try await queries.commit(asOf: moment)
        let severities = try await queries.firingSeverities(of: all, asOf: commit)
        let group = CILinks(page, severities, asked.texts).group(id)
        let shown = Self.part(of: group?.members ?? [], after: try request.query("after"))
        let path = Site.links(of: ci, id)
        let more = shown.endIndex < group?.members.count ?? 0 ? shown.last : nil
        let model = CILinksModel(
            heading: CIHeading(
                page.record, above: try await queries.ancestors(of: page.record, asOf: commit), sections: page.sections,
                severity: severities[ci], at: .links, asOf: moment, asked.texts),
            past: PastNotice(moment, now: path), title: group?.title ?? asked.text("ci.no_relations"),
            total: group?.members.count ?? 0,
            lines: group.map { LinkGroup.lines($0, shown, severities, asOf: moment, asked.texts) } ?? [],
            next: more.map { Site.path(path, [("after", $0.key), ("as_of", moment?.rfc3339)]) })
        return Page(
            CILinksView.view, title: model.title + " · " + page.record.name.shownOnOneLine(limit: 120), place: .ci,
            model: model)
    }

    /// Those behind the member with the key `after`; from the first when there is no such member any more.
    private static func part(of members: [CILinks.Member], after: String?) -> ArraySlice<CILinks.Member> {
        let last = after.flatMap { key in members.firstIndex { $0.key == key } }
        return members.dropFirst(last.map { $0 + 1 } ?? 0).prefix(listed)
    }
}
