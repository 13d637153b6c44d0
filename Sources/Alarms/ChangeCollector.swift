import Model
import Stores

/// Gathers the changes of one commit so that each CI and section makes one alarm with all differences in it.
///
/// What appears or vanishes inside another CI (a service on a host) is told of that other CI, instance the class.
public struct ChangeCollector: Sendable {
    private let rules: RuleSet
    private var groups: [AlarmKey: Group] = [:]
    private var order: [AlarmKey] = []

    private struct Group {
        var rule: AlarmRule
        var condition: ChangedCondition
        var facts: RuleSubject
        var section: String
        var changes: [String]
        var total: Int
    }

    /// An empty collection.
    public init(rules: RuleSet) { self.rules = rules }

    /// Adds an event.
    ///
    /// - Parameters:
    ///   - facts: Of the CI the event is about.
    ///   - container: Of the CI it lies inside; nil for none.
    ///   - isFirstSight: For a CI that appeared: true when its container had none of its class before, so that the
    ///     first inventory of a host raises nothing.
    public mutating func add(_ event: FeedEvent, facts: RuleSubject, container: RuleSubject?, isFirstSight: Bool) {
        switch event {
        case .attributesChanged(_, let changes, _, false):
            for rule in rules.changes { addAttributes(changes, rule, facts) }
        case .itemsChanged(_, let section, let changes, let total, _, false):
            for rule in rules.changes { addItems(changes, total, section, rule, facts) }
        case .ciCreated where !isFirstSight:
            addCI("+", .appeared, facts, container)
        case .ciStateChanged(_, .vanished, .active):
            addCI("+", .appeared, facts, container)
        case .ciStateChanged(_, _, .vanished):
            addCI("−", .vanished, facts, container)
        default: break
        }
    }

    /// What the rules say, in the order of the first event of each.
    public var hits: [RuleHit] {
        order.compactMap { key in
            guard let group = groups[key] else { return nil }
            let shown = group.changes.prefix(5).joined(separator: ", ")
            let rest = group.total - min(group.changes.count, 5)
            let changes = rest > 0 ? "\(shown), … +\(rest)" : shown
            let text = group.rule.summary.filled(with: [
                "ci": group.facts.name, "class": group.facts.className.rawValue, "instance": key.instance,
                "section": group.section, "changes": changes, "count": String(group.total), "value": changes,
            ])
            let value = changes.shownOnOneLine(limit: 300)
            let reading = AlarmFinding(severity: group.rule.severity, summary: text, value: value, refreshes: true)
            return RuleHit(key: key, signal: .occurred(reading, clearAfter: group.condition.clearAfter))
        }
    }

    private mutating func addAttributes(_ changes: [AttributeChange], _ rule: AlarmRule, _ facts: RuleSubject) {
        guard case .changed(let condition) = rule.condition, condition.kinds.contains(.attributes),
            rule.scope.covers(facts)
        else { return }
        let wanted = changes.filter { condition.covers(name: $0.name) }
        let texts = wanted.prefix(100).map { describe($0) }
        add(texts, total: wanted.count, rule, condition, facts, section: "attributes")
    }

    private mutating func addItems(
        _ changes: [ItemChange], _ total: Int, _ section: SectionName, _ rule: AlarmRule, _ facts: RuleSubject
    ) {
        guard case .changed(let condition) = rule.condition, condition.kinds.contains(.items),
            condition.sections.isEmpty || condition.sections.contains(section), rule.scope.covers(facts)
        else { return }
        let wanted = changes.filter { condition.covers(name: $0.displayName(in: section)) }
        // Only listed changes can be judged by name; those behind the list count when no name is asked for. A section
        // whose changes are not listed at all raises nothing.
        let isOpen = condition.include.isEmpty && condition.exclude.isEmpty && !wanted.isEmpty
        let count = isOpen ? max(total, wanted.count) : wanted.count
        add(
            wanted.map { describe($0, in: section) }, total: count, rule, condition, facts, section: section.rawValue)
    }

    private mutating func addCI(
        _ sign: String, _ kind: ChangedCondition.Kind, _ facts: RuleSubject, _ container: RuleSubject?
    ) {
        for rule in rules.changes {
            guard case .changed(let condition) = rule.condition, condition.kinds.contains(kind),
                rule.scope.covers(facts), condition.covers(name: facts.name)
            else { continue }
            let place = container ?? facts
            let section = facts.className.rawValue
            add([sign + facts.name.shownOnOneLine(limit: 80)], total: 1, rule, condition, place, section: section)
        }
    }

    private mutating func add(
        _ changes: [String], total: Int, _ rule: AlarmRule, _ condition: ChangedCondition, _ facts: RuleSubject,
        section: String
    ) {
        guard total > 0 else { return }
        let key = AlarmKey(ci: facts.ci, rule: rule.name, instance: section)
        guard var group = groups[key] else {
            order.append(key)
            groups[key] = Group(
                rule: rule, condition: condition, facts: facts, section: section, changes: changes, total: total)
            return
        }
        group.changes += changes.prefix(max(0, 100 - group.changes.count))
        group.total += total
        groups[key] = group
    }
}

private func describe(_ change: AttributeChange) -> String {
    let name = change.name.shownOnOneLine(limit: 80)
    return name + " " + difference(change.before, change.after)
}

private func describe(_ change: ItemChange, in section: SectionName) -> String {
    let name = change.displayName(in: section).shownOnOneLine(limit: 80)
    switch (change.before, change.after) {
    case (nil, let after?): return "+" + name + version(after)
    case (let before?, nil): return "−" + name + version(before)
    case (let before?, let after?):
        let changed = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }.sorted()
        if changed.contains("version") { return name + " " + difference(before["version"], after["version"]) }
        let parts = changed.prefix(3).map {
            "\($0.shownOnOneLine(limit: 40)) \(difference(before[$0], after[$0]))"
        }
        return name + " " + parts.joined(separator: " ")
    case (nil, nil): return name
    }
}

private func version(_ attributes: [String: AttributeValue]) -> String {
    attributes["version"].map { " " + $0.display.shownOnOneLine(limit: 60) } ?? ""
}

private func difference(_ before: AttributeValue?, _ after: AttributeValue?) -> String {
    let old = before?.display.shownOnOneLine(limit: 60) ?? "∅"
    let new = after?.display.shownOnOneLine(limit: 60) ?? "∅"
    return "\(old) → \(new)"
}

extension ItemChange {
    /// What people call the item: a package without its manager and architecture, a unit without `unit:`.
    func displayName(in section: SectionName) -> String {
        if let name = (after ?? before)?["name"]?.text, !name.isEmpty { return name }
        let parts = key.split(separator: ":", omittingEmptySubsequences: false)
        if section == .packages, parts.count >= 2 { return String(parts[1]) }
        if section == .services, let first = parts.first, first == "unit" || first == "exe" {
            return parts.dropFirst().joined(separator: ":")
        }
        return key
    }
}
