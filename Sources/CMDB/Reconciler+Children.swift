import Model
import Stores

extension Reconciler {
    /// The CIs inside the subject that a section's items are.
    mutating func decideChildren(
        object: Int64, className: CIClass, relation: RelationKind
    ) throws(ReconcileError) {
        var present: Set<String> = []
        let others = Dictionary(
            grouping: snapshot.childCIs.filter { $0.className == className && isInside($0) }, by: \.name)
        var taken = Set(snapshot.children.values.compactMap { isInside($0.ci) ? $0.ci?.id : nil })
        for item in statement.items {
            let key = Reconciler.childKey(item, className)
            guard present.insert(key).inserted else { continue }
            let child = try child(
                key, item: item, parentObject: object, className: className, relation: relation, others: others,
                taken: &taken)
            observe(
                item.attributes, object: child.object, ci: child.ci, isNew: child.isNew, isWhole: true,
                own: { _ in true })
        }
        guard statement.isComplete else { return }
        for (key, child) in snapshot.children.sorted(by: { $0.value.id < $1.value.id }) where !present.contains(key) {
            vanish(child)
        }
    }

    /// The object and CI for an item: known, the same thing as another source's CI inside the subject, or new.
    private mutating func child(
        _ key: String, item: SectionItem, parentObject: Int64, className: CIClass, relation: RelationKind,
        others: [String: [CIRecord]], taken: inout Set<CIID>
    ) throws(ReconcileError) -> (object: Int64, ci: CIID, isNew: Bool) {
        let name = CanonicalText.of(SectionCatalogue.name(of: item, className: className))
        if let known = snapshot.children[key], let ci = known.ci, isInside(ci) {
            keep(ci, name: name)
            return (known.id, ci.id, false)
        }
        let childObject = try object(for: key, parentObject: parentObject, className: className)
        if let other = twin(in: others[name] ?? [], taken: taken) {
            taken.insert(other.id)
            keep(other, name: other.name)
            decision.changes += [
                .bind(object: childObject, ci: other.id),
                .addRelation(edge(from: other.id, relation, object: childObject)),
            ]
            decision.events.append(.relationAdded(edge(from: other.id, relation, object: childObject)))
            return (childObject, other.id, false)
        }
        let ci = CIID(try number())
        decision.changes += [
            .addCI(id: ci, className: className, name: name, parent: decision.ci),
            .bind(object: childObject, ci: ci), .addRelation(edge(from: ci, relation, object: childObject)),
        ]
        decision.events += [
            .ciCreated(ci: ci, className: className, name: name),
            .relationAdded(edge(from: ci, relation, object: childObject)),
        ]
        return (childObject, ci, true)
    }

    mutating func object(
        for key: String, parentObject: Int64, className: CIClass
    ) throws(ReconcileError) -> Int64 {
        if let known = snapshot.children[key] { return known.id }
        let id = try number()
        decision.changes.append(
            .addObject(
                id: id, source: snapshot.source ?? newSource, scope: statement.scope, key: key, className: className,
                parent: parentObject))
        return id
    }

    /// The source this decision made, when the snapshot had none.
    private var newSource: Int64 {
        for case .addSource(let id, _, _) in decision.changes { return id }
        return 0
    }

    /// The one CI among those of the same class and name inside the subject that no object of this source has.
    private func twin(in sameName: [CIRecord], taken: Set<CIID>) -> CIRecord? {
        let candidates = sameName.filter { !taken.contains($0.id) }
        return candidates.count == 1 ? candidates.first : nil
    }

    /// A CI that is spoken of is active and has the name its source gives it.
    private mutating func keep(_ ci: CIRecord, name: String) {
        decision.expectations.append(.ci(ci.id, version: ci.version))
        if ci.state != .active {
            decision.changes.append(.setState(ci: ci.id, state: .active))
            decision.events.append(.ciStateChanged(ci: ci.id, from: ci.state, to: .active))
        }
        if ci.name != name {
            decision.changes.append(.setName(ci: ci.id, name: name))
            decision.events.append(.ciRenamed(ci: ci.id, from: ci.name, to: name))
        }
    }

    /// What the section no longer has vanishes, unless another source still sees it. Edges and facts stay: they say
    /// what depends on it, and a return keeps the identity.
    private mutating func vanish(_ child: ObjectState) {
        guard let ci = child.ci, isInside(ci), ci.state == .active else { return }
        let others = (snapshot.statements[ci.id] ?? []).contains { $0.object != child.id }
        guard !others else { return }
        decision.expectations.append(.ci(ci.id, version: ci.version))
        decision.changes.append(.setState(ci: ci.id, state: .vanished))
        decision.events.append(.ciStateChanged(ci: ci.id, from: .active, to: .vanished))
    }

    private func isInside(_ ci: CIRecord?) -> Bool { ci?.parent == decision.ci }

    private func edge(from child: CIID, _ relation: RelationKind, object: Int64) -> RelationEdge {
        RelationEdge(source: child, kind: relation, target: decision.ci, object: object, confidence: 100)
    }
}
