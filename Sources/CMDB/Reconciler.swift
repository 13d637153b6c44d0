import Model
import Stores

/// Turns a statement and what is known into changes. Pure: the same input gives the same output.
///
/// Observations hang on the source's own object; the CI's record is computed from all objects bound to it, so a source
/// can be withdrawn or a binding moved without rewriting history. Only a complete section lets things vanish.
public struct Reconciler {
    let statement: SectionStatement
    var snapshot: ReconcileSnapshot
    var numbers: NumberSupply
    var decision = ReconcileDecision(ci: CIID(0), isNew: false)

    /// How many numbers a decision takes at most.
    public static func numbersNeeded(_ statement: SectionStatement, _ snapshot: ReconcileSnapshot) -> Int {
        var count = 3
        switch SectionCatalogue.use(of: statement.section) {
        case .children(let className, _):
            let keys = statement.items.filter {
                snapshot.children[Reconciler.childKey($0, className)]?.ci?.parent != snapshot.subject?.ci?.id
                    || snapshot.subject?.ci == nil
            }
            count += 2 * keys.count
        case .dependents(let className, _):
            let keys = statement.items.filter { snapshot.children[Reconciler.childKey($0, className)]?.ci == nil }
            count += 2 * keys.count
        case .attributes, .items: break
        }
        return count
    }

    /// Decides about one section.
    public static func decide(
        _ statement: SectionStatement, _ snapshot: ReconcileSnapshot, _ verdict: IdentityVerdict,
        numbers: NumberSupply
    ) throws(ReconcileError) -> ReconcileDecision {
        var reconciler = Reconciler(statement: statement, snapshot: snapshot, numbers: numbers)
        let object = try reconciler.decideSubject(verdict)
        switch SectionCatalogue.use(of: statement.section) {
        case .attributes: reconciler.decideAttributes(object: object)
        case .children(let className, let relation):
            try reconciler.decideChildren(object: object, className: className, relation: relation)
        case .dependents(let className, let relation):
            try reconciler.decideDependents(object: object, className: className, relation: relation)
        case .items: break
        }
        reconciler.decideItems(object: object)
        return reconciler.decision
    }

    /// Makes the subject known without a section: for checks, samples and waiting parts that come first.
    public static func introduce(
        _ statement: SectionStatement, _ snapshot: ReconcileSnapshot, _ verdict: IdentityVerdict,
        numbers: NumberSupply
    ) throws(ReconcileError) -> ReconcileDecision {
        var reconciler = Reconciler(statement: statement, snapshot: snapshot, numbers: numbers)
        _ = try reconciler.decideSubject(verdict)
        return reconciler.decision
    }

    static func childKey(_ item: SectionItem, _ className: CIClass) -> String {
        "\(className.rawValue):\(CanonicalText.of(item.key))"
    }

    mutating func number() throws(ReconcileError) -> Int64 {
        guard let number = numbers.next() else { throw .outOfNumbers }
        return number
    }

    /// Source, subject object, CI and keys; returns the subject's object.
    private mutating func decideSubject(_ verdict: IdentityVerdict) throws(ReconcileError) -> Int64 {
        let object = try subjectObject()
        if let ci = verdict.ci {
            decision.ci = ci.id
            decision.expectations.append(.ci(ci.id, version: ci.version))
            if case .joins = verdict.outcome { decision.changes.append(.bind(object: object, ci: ci.id)) }
            if ci.state == .vanished {
                // A controller lost sight of it, and here it speaks for itself.
                decision.changes.append(.setState(ci: ci.id, state: .active))
                decision.events.append(.ciStateChanged(ci: ci.id, from: .vanished, to: .active))
            }
            if let left = verdict.leaves {
                decision.expectations.append(.ci(left.id, version: left.version))
                decision.changes.append(.setState(ci: left.id, state: .retired))
                decision.events.append(.ciStateChanged(ci: left.id, from: left.state, to: .retired))
            }
        } else {
            decision.ci = CIID(try number())
            decision.isNew = true
            let name = subjectName ?? fallbackName
            decision.changes += [
                .addCI(id: decision.ci, className: statement.className, name: name, parent: nil),
                .bind(object: object, ci: decision.ci),
            ]
            decision.events.append(.ciCreated(ci: decision.ci, className: statement.className, name: name))
        }
        for key in verdict.dropped { decision.changes.append(.removeKey(kind: key.kind, value: key.value)) }
        for key in verdict.claims {
            decision.changes.append(.addKey(kind: key.kind, value: key.value, ci: decision.ci))
        }
        if snapshot.digest != statement.digest { decideContradictions(verdict.contradictions) }
        if let ci = verdict.ci { decideName(of: ci) }
        return object
    }

    private mutating func subjectObject() throws(ReconcileError) -> Int64 {
        if let subject = snapshot.subject {
            decision.expectations.append(
                .section(object: subject.id, section: statement.section, digest: snapshot.digest))
            return subject.id
        }
        var source = snapshot.source
        if source == nil {
            let id = try number()
            decision.changes.append(.addSource(id: id, kind: statement.sourceKind, name: statement.agent))
            source = id
        }
        let object = try number()
        decision.changes.append(
            .addObject(
                id: object, source: source ?? 0, scope: statement.scope, key: "", className: statement.className,
                parent: nil))
        return object
    }

    /// A contradiction is told once, when the section that states it is new.
    mutating func decideContradictions(
        _ contradictions: [IdentityVerdict.Contradiction], of ci: CIID? = nil
    ) {
        for contradiction in contradictions {
            let detail = """
                \(contradiction.key.kind) \(contradiction.key.value) points at CI \(contradiction.owner.id) \
                (\(contradiction.owner.name)): \(contradiction.reason); not merged
                """
            decision.audits.append(
                .audit(who: "collector", action: "identity-held", target: "ci:\(ci ?? decision.ci)", detail: detail))
        }
    }

    private mutating func decideName(of ci: CIRecord) {
        guard let name = subjectName, name != ci.name else { return }
        // The host's own word for its name counts more than a probe's, and our agent's more than another's.
        let rank = Precedence.rank(of: statement.sourceKind)
        let isOutranked = snapshot.speakers[ci.id]?.contains { speaker in
            let kind = speaker.split(separator: ":", maxSplits: 1).first.map(String.init) ?? ""
            return ["agent", "glpi"].contains(kind) && Precedence.rank(of: kind) < rank
        }
        if isOutranked == true { return }
        decision.changes.append(.setName(ci: ci.id, name: name))
        decision.events.append(.ciRenamed(ci: ci.id, from: ci.name, to: name))
    }

    /// The name the subject tells of itself; nil when this section does not tell one.
    private var subjectName: String? {
        guard statement.section == .system, let facts = statement.items.first?.attributes else { return nil }
        let names = ["hostname", "name"].lazy.compactMap { facts[$0]?.text?.trimmedASCII }
        return names.first { !$0.isEmpty }.map(CanonicalText.of)
    }

    private var fallbackName: String {
        switch statement.subject {
        case .host(let name): CanonicalText.of(name)
        case .device(let target, _): CanonicalText.of(target)
        }
    }
}
