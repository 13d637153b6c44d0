import CollectorServices
import HTTPAPI
import Model
import Stores
import Wire

/// What happened to a CI and to what lies inside it, newest first.
struct CIHistoryPage: Sendable {
    let maker: PageMaker
    let queries: QueryService

    var all: [Route] { [maker.page("/ci/{id}/history", .read, make)] }

    /// How many entries are read; what repeats among them is folded.
    private static let listed = 150

    @Sendable private func make(_ asked: PageRequest) async throws -> Page {
        let request = asked.request
        try request.only("as_of", "after")
        let moment = try asked.asOf()
        guard let ci = try? CIPages.number(asked),
            let page = try await known({ try await queries.page(of: ci, asOf: moment) })
        else { return CIUnknownPage.page(asked, asOf: moment) }
        let entries = try await queries.history(
            of: ci, before: try request.after().map(FeedCursor.init(rawValue:)), asOf: moment, limit: Self.listed)
        let names = try await queries.names(of: Set(entries.flatMap { $0.event.subjects }))
        let path = Site.history(of: ci)
        let words = HistoryWords(names: names, of: ci, asOf: moment, texts: asked.texts)
        let model = CIHistoryModel(
            heading: try await CIHeading.make(page, at: .history, asOf: moment, queries, asked.texts),
            past: PastNotice(moment, now: path),
            lines: HistoryFold.folded(Self.withoutEcho(entries).map { words.line($0) }, asked.texts),
            next: entries.count == Self.listed
                ? entries.last.map {
                    Site.path(path, [("after", String($0.cursor.rawValue)), ("as_of", moment?.rfc3339)])
                } : nil)
        return Page(
            CIHistoryView.view,
            title: asked.text("ci.history") + " · " + page.record.name.shownOnOneLine(limit: 120), place: .ci,
            model: model)
    }

    /// Entries without those that a CI found in the same commit implies: its first facts and its place.
    private static func withoutEcho(_ entries: [FeedEntry]) -> [FeedEntry] {
        var found: Set<Birth> = []
        for entry in entries {
            if case .ciCreated(let ci, _, _) = entry.event { found.insert(Birth(ci: ci, commit: entry.commit)) }
        }
        return entries.filter { entry in
            switch entry.event {
            case .attributesChanged(let ci, _, _, true): !found.contains(Birth(ci: ci, commit: entry.commit))
            case .relationAdded(let edge) where edge.kind == .partOf || edge.kind == .runsOn:
                !found.contains(Birth(ci: edge.source, commit: entry.commit))
            default: true
            }
        }
    }

    private struct Birth: Hashable {
        var ci: CIID
        var commit: CommitNumber
    }
}
