import Model
import Stores

/// What changes when an object's edges become another set.
public struct EdgeDifference: Sendable {
    /// The changes.
    public var changes: [CMDBChange] = []
    /// What the feed tells of them.
    public var events: [FeedEvent] = []

    /// From the edges an object states now to those it should state. An edge that rests on something else now ends and
    /// begins anew; one with another confidence alone stays, and so does one from before evidence was noted.
    public init(from current: [RelationEdge], to wanted: [RelationEdge]) {
        let before = Dictionary(current.map { (Place($0), $0) }) { first, _ in first }
        var after: [Place: RelationEdge] = [:]
        for edge in wanted where edge.source != edge.target && after[Place(edge)] == nil { after[Place(edge)] = edge }
        for (place, edge) in before.sorted(by: { $0.key < $1.key }) where !Self.isSame(edge, after[place]) {
            changes.append(.endRelation(edge))
            events.append(.relationEnded(edge))
        }
        for (place, edge) in after.sorted(by: { $0.key < $1.key })
        where before[place].map({ Self.isSame($0, edge) }) != true {
            changes.append(.addRelation(edge))
            events.append(.relationAdded(edge))
        }
    }

    private static func isSame(_ before: RelationEdge, _ after: RelationEdge?) -> Bool {
        guard let after else { return false }
        return before.evidence == nil || after.evidence == nil || before.evidence == after.evidence
    }

    private struct Place: Hashable, Comparable {
        let source: CIID
        let kind: String
        let target: CIID

        init(_ edge: RelationEdge) {
            source = edge.source
            kind = edge.kind.rawValue
            target = edge.target
        }

        static func < (left: Place, right: Place) -> Bool {
            (left.source, left.kind, left.target) < (right.source, right.kind, right.target)
        }
    }
}
