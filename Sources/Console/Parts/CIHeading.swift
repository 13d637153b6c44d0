import CMDB
import CollectorServices
import Model
import Stores

/// What stands above every page about one CI: where it lies, its name and state, and its pages as tabs.
struct CIHeading: Sendable {
    /// One of the CI's pages.
    struct Tab: Sendable {
        var path: String
        var label: String
        /// How many things it lists; nil where that says nothing.
        var count: Int?
        var isHere: Bool
    }

    /// Which page is open.
    enum Place: Equatable {
        case facts, history, metrics, links
        case items(SectionName)
    }

    var name: String
    var className: String
    /// Nil while it is in use: that says nothing of how it is, and beside "down" it would seem to.
    var ciState: Badge?
    var worst: Badge?
    var above: [CILink]
    var tabs: [Tab]
    /// The sections that list items: a host has more of them than fit beside each other on a phone.
    var parts: [Tab]
    /// The section that is open; nil for none.
    var part: String?

    /// A heading as of a moment.
    init(
        _ record: CIRecord, above: [CIRecord], sections: [SectionName: Int], severity: Severity?, at place: Place,
        asOf: Timestamp?, _ texts: PageTexts
    ) {
        name = record.name.shownOnOneLine(limit: 200)
        className = CILink.kind(record.className, texts)
        ciState = record.state == .active ? nil : Badge(record.state, texts)
        worst = severity.map { Badge($0, texts) }
        self.above = above.map { CILink($0, texts, asOf: asOf) }
        func tab(_ place: Place, _ here: Place, _ path: String, _ label: String, _ count: Int? = nil) -> Tab {
            Tab(
                path: Site.path(path, [("as_of", asOf?.rfc3339)]), label: label, count: count, isHere: place == here)
        }
        let ci = record.id
        var tabs = [tab(place, .facts, Site.ci(ci), texts.text("ci.facts"))]
        tabs.append(tab(place, .history, Site.history(of: ci), texts.text("ci.history")))
        tabs.append(tab(place, .metrics, Site.metrics(of: ci), texts.text("ci.metrics")))
        self.tabs = tabs
        parts = sections.filter { Self.isListed($0.key, $0.value) }.map { section, count in
            tab(
                place, .items(section), Site.items(of: ci, section), FactName.section(section.rawValue, texts), count)
        }.sorted { $0.label < $1.label }
        part = parts.first { $0.isHere }?.label
    }

    /// The heading of a page that knows its CI only, with what has to be asked for it.
    static func make(
        _ page: QueryService.CIPage, at place: Place, asOf: Timestamp?, _ queries: QueryService, _ texts: PageTexts
    ) async throws -> CIHeading {
        let ci = page.record.id
        let commit = try await queries.commit(asOf: asOf)
        return CIHeading(
            page.record, above: try await queries.ancestors(of: page.record, asOf: commit), sections: page.sections,
            severity: try await queries.firingSeverities(of: [ci], asOf: commit)[ci], at: place, asOf: asOf, texts)
    }

    /// Sections with one item only became facts; empty ones have nothing to show.
    private static func isListed(_ section: SectionName, _ count: Int) -> Bool {
        if case .attributes = SectionCatalogue.use(of: section) { return false }
        return count > 0
    }
}

enum CIHeadingView {
    /// Under the name `heading`.
    static let view = View(
        "ci-heading",
        """
        {{#heading}}
        <p class="above">{{#above}}<a href="{{path}}">{{name}}</a> › {{/above}}{{className}}</p>
        <h1>{{name}} {{#ciState}}{{> badge}}{{/ciState}}{{#worst}} {{> badge}}{{/worst}}</h1>
        <ul class="tabs">
        {{#tabs}}<li><a href="{{path}}"{{#isHere}} aria-current="page"{{/isHere}}>{{label}}</a></li>
        {{/tabs}}
        </ul>
        {{^empty(parts)}}<details class="parts" id="parts" open><summary>{{t.ci.parts}}{{#part}}: <strong>{{part}}</strong>{{/part}}</summary><ul>
        {{#parts}}<li><a href="{{path}}"{{#isHere}} aria-current="page"{{/isHere}}>{{label}}{{#count}} <span class="count">{{count}}</span>{{/count}}</a></li>
        {{/parts}}
        </ul></details>{{/empty(parts)}}
        {{/heading}}
        """)
}
