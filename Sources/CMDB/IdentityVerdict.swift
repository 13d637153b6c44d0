import Model
import Stores

/// Which CI a subject is, and why.
public struct IdentityVerdict: Sendable {
    /// The finding.
    public enum Outcome: Hashable, Sendable {
        /// The source spoke of it before: its own name for it is the strongest key.
        case known(CIRecord)
        /// Another source's CI, recognised by a key.
        case joins(CIRecord, by: IdentityKey)
        /// Nobody spoke of it.
        case new
    }

    /// The finding.
    public var outcome: Outcome
    /// Keys that point nowhere yet and now point at the subject.
    public var claims: [IdentityKey] = []
    /// Keys the subject had and no longer states.
    public var dropped: [IdentityKey] = []
    /// Keys that point at another CI: no merge by guess, but recorded.
    public var contradictions: [Contradiction] = []

    /// The CI the subject was until now, when it turns out to be another's: a stand-in that only a check or a sample
    /// made, without keys, children or another source.
    public var leaves: CIRecord?

    /// A key that points at another CI.
    public struct Contradiction: Hashable, Sendable {
        /// The key.
        public var key: IdentityKey
        /// Whom it points at.
        public var owner: CIRecord
        /// Why it was not followed.
        public var reason: String
    }

    /// Decides by the source's own name for the subject, else by the strongest key that nothing contradicts.
    public static func decide(_ statement: SectionStatement, _ snapshot: ReconcileSnapshot) -> IdentityVerdict {
        decide(
            keys: IdentityKeys.stated(by: statement), known: snapshot.subject?.ci,
            isStandIn: !snapshot.hasChildren, statement, snapshot,
            before: {
                IdentityKeys.stated(
                    by: snapshot.items.map { SectionItem(key: $0.key, attributes: $0.value) },
                    section: statement.section, subject: statement.subject, agent: statement.agent)
            })
    }

    /// The same for a machine that a statement speaks of beside its subject.
    static func decide(
        _ dependent: DependentStatement, known: CIRecord?, before: DependentStatement?, _ statement: SectionStatement,
        _ snapshot: ReconcileSnapshot
    ) -> IdentityVerdict {
        decide(
            keys: dependent.keys, known: known, isStandIn: true, statement, snapshot, before: { before?.keys ?? [] })
    }

    /// `isStandIn` is false where something tells already that the known CI is more than a name.
    private static func decide(
        keys: [IdentityKey], known: CIRecord?, isStandIn mayStandIn: Bool, _ statement: SectionStatement,
        _ snapshot: ReconcileSnapshot, before: () -> [IdentityKey]
    ) -> IdentityVerdict {
        var verdict = IdentityVerdict(outcome: .new)
        if let known, !mayStandIn || !isStandIn(known, statement, snapshot) {
            verdict.outcome = .known(known)
        } else if let key = keys.first(where: { snapshot.owners[$0].map { $0.id != known?.id } ?? false }),
            let owner = snapshot.owners[key]
        {
            if let reason = objection(to: owner, keys: keys, statement, snapshot) {
                verdict.contradictions.append(Contradiction(key: key, owner: owner, reason: reason))
            } else {
                verdict.outcome = .joins(owner, by: key)
                verdict.leaves = known
            }
        }
        if let known, case .new = verdict.outcome { verdict.outcome = .known(known) }
        verdict.sort(keys, statement, snapshot, before)
        return verdict
    }

    /// The CI the subject is; nil when it is new.
    public var ci: CIRecord? {
        switch outcome {
        case .known(let ci), .joins(let ci, _): ci
        case .new: nil
        }
    }

    private mutating func sort(
        _ keys: [IdentityKey], _ statement: SectionStatement, _ snapshot: ReconcileSnapshot,
        _ before: () -> [IdentityKey]
    ) {
        var seen: Set<IdentityKey> = []
        for key in keys where seen.insert(key).inserted {
            guard let owner = snapshot.owners[key] else {
                claims.append(key)
                continue
            }
            if owner.id != ci?.id, !contradictions.contains(where: { $0.key == key }) {
                contradictions.append(Contradiction(key: key, owner: owner, reason: "the key belongs to that CI"))
            }
        }
        guard case .known(let known) = outcome, statement.isComplete else { return }
        let own = snapshot.keys[known.id] ?? []
        dropped = Set(before()).subtracting(seen).filter { own.contains($0) && $0.kind != "address" }
            .sorted { ($0.kind, $0.value) < ($1.kind, $1.value) }
    }

    /// Whether `known` says nothing about what the subject is: then a key may still tell.
    private static func isStandIn(
        _ known: CIRecord, _ statement: SectionStatement, _ snapshot: ReconcileSnapshot
    ) -> Bool {
        let own = "\(statement.sourceKind):\(statement.agent)"
        return snapshot.speakers[known.id] == [own]
            && (snapshot.keys[known.id] ?? []).allSatisfy { $0.kind == "address" }
    }

    /// Why the subject is not `owner` although a key says so; nil when nothing speaks against it.
    private static func objection(
        to owner: CIRecord, keys: [IdentityKey], _ statement: SectionStatement, _ snapshot: ReconcileSnapshot
    ) -> String? {
        let kind = statement.sourceKind + ":"
        let others = snapshot.speakers[owner.id]?.filter { $0.hasPrefix(kind) && $0 != kind + statement.agent }
        if case .host = statement.subject, let other = others?.first {
            return "\(other) speaks for it; a clone or a reinstalled host is linked by a person, never by guess"
        }
        if owner.parent != nil { return "it lies inside another CI" }
        if let other = keys.lazy.compactMap({ snapshot.owners[$0] }).first(where: { $0.id != owner.id }) {
            return "another key points at CI \(other.id)"
        }
        let known = snapshot.keys[owner.id] ?? []
        for key in keys where IdentityKeys.single.contains(key.kind) && !known.contains(key) {
            if let differing = known.first(where: { $0.kind == key.kind }) {
                return "it has \(differing.kind) \(differing.value), the report says \(key.value)"
            }
        }
        return nil
    }
}
