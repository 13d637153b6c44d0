import CMDB
import Model
import Stores
import Wire

extension IngestService {
    /// How many items may wait for the rest of their section.
    static let stagedItems = 200_000

    /// What a section of the inventory changes.
    func inventoryEffects(
        _ report: InventoryReport, _ claimedTime: Timestamp, _ origin: FrameOrigin
    ) async throws -> IngestEffects {
        guard let subject = try await statementSubject(report, origin) else {
            return IngestEffects(refusal: "an inventory is about a host or a device, not about \(report.subject)")
        }
        var statement = SectionStatement(
            agent: origin.agent, subject: subject, section: report.section, items: [], isComplete: report.isComplete,
            digest: report.digest.description, claimedTime: claimedTime)
        let want = Want.section(subject: report.subject, section: report.section)
        switch report.body {
        case .unchanged:
            let known = try await store.section(
                sourceKind: statement.sourceKind, sourceName: origin.agent, scope: statement.scope,
                section: report.section)
            var effects = IngestEffects()
            if known?.digest != statement.digest { effects.want = want }
            return effects
        case .delta(let base, let upserts, let removals):
            let snapshot = try await store.snapshot(for: statement.question)
            guard snapshot.isComplete, snapshot.digest == base.description else {
                var effects = IngestEffects()
                effects.want = want
                return effects
            }
            statement.items = merged(snapshot.items, upserts, removals)
        case .full(let items, let part, let parts):
            if parts == 1 {
                statement.items = unique(items)
            } else if let all = try await assembled(items, part, parts, statement) {
                statement.items = unique(all)
            } else {
                return try await stage(items, part, parts, statement, origin)
            }
        }
        // What was received counts, whatever the agent says its digest is: a later difference then asks for all.
        statement.digest = SectionDigest.digest(of: statement.items).description
        return try await decide(statement)
    }

    /// What a section changes that has come whole.
    func decide(_ statement: SectionStatement) async throws -> IngestEffects {
        if statement.question.childPrefix != nil, statement.items.count > Limits.itemsPerPart {
            return IngestEffects(
                refusal: """
                    \(statement.items.count) items in section \(statement.section.rawValue), limit \
                    \(Limits.itemsPerPart), because each would be a CI
                    """)
        }
        var snapshot = try await store.snapshot(for: statement.question)
        let verdict = IdentityVerdict.decide(statement, snapshot)
        if case .joins(let ci, _) = verdict.outcome { snapshot = try await store.snapshot(of: ci.id, into: snapshot) }
        let numbers = try await store.reserveNumbers(Reconciler.numbersNeeded(statement, snapshot))
        let decision = try Reconciler.decide(statement, snapshot, verdict, numbers: NumberSupply(numbers))
        var effects = IngestEffects()
        add(decision, of: statement, to: &effects.set, agent: statement.agent)
        return effects
    }

    private func statementSubject(
        _ report: InventoryReport, _ origin: FrameOrigin
    ) async throws -> SectionStatement.Subject? {
        switch report.subject {
        case .host: .host(name: try await hostName(origin.agent))
        case .device(let target): .device(target: target, address: report.address)
        case .listener, .service, .named: nil
        }
    }

    private func merged(
        _ base: [String: [String: AttributeValue]], _ upserts: [SectionItem], _ removals: [String]
    ) -> [SectionItem] {
        var items = base
        for key in removals { items[key] = nil }
        for item in upserts { items[item.key] = item.attributes }
        return items.map { SectionItem(key: $0.key, attributes: $0.value) }
            .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }

    /// Each key once, the later of two winning, in order of bytes.
    private func unique(_ items: [SectionItem]) -> [SectionItem] {
        InventorySection(name: "", items: items).items
    }

    /// All items when this part is the last one missing; nil when others are.
    private func assembled(
        _ items: [SectionItem], _ part: Int, _ parts: Int, _ statement: SectionStatement
    ) async throws -> [SectionItem]? {
        let snapshot = try await store.snapshot(for: statement.question)
        guard snapshot.partsDigest == statement.digest else { return nil }
        var waiting = snapshot.parts
        waiting[part] = items
        guard (1...parts).allSatisfy({ waiting[$0] != nil }) else { return nil }
        return (1...parts).flatMap { waiting[$0] ?? [] }
    }

    /// Keeps a part until the others are there.
    private func stage(
        _ items: [SectionItem], _ part: Int, _ parts: Int, _ statement: SectionStatement, _ origin: FrameOrigin
    ) async throws -> IngestEffects {
        var snapshot = try await store.snapshot(for: statement.question)
        let waiting = snapshot.parts.values.reduce(items.count) { $0 + $1.count }
        guard waiting <= IngestService.stagedItems else {
            return IngestEffects(
                refusal: "\(waiting) items of \(statement.section.rawValue) wait, limit \(IngestService.stagedItems)")
        }
        if snapshot.subject == nil {
            _ = try await introduce(statement.subject, origin)
            snapshot = try await store.snapshot(for: statement.question)
        }
        guard let object = snapshot.subject?.id else { throw StoreError.conflict(statement.scope) }
        var effects = IngestEffects()
        effects.set.cmdb = [
            .stagePart(
                object: object, section: statement.section, digest: statement.digest, part: part, parts: parts,
                items: items)
        ]
        return effects
    }
}
