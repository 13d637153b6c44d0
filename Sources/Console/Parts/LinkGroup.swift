import Model
import Stores

/// Some of the CIs of a group of links.
struct LinkGroup: Sendable {
    /// Another CI and what is said of the way to it.
    struct Line: Sendable {
        var key: String
        var ci: CILink
        /// The CI's state where it is not in use.
        var gone: Badge?
        var worst: Badge?
        var by: SourceLabel?
        var since: Moment?
        /// `80 %` where a derivation is not sure.
        var confidence: String?
        /// What a derivation rests on.
        var evidence: String?
    }

    /// How many a group shows on the page of its CI.
    private static let shown = 50
    /// Groups of more begin folded there.
    private static let unfolded = 12

    var title: String
    var total: Int
    var lines: [Line]
    /// How many are not shown, and the page that lists them; nil for none.
    var hidden: String?
    var path: String?
    var isOpen: Bool
    var id: String

    /// The first of a group, on the page of CI `ci`.
    init(
        _ group: CILinks.Group, of ci: CIID, _ severities: [CIID: Severity], asOf: Timestamp?, _ texts: PageTexts
    ) {
        let hidden = group.members.count - Self.shown
        title = group.title
        total = group.members.count
        lines = Self.lines(group, group.members.prefix(Self.shown), severities, asOf: asOf, texts)
        self.hidden = hidden > 0 ? texts.text("ci.hidden", ["count": String(hidden)]) : nil
        path = hidden > 0 ? Site.path(Site.links(of: ci, group.id), [("as_of", asOf?.rfc3339)]) : nil
        isOpen = group.members.count <= Self.unfolded
        id = group.id.shownOnOneLine(limit: 80)
    }

    /// Lines of some of a group's members.
    static func lines(
        _ group: CILinks.Group, _ members: ArraySlice<CILinks.Member>, _ severities: [CIID: Severity],
        asOf: Timestamp?, _ texts: PageTexts
    ) -> [Line] {
        members.map { member in
            let (record, relation) = (member.record, member.relation)
            var link = CILink(record, texts, asOf: asOf)
            if !group.showsKind { link.kind = nil }
            let sure = relation.map { $0.edge.confidence >= 100 } ?? true
            return Line(
                key: member.key, ci: link, gone: record.state == .active ? nil : Badge(record.state, texts),
                worst: severities[record.id].map { Badge($0, texts) },
                by: relation.map { SourceLabel($0.source, texts) }, since: relation.map { Moment($0.since) },
                confidence: sure
                    ? nil : relation.map { texts.text("ci.sure", ["percent": String($0.edge.confidence)]) },
                evidence: relation?.edge.evidence.map { texts.text("evidence." + $0.rawValue) })
        }
    }
}

enum LinkGroupView {
    static let view = View(
        "link-group",
        """
        <details class="group" id="{{id}}"{{#isOpen}} open{{/isOpen}}><summary>{{title}} <span class="count">{{total}}</span></summary>
        <ul class="links">
        {{> link-lines}}
        </ul>
        {{#hidden}}<p class="hint"><a href="{{path}}">{{hidden}}</a></p>{{/hidden}}
        </details>
        """)
}

enum LinkLinesView {
    /// Under the name `lines`.
    static let view = View(
        "link-lines",
        """
        {{#lines}}<li data-key="{{key}}"><span class="link-main">{{#ci}}<a class="line-title" href="{{path}}">{{name}}</a>{{#kind}} <span class="kind">{{kind}}</span>{{/kind}}{{/ci}}{{#gone}} {{> badge}}{{/gone}}{{#worst}} {{> badge}}{{/worst}}</span>
        <span class="note">{{#by}}{{> source-label}}{{/by}}{{#evidence}} · {{evidence}}{{/evidence}}{{#confidence}} · {{confidence}}{{/confidence}}{{#since}} · {{> moment}}{{/since}}</span></li>
        {{/lines}}
        """)
}
