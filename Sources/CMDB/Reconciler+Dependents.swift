import Model
import Stores

extension Reconciler {
    /// The machines that a section's items are. They lie inside nothing: a probe of their own, another controller or a person may
    /// speak of them, too, and then it is one CI.
    mutating func decideDependents(
        object: Int64, className: CIClass, relation: RelationKind
    ) throws(ReconcileError) {
        var before: [String: DependentStatement] = [:]
        for (key, attributes) in snapshot.items {
            let item = SectionItem(key: key, attributes: attributes)
            before[Reconciler.childKey(item, className)] = DependentStatement(item)
        }
        var round = DependentRound(relation: relation, className: className, before: before)
        round.taken = Set(
            statement.items.compactMap { snapshot.children[Reconciler.childKey($0, className)]?.ci?.id })
        for item in statement.items {
            let key = Reconciler.childKey(item, className)
            guard round.present.insert(key).inserted else { continue }
            try dependent(DependentStatement(item), key: key, parentObject: object, &round)
        }
        guard statement.isComplete else { return }
        for (key, child) in snapshot.children.sorted(by: { $0.value.id < $1.value.id })
        where !round.present.contains(key) {
            leave(child, key: key, round)
        }
    }

    private mutating func dependent(
        _ machine: DependentStatement, key: String, parentObject: Int64, _ round: inout DependentRound
    ) throws(ReconcileError) {
        let known = snapshot.children[key]?.ci
        var verdict = IdentityVerdict.decide(
            machine, known: known, before: round.before[key], statement, snapshot)
        if let ci = verdict.ci, ci.id != known?.id, ci.id == decision.ci || !round.taken.insert(ci.id).inserted {
            // A controller that is one of its own access points needs itself no more than before; and two items are two things.
            if ci.id == decision.ci { return }
            verdict = IdentityVerdict(outcome: known.map { .known($0) } ?? .new)
        }
        let childObject = try object(for: key, parentObject: parentObject, className: round.className)
        let ci = try bind(machine, verdict, object: childObject, known: known, round.className)
        claim(verdict, of: ci, &round)
        if snapshot.digest != statement.digest { decideContradictions(verdict.contradictions, of: ci) }
        let needs = machine.isDependent && ci != decision.ci
        let edge = needs ? self.edge(from: ci, to: decision.ci, round.relation, childObject) : nil
        change(oldEdge(of: known, key: key, object: childObject, round), to: edge)
        observe(
            machine.facts, object: childObject, ci: ci, isNew: verdict.ci == nil, isWhole: true, own: { _ in true })
    }

    /// The CI, bound to the object and active.
    private mutating func bind(
        _ machine: DependentStatement, _ verdict: IdentityVerdict, object: Int64, known: CIRecord?,
        _ className: CIClass
    ) throws(ReconcileError) -> CIID {
        guard let ci = verdict.ci else {
            let ci = CIID(try number())
            decision.changes += [
                .addCI(id: ci, className: className, name: machine.name, parent: nil), .bind(object: object, ci: ci),
            ]
            decision.events.append(.ciCreated(ci: ci, className: className, name: machine.name))
            return ci
        }
        if ci.id != known?.id { decision.changes.append(.bind(object: object, ci: ci.id)) }
        if let left = verdict.leaves { retire(left) }
        decision.expectations.append(.ci(ci.id, version: ci.version))
        if ci.state != .active {
            forgetOthers(of: ci.id, but: object, now: machine.facts)
            decision.changes.append(.setState(ci: ci.id, state: .active))
            decision.events.append(.ciStateChanged(ci: ci.id, from: ci.state, to: .active))
        }
        // Its own word for its name counts more than its controller's.
        let isNamed = (snapshot.statements[ci.id] ?? []).contains {
            $0.object != object && ["system.name", "system.hostname"].contains($0.attribute)
        }
        if !isNamed, ci.name != machine.name {
            decision.changes.append(.setName(ci: ci.id, name: machine.name))
            decision.events.append(.ciRenamed(ci: ci.id, from: ci.name, to: machine.name))
        }
        return ci.id
    }

    private mutating func retire(_ ci: CIRecord) {
        decision.expectations.append(.ci(ci.id, version: ci.version))
        decision.changes.append(.setState(ci: ci.id, state: .retired))
        decision.events.append(.ciStateChanged(ci: ci.id, from: ci.state, to: .retired))
    }

    /// What was said of a CI before it vanished is over when it returns in another's words.
    private mutating func forgetOthers(of ci: CIID, but object: Int64, now facts: [String: AttributeValue]) {
        for stale in snapshot.statements[ci] ?? [] where stale.object != object {
            decision.changes.append(.observe(object: stale.object, attribute: stale.attribute, value: nil))
            guard facts[stale.attribute] == nil, snapshot.records[ci]?[stale.attribute]?.object == stale.object else {
                continue
            }
            decision.changes.append(.setAttribute(ci: ci, attribute: stale.attribute, value: nil, object: nil))
        }
        snapshot.statements[ci]?.removeAll { $0.object != object }
    }

    /// Keys that point nowhere now point at the CI; those it no longer states point nowhere.
    private mutating func claim(_ verdict: IdentityVerdict, of ci: CIID, _ round: inout DependentRound) {
        let speakers = (snapshot.statements[ci] ?? []).map(\.object)
        if Set(speakers).count <= 1 {
            for key in verdict.dropped where round.moved.insert(key).inserted {
                decision.changes.append(.removeKey(kind: key.kind, value: key.value))
            }
        }
        for key in verdict.claims where round.moved.insert(key).inserted {
            decision.changes.append(.addKey(kind: key.kind, value: key.value, ci: ci))
        }
    }

    /// A machine that is not listed any more does not need the subject; it vanishes unless somebody else speaks of it.
    private mutating func leave(_ child: ObjectState, key: String, _ round: DependentRound) {
        guard let ci = child.ci, !round.taken.contains(ci.id), ci.id != decision.ci else { return }
        change(oldEdge(of: ci, key: key, object: child.id, round), to: nil)
        if (snapshot.statements[ci.id] ?? []).contains(where: { $0.object != child.id }) {
            observe([:], object: child.id, ci: ci.id, isNew: false, isWhole: true, own: { _ in true })
        } else if ci.state == .active {
            decision.expectations.append(.ci(ci.id, version: ci.version))
            decision.changes.append(.setState(ci: ci.id, state: .vanished))
            decision.events.append(.ciStateChanged(ci: ci.id, from: .active, to: .vanished))
        }
    }

    /// The edge as it stands: the section's items say for whom there is one.
    private func oldEdge(
        of ci: CIRecord?, key: String, object: Int64, _ round: DependentRound
    ) -> RelationEdge? {
        guard let ci, let subject = snapshot.subject?.ci, round.before[key]?.isDependent == true else { return nil }
        return edge(from: ci.id, to: subject.id, round.relation, object)
    }

    private mutating func change(_ old: RelationEdge?, to new: RelationEdge?) {
        guard old != new else { return }
        if let old {
            decision.changes.append(.endRelation(old))
            decision.events.append(.relationEnded(old))
        }
        if let new {
            decision.changes.append(.addRelation(new))
            decision.events.append(.relationAdded(new))
        }
    }

    private func edge(from ci: CIID, to subject: CIID, _ relation: RelationKind, _ object: Int64) -> RelationEdge {
        RelationEdge(source: ci, kind: relation, target: subject, object: object, confidence: 100)
    }
}

/// What one decision about dependents has come to so far.
private struct DependentRound {
    let relation: RelationKind
    let className: CIClass
    /// The items as they were, by the keys of their objects.
    let before: [String: DependentStatement]
    /// Objects of this statement.
    var present: Set<String> = []
    /// CIs that an item of this statement is.
    var taken: Set<CIID> = []
    /// Keys that were given or taken in this decision: each can be once.
    var moved: Set<IdentityKey> = []
}
