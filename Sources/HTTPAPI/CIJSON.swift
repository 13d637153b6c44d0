import CollectorServices
import Model
import Stores

extension JSON {
    /// A CI's row.
    static func ci(_ record: CIRecord) -> JSON {
        .object([
            ("id", .integer(record.id.rawValue)), ("class", .text(record.className.rawValue)),
            ("name", .text(record.name)), ("state", .text(record.state.rawValue)),
            ("parent_id", .optional(record.parent?.rawValue)),
        ])
    }

    /// A CI's page.
    static func page(_ page: QueryService.CIPage, asOf: Timestamp?) -> JSON {
        let sections = page.sections.sorted { $0.key < $1.key }.map { ($0.key.rawValue, JSON.integer(Int64($0.value))) }
        return .object([
            ("id", .integer(page.record.id.rawValue)), ("class", .text(page.record.className.rawValue)),
            ("name", .text(page.record.name)), ("state", .text(page.record.state.rawValue)),
            ("as_of", .time(asOf)), ("parent", page.parent.map(ci) ?? .null),
            ("attributes", .array(page.attributes.map(attribute))), ("sections", .object(sections)),
            ("relations", .array(page.relations.map { relation($0, seenFrom: page.record.id) })),
            ("children", .array(page.children.map(ci))), ("sources", .array(page.objects.map(object))),
            ("alarms", .array(page.alarms.map { alarm($0, ci: page.record) })),
        ])
    }

    /// A fact with where it came from.
    static func attribute(_ record: AttributeRecord) -> JSON {
        .object([
            ("name", .text(record.name)), ("value", .value(record.value)), ("source", .text(record.source)),
            ("since", .time(record.sinceTime)), ("others", .attributes(record.others)),
        ])
    }

    /// An edge, with the other end as seen from one of its ends.
    static func relation(_ record: RelationRecord, seenFrom ci: CIID) -> JSON {
        let isSource = record.edge.source == ci
        return .object([
            ("kind", .text(record.edge.kind.rawValue)), ("direction", .text(isSource ? "out" : "in")),
            ("other", JSON.ci(isSource ? record.targetCI : record.sourceCI)), ("source", .text(record.source)),
            ("confidence_percent", .integer(Int64(record.edge.confidence))), ("since", .time(record.since)),
        ])
    }

    /// A source that speaks of a CI.
    static func object(_ record: SourceObjectRecord) -> JSON {
        .object([
            ("source", .text("\(record.sourceKind):\(record.sourceName)")), ("scope", .text(record.scope)),
            ("key", .text(record.key)),
        ])
    }

    /// An item of a section.
    static func item(_ record: ItemRecord) -> JSON {
        .object([
            ("section", .text(record.section.rawValue)), ("key", .text(record.item.key)),
            ("attributes", .attributes(record.item.attributes)), ("source", .text(record.source)),
            ("since", .time(record.since)),
        ])
    }
}
