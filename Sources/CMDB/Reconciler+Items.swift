import Model
import Stores

extension Reconciler {
    /// How many changes of items one event lists.
    static let listedChanges = 100

    /// The section as it is now: one row per item that changed.
    mutating func decideItems(object: Int64) {
        var changes: [ItemChange] = []
        var present: [String: [String: AttributeValue]] = [:]
        for item in statement.items { present[item.key] = item.attributes }
        let keys = statement.isComplete ? Set(snapshot.items.keys).union(present.keys) : Set(present.keys)
        for key in keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            let (before, after) = (snapshot.items[key], present[key])
            guard before != after else { continue }
            decision.changes.append(
                .setItem(object: object, section: statement.section, key: key, attributes: after))
            changes.append(ItemChange(key: key, before: before, after: after))
        }
        if !snapshot.parts.isEmpty {
            decision.changes.append(.dropParts(object: object, section: statement.section))
        }
        if snapshot.digest != statement.digest || snapshot.isComplete != statement.isComplete {
            decision.changes.append(
                .setSection(
                    object: object, section: statement.section, digest: statement.digest,
                    isComplete: statement.isComplete, claimedTime: statement.claimedTime))
        }
        guard !changes.isEmpty, case .items(let isAnnounced) = SectionCatalogue.use(of: statement.section) else {
            return
        }
        // What a host has when it is first seen did not change: the feed tells how many items, not which.
        let isFirst = snapshot.digest == nil
        let listed = isAnnounced && !isFirst ? Array(changes.prefix(Reconciler.listedChanges)) : []
        decision.events.append(
            .itemsChanged(
                ci: decision.ci, section: statement.section, changes: listed, total: changes.count,
                source: "\(statement.sourceKind):\(statement.agent)", firstSight: isFirst))
    }
}
