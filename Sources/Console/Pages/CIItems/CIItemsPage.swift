import CollectorServices
import HTTPAPI
import Model
import Stores
import Wire

/// The items of a section of a CI: its packages, disks, connections.
struct CIItemsPage: Sendable {
    let maker: PageMaker
    let queries: QueryService

    var all: [Route] { [maker.page("/ci/{id}/items/{section}", .read, make)] }

    private static let listed = 200
    private static let columns = 6

    @Sendable private func make(_ asked: PageRequest) async throws -> Page {
        let request = asked.request
        try request.only("as_of", "find", "after")
        let moment = try asked.asOf()
        let section = SectionName(rawValue: request.parameter("section"))
        let words = try request.query("find") ?? ""
        guard let ci = try? CIPages.number(asked),
            let page = try await known({ try await queries.page(of: ci, asOf: moment) })
        else { return CIUnknownPage.page(asked, asOf: moment) }
        let items = try await queries.items(
            of: ci, section: section, containing: words, asOf: moment, after: try request.query("after"),
            limit: Self.listed)
        let path = Site.items(of: ci, section)
        let kept = [("find", words.isEmpty ? nil : words), ("as_of", moment?.rfc3339)] as [(String, String?)]
        let names = Self.columns(of: items)
        let model = CIItemsModel(
            heading: try await CIHeading.make(page, at: .items(section), asOf: moment, queries, asked.texts),
            past: PastNotice(moment, now: path),
            asOf: AsOfForm(
                path, [("find", words)], asOf: moment,
                moments: try await queries.moments(of: ci, limit: CIPages.moments)),
            action: path, words: words, asOfKept: moment?.rfc3339,
            columns: names.map { FactName.fact($0, asked.texts) },
            rows: items.map { Self.row($0, names, asked.texts) },
            next: items.count == Self.listed
                ? items.last.map { Site.path(path, kept + [("after", $0.item.key)]) } : nil)
        let title = FactName.section(section.rawValue, asked.texts)
        return Page(
            CIItemsView.view, title: title + " · " + page.record.name.shownOnOneLine(limit: 120), place: .ci,
            model: model)
    }

    /// The facts that get a column: those most items have.
    private static func columns(of items: [ItemRecord]) -> [String] {
        var counts: [String: Int] = [:]
        for item in items {
            for name in item.item.attributes.keys where name != "name" || !saysName(item.item) {
                counts[name, default: 0] += 1
            }
        }
        // What people look for has a column as soon as a third of the items have it.
        func weight(_ name: String, _ count: Int) -> Int {
            first.contains(name) && count * 3 >= items.count ? items.count + 1 : count
        }
        let ordered = counts.sorted { (weight($1.key, $1.value), $0.key) < (weight($0.key, $0.value), $1.key) }
        let chosen = ordered.prefix(columns).map(\.key)
        return first.filter(chosen.contains) + chosen.filter { !first.contains($0) }
    }

    /// Facts that people look for stand first.
    private static let first = ["name", "description", "version", "model", "state", "serial"]

    /// Whether an item's key says its name already.
    private static func saysName(_ item: SectionItem) -> Bool {
        item.attributes["name"]?.text.map { item.key.contains($0) } ?? false
    }

    private static func row(_ record: ItemRecord, _ names: [String], _ texts: PageTexts) -> CIItemsModel.Row {
        var facts = record.item.attributes
        if saysName(record.item) { facts["name"] = nil }
        let rest = facts.filter { !names.contains($0.key) }.sorted { $0.key < $1.key }.map {
            FactText($0.value, named: $0.key, label: FactName.fact($0.key, texts), texts, limit: 120)
        }
        return CIItemsModel.Row(
            key: record.item.key.shownOnOneLine(limit: 200), title: ItemTitle.words(record.item.key, texts),
            cells: names.map { name in
                .init(
                    label: FactName.fact(name, texts),
                    shown: facts[name].map { FactText($0, named: name, texts, limit: 200) } ?? FactText(""))
            },
            rest: rest, by: SourceLabel(record.source, texts),
            since: Moment(record.since))
    }
}
