import Model
import Stores

extension Reconciler {
    /// The facts of a section's one item, as attributes of the subject.
    mutating func decideAttributes(object: Int64) {
        let section = statement.section.rawValue
        var stated: [String: AttributeValue] = [:]
        for (name, value) in statement.items.first?.attributes ?? [:] { stated["\(section).\(name)"] = value }
        observe(
            stated, object: object, ci: decision.ci, isNew: decision.isNew, isWhole: statement.isComplete,
            own: { $0.hasPrefix("\(section).") })
    }

    /// Notes what `object` says of `ci` and computes the record anew where that changes it.
    ///
    /// `own` picks the attributes this section speaks for; when `isWhole`, those not stated any more end.
    mutating func observe(
        _ stated: [String: AttributeValue], object: Int64, ci: CIID, isNew: Bool, isWhole: Bool,
        own: (String) -> Bool
    ) {
        let all = snapshot.statements[ci] ?? []
        let before = Dictionary(
            all.filter { $0.object == object && own($0.attribute) }.map { ($0.attribute, $0.value) }
        ) { first, _ in first }
        var changes: [AttributeChange] = []
        for name in Set(before.keys).union(stated.keys).sorted() {
            let value = stated[name] ?? (isWhole ? nil : before[name])
            guard value != before[name] else { continue }
            decision.changes.append(.observe(object: object, attribute: name, value: value))
            let others = all.filter { $0.attribute == name && $0.object != object }
            if let change = record(name, value, object: object, ci: ci, others: others) { changes.append(change) }
        }
        guard !changes.isEmpty else { return }
        decision.events.append(
            .attributesChanged(
                ci: ci, changes: changes, source: "\(statement.sourceKind):\(statement.agent)",
                firstSight: isNew || before.isEmpty))
    }

    /// The record's new value by precedence; nil when the value people see stays.
    private mutating func record(
        _ name: String, _ value: AttributeValue?, object: Int64, ci: CIID, others: [StatedValue]
    ) -> AttributeChange? {
        let own = value.map {
            StatedValue(
                object: object, sourceKind: statement.sourceKind, attribute: name, value: $0,
                since: CommitNumber(rawValue: .max))
        }
        let winner = Precedence.winner(among: others + [own].compactMap { $0 })
        let recorded = snapshot.records[ci]?[name]
        guard winner?.value != recorded?.value || winner?.object != recorded?.object else { return nil }
        decision.changes.append(
            .setAttribute(ci: ci, attribute: name, value: winner?.value, object: winner?.object))
        guard winner?.value != recorded?.value else { return nil }
        return AttributeChange(name: name, before: recorded?.value, after: winner?.value)
    }
}
