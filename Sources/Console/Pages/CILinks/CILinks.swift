import CollectorServices
import Model
import Stores

/// What lies inside a CI and what it is related to, in groups: the CIs of one class inside it, or the other ends of one
/// kind of relation.
struct CILinks: Sendable {
    /// A group, whole; lines are made of what is shown only.
    struct Group: Sendable {
        /// Names the group in paths: `inside-interface`, `relation-connected-to-out`.
        var id: String
        var title: String
        var members: [Member]
        var showsKind: Bool
    }

    /// Another CI and the relation that leads to it; nil for a child whose relation is not known.
    struct Member: Sendable {
        var record: CIRecord
        var relation: RelationRecord?

        /// The same as long as the relation holds.
        var key: String { "\(record.id)-\(relation?.edge.object ?? 0)" }
    }

    let inside: [Group]
    let relations: [Group]

    /// What the page of a CI knows.
    init(_ page: QueryService.CIPage, _ severities: [CIID: Severity], _ texts: PageTexts) {
        inside = Self.inside(page, severities, texts)
        relations = Self.relations(page, texts)
    }

    /// A group by its name.
    func group(_ id: String) -> Group? { (inside + relations).first { $0.id == id } }

    private static func inside(
        _ page: QueryService.CIPage, _ severities: [CIID: Severity], _ texts: PageTexts
    ) -> [Group] {
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
            Group(
                id: "inside-" + className.rawValue, title: CILink.kinds(className, texts),
                members: children.map { Member(record: $0, relation: ways[$0.id]) }, showsKind: false)
        }
    }

    /// Relations to other CIs, by kind and direction.
    private static func relations(_ page: QueryService.CIPage, _ texts: PageTexts) -> [Group] {
        let ci = page.record.id
        let children = Set(page.children.map(\.id))
        let others = page.relations.filter { !(isInside($0, ci) && children.contains($0.edge.source)) }
        var groups: [Group] = []
        for kind in RelationKind.allCases {
            for isOut in [true, false] {
                let found = others.filter { $0.edge.kind == kind && ($0.edge.source == ci) == isOut }
                guard !found.isEmpty else { continue }
                let word = "relation." + kind.rawValue.replacing("-", with: "_") + (isOut ? "" : "_by")
                groups.append(
                    Group(
                        id: "relation-\(kind.rawValue)-\(isOut ? "out" : "in")", title: texts.text(word),
                        members: found.map { Member(record: isOut ? $0.targetCI : $0.sourceCI, relation: $0) },
                        showsKind: true))
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
}
