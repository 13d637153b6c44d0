import CMDB
import Model
import SQLiteStores
import Stores

/// Writes the plan through `commit`, as ingest does: change sets, savepoints, an fsync for each group.
struct StoreLoad {
    let store: SQLiteStore
    let plan: StorePlan
    let clock: YearClock
    /// What figures begin with; nil when only the data are wanted.
    var subject: String? = "store"

    /// CIs in one change set.
    private static let batch = 500

    func run() async throws {
        var generator = Generator(StorePlan.seed)
        // The plan's own numbers are taken, so that a collector over this store gives none of them again.
        _ = try await store.reserveNumbers(Int(StorePlan.firstCI) + 2 * plan.cis)
        var source = ChangeSet()
        source.cmdb = [.addSource(id: 1, kind: "agent", name: "bench")]
        _ = try await store.commit(source)
        let begun = ContinuousClock.now
        for first in stride(from: 0, to: plan.cis, by: StoreLoad.batch) {
            var set = ChangeSet()
            for index in first..<min(first + StoreLoad.batch, plan.cis) {
                set.cmdb += creation(index)
                set.cmdb += plan.edges(index, &generator).map { .addRelation($0) }
            }
            _ = try await store.commit(set)
        }
        let seconds = begun.secondsSince
        if let subject {
            Figure("\(subject)_load_cis", Double(plan.cis) / seconds, "1/s").print()
            Figure("\(subject)_load_relations", Double(plan.cis * plan.relationsPerCI) / seconds, "1/s").print()
            Figure("\(subject)_load_seconds", seconds, "s").print()
        }
        try await live(&generator)
    }

    private func creation(_ index: Int) -> [CMDBChange] {
        let (ci, object) = (plan.id(index), plan.object(index))
        var changes: [CMDBChange] = [
            .addObject(
                id: object, source: 1, scope: "host", key: "\(index)", className: plan.className(index), parent: nil),
            .addCI(id: ci, className: plan.className(index), name: plan.name(index), parent: plan.parent(index)),
            .bind(object: object, ci: ci),
        ]
        for (name, value) in facts(index, round: 0) {
            changes.append(.observe(object: object, attribute: name, value: value))
            changes.append(.setAttribute(ci: ci, attribute: name, value: value, object: object))
        }
        if plan.className(index) == .host {
            changes.append(.addKey(kind: "serial", value: "dell|SN\(index)", ci: ci))
        }
        return changes
    }

    /// Two facts each: one that few values share, one that changes.
    private func facts(_ index: Int, round: Int) -> [(String, AttributeValue)] {
        [("model", .text("Model \(index % 300)")), ("version", .text("\(index % 20).\(round)"))]
    }

    /// A year in which facts change and edges end and begin: each change ends one row and begins another.
    private func live(_ generator: inout Generator) async throws {
        guard plan.changes > 0 else { return }
        let begun = ContinuousClock.now
        let sets = max(1, plan.changes / StoreLoad.batch)
        var open: [RelationEdge] = []
        for number in 0..<sets {
            clock.now = YearClock.start.adding(seconds: YearClock.year * Int64(number + 1) / Int64(sets))
            var set = ChangeSet()
            var seen: Set<Int> = []
            for _ in 0..<StoreLoad.batch {
                let index = generator.below(plan.cis)
                guard seen.insert(index).inserted else { continue }
                let value = AttributeValue.text("\(index % 20).\(number + 1)")
                set.cmdb += [
                    .observe(object: plan.object(index), attribute: "version", value: value),
                    .setAttribute(ci: plan.id(index), attribute: "version", value: value, object: plan.object(index)),
                ]
                if number.isMultiple(of: 5), index > 1000 { open.append(backup(of: index, number)) }
            }
            set.cmdb += number.isMultiple(of: 5) ? open.map { .addRelation($0) } : []
            if number % 5 == 4 {
                set.cmdb += open.map { .endRelation($0) }
                open = []
            }
            _ = try await store.commit(set)
        }
        let seconds = begun.secondsSince
        guard let subject else { return }
        Figure("\(subject)_history_changes", Double(plan.changes) / seconds, "1/s").print()
        Figure("\(subject)_history_seconds", seconds, "s").print()
    }

    /// Every fifth day's changes move a backup to another place, which ends four days later.
    private func backup(of index: Int, _ number: Int) -> RelationEdge {
        RelationEdge(
            source: plan.id(index), kind: .connectsTo, target: plan.id(number % 1000), object: plan.object(index),
            confidence: 90)
    }
}
