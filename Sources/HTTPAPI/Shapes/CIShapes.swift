import CollectorServices
import Model
import Stores

extension Shape where Value == CIRecord {
    /// A CI's row.
    static var ci: Shape { .object("CI", Member.ciRow) }
}

extension Member where Root == CIRecord {
    /// The members of a CI's row.
    static var ciRow: [Member] {
        [
            Member("id", .integer, "Its number.") { $0.id.rawValue },
            Member("class", .text, "Its class, such as host.") { $0.className.rawValue },
            Member("name", .text) { $0.name },
            Member("state", .word) { $0.state },
            Member("parent_id", Shape<Int64>.integer.orNull, "The CI it lies inside.") { $0.parent?.rawValue },
        ]
    }
}

extension Shape where Value == AttributeRecord {
    /// A fact with where it came from.
    static var attribute: Shape {
        .object(
            "Fact",
            [
                Member("name", .text) { $0.name },
                Member("value", .fact) { $0.value },
                Member("source", .text, "Whose word it is, as kind:name.") { $0.source },
                Member("since", .time) { $0.sinceTime },
                Member("others", .facts, "What other sources say, by source.") { $0.others },
            ])
    }
}

/// An edge as seen from one of its ends.
struct SeenRelation: Sendable {
    let record: RelationRecord
    let isSource: Bool

    init(_ record: RelationRecord, from ci: CIID) {
        self.record = record
        isSource = record.edge.source == ci
    }

    var other: CIRecord { isSource ? record.targetCI : record.sourceCI }

    /// Its place in the order of a listing; no two edges of a CI share it.
    var key: String {
        let edge = record.edge
        return "\(edge.kind.rawValue) \(isSource ? "out" : "in") \(edge.source) \(edge.target) \(edge.object)"
    }
}

extension Shape where Value == SeenRelation {
    /// An edge, with the other end.
    static var relation: Shape {
        .object(
            "Relation",
            [
                Member("kind", .word) { $0.record.edge.kind },
                Member("direction", Shape<Direction>.word, "out: from this CI; in: to this CI.") {
                    $0.isSource ? Direction.out : .in
                },
                Member("other", .ci, "The CI at the other end.") { $0.other },
                Member("source", .text, "Who says so, as kind:name.") { $0.record.source },
                Member("confidence_percent", .number) { $0.record.edge.confidence },
                .optional("evidence", .word, "What it rests on; left out for what is said outright.") {
                    $0.record.edge.evidence
                },
                Member("since", .time) { $0.record.since },
            ])
    }
}

/// Which end of an edge a CI is.
enum Direction: String, CaseIterable, Sendable {
    case out
    case `in`
}

extension Shape where Value == SourceObjectRecord {
    /// A source that speaks of a CI.
    static var sourceObject: Shape {
        .object(
            "Source",
            [
                Member("source", .text, "As kind:name.") { "\($0.sourceKind):\($0.sourceName)" },
                Member("scope", .text) { $0.scope },
                Member("key", .text, "Empty for the subject itself.") { $0.key },
            ])
    }
}

extension Shape where Value == ItemRecord {
    /// An item of a section.
    static var item: Shape {
        .object(
            "Item",
            [
                Member("section", .text) { $0.section.rawValue },
                Member("key", .text) { $0.item.key },
                Member("attributes", .facts) { $0.item.attributes },
                Member("source", .text) { $0.source },
                Member("since", .time) { $0.since },
            ])
    }
}

/// A CI with all that is known of it; long lists begin here and go on in listings of their own.
struct CIView: Sendable {
    let page: QueryService.CIPage
    let asOf: Timestamp?
    let relations: Page<SeenRelation>
    let children: Page<CIRecord>
    let sources: Page<SourceObjectRecord>
    let alarms: Page<AlarmView>
}

extension Shape where Value == CIView {
    /// A CI's page.
    static var ciPage: Shape {
        .object(
            "CIPage",
            [
                Member("id", .integer) { $0.page.record.id.rawValue },
                Member("class", .text) { $0.page.record.className.rawValue },
                Member("name", .text) { $0.page.record.name },
                Member("state", .word) { $0.page.record.state },
                Member("as_of", Shape<Timestamp>.time.orNull) { $0.asOf },
                Member("parent", Shape<CIRecord>.ci.orNull) { $0.page.parent },
                Member("attributes", Shape<AttributeRecord>.attribute.list) { $0.page.attributes },
                Member("sections", .sectionCounts, "How many items each section has.") { $0.page.sections },
                Member("relations", Shape<SeenRelation>.relation.list) { $0.relations.items },
                Member("children", Shape<CIRecord>.ci.list, "CIs inside it.") { $0.children.items },
                Member("sources", Shape<SourceObjectRecord>.sourceObject.list) { $0.sources.items },
                Member("alarms", Shape<AlarmView>.alarm.list, "Alarms that are not cleared.") { $0.alarms.items },
                Member("next", .ciContinuations, "Where the lists above go on.") { $0 },
            ])
    }

    /// Cursors of the listings that continue the page's lists.
    private static var ciContinuations: Shape {
        .object(
            "CIContinuations",
            [
                Member("relations", Shape<String>.text.orNull, "after for /v1/ci/{ci}/relations") {
                    $0.relations.next
                },
                Member("children", Shape<String>.text.orNull, "after for /v1/ci/{ci}/children") { $0.children.next },
                Member("sources", Shape<String>.text.orNull, "after for /v1/ci/{ci}/sources") { $0.sources.next },
                Member("alarms", Shape<String>.text.orNull, "after for /v1/alarms?ci=") { $0.alarms.next },
            ])
    }
}

extension Shape where Value == [SectionName: Int] {
    /// Counts by section.
    static var sectionCounts: Shape {
        Shape(
            schema: Schema([
                ("type", "object"), ("additionalProperties", .object([("type", "integer")])),
            ])
        ) { sections in
            .object(sections.sorted { $0.key < $1.key }.map { ($0.key.rawValue, .integer(Int64($0.value))) })
        }
    }
}
