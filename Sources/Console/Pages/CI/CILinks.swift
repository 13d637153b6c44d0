import CollectorServices
import Model
import Stores

/// What lies inside a CI and what it is related to, grouped.
enum CILinks {
    /// How many a group shows.
    private static let shown = 50
    /// Groups of more begin folded.
    private static let unfolded = 12

    /// CIs inside, by class, with who says so.
    static func inside(
        _ page: QueryService.CIPage, _ severities: [CIID: Severity], asOf: Timestamp?, _ texts: PageTexts
    ) -> [CIModel.LinkGroup] {
        var ways: [CIID: RelationRecord] = [:]
        for relation in page.relations where isInside(relation, page.record.id) {
            ways[relation.edge.source] = relation
        }
        // What alarms first, what has vanished last; by name within.
        let order = page.children.enumerated().sorted { left, right in
            (place(left.element, severities), left.offset) < (place(right.element, severities), right.offset)
        }
        let groups = Dictionary(grouping: order.map(\.element)) { $0.className }
        return groups.sorted { $0.key.rawValue < $1.key.rawValue }.map { className, children in
            group(
                id: "inside-" + className.rawValue, title: CILink.kind(className, texts),
                children.map { child in
                    line(child, ways[child.id], severities, showsKind: false, asOf, texts)
                }, texts)
        }
    }

    /// Relations to other CIs, by kind and direction.
    static func relations(
        _ page: QueryService.CIPage, _ severities: [CIID: Severity], asOf: Timestamp?, _ texts: PageTexts
    ) -> [CIModel.LinkGroup] {
        let ci = page.record.id
        let children = Set(page.children.map(\.id))
        let others = page.relations.filter { !(isInside($0, ci) && children.contains($0.edge.source)) }
        var groups: [CIModel.LinkGroup] = []
        for kind in RelationKind.allCases {
            for isOut in [true, false] {
                let found = others.filter { $0.edge.kind == kind && ($0.edge.source == ci) == isOut }
                guard !found.isEmpty else { continue }
                let word = "relation." + kind.rawValue.replacing("-", with: "_") + (isOut ? "" : "_by")
                groups.append(
                    group(
                        id: "relation-\(kind.rawValue)-\(isOut ? "out" : "in")", title: texts.text(word),
                        found.map {
                            line(isOut ? $0.targetCI : $0.sourceCI, $0, severities, showsKind: true, asOf, texts)
                        }, texts))
            }
        }
        return groups
    }

    private static func place(_ record: CIRecord, _ severities: [CIID: Severity]) -> Int {
        severities[record.id]?.rank ?? (record.state == .active ? Severity.allCases.count : 9)
    }

    private static func isInside(_ relation: RelationRecord, _ ci: CIID) -> Bool {
        relation.edge.target == ci && (relation.edge.kind == .partOf || relation.edge.kind == .runsOn)
    }

    private static func group(
        id: String, title: String, _ lines: [CIModel.LinkLine], _ texts: PageTexts
    ) -> CIModel.LinkGroup {
        let hidden = lines.count - shown
        return CIModel.LinkGroup(
            title: title, total: lines.count, lines: Array(lines.prefix(shown)),
            hidden: hidden > 0 ? texts.text("ci.hidden", ["count": String(hidden)]) : nil,
            isOpen: lines.count <= unfolded, id: id.shownOnOneLine(limit: 80))
    }

    private static func line(
        _ record: CIRecord, _ relation: RelationRecord?, _ severities: [CIID: Severity], showsKind: Bool,
        _ asOf: Timestamp?, _ texts: PageTexts
    ) -> CIModel.LinkLine {
        var link = CILink(record, texts, asOf: asOf)
        if !showsKind { link.kind = nil }
        let sure = relation.map { $0.edge.confidence >= 100 } ?? true
        return CIModel.LinkLine(
            key: "\(record.id)-\(relation?.edge.object ?? 0)", ci: link,
            gone: record.state == .active ? nil : Badge(record.state, texts),
            worst: severities[record.id].map { Badge($0, texts) },
            by: relation.map { SourceLabel($0.source, texts) }, since: relation.map { Moment($0.since) },
            confidence: sure ? nil : relation.map { texts.text("ci.sure", ["percent": String($0.edge.confidence)]) })
    }
}
