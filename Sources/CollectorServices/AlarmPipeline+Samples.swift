import Alarms
import Model
import Stores

extension AlarmPipeline: SampleSink {
    /// Looks at the values with the threshold rules; an error is logged, because the next report brings new values.
    public func samplesArrived(ci: CIID, agent: String, values: [Sample], at: Timestamp) async {
        let watched = values.filter { rules.watches($0.series.metric) || rules.clears($0.series.metric) }
        guard !watched.isEmpty else { return }
        do {
            guard let subject = try await facts.facts(of: ci) else { return }
            var hits = rules.hits(for: watched, facts: subject).filter { !$0.needsOpenAlarm || isOpen($0.key) }
            hits += try await clearingHits(for: watched, of: ci)
            guard !hits.isEmpty else { return }
            for _ in 0..<10 where try await judge(hits) { return }
            logger.warning("samples not judged: alarms of the CI keep moving", metadata: ["ci": "\(ci)"])
        } catch {
            logger.error("samples not judged", metadata: ["ci": "\(ci)", "error": "\(error)"])
        }
    }

    /// What ends alarms that events raised on interfaces of the device.
    private func clearingHits(for values: [Sample], of device: CIID) async throws -> [RuleHit] {
        let values = values.filter { rules.clears($0.series.metric) }
        guard !values.isEmpty else { return [] }
        var hits: [RuleHit] = []
        for key in openKeys(where: rules.isClearedByValues) {
            guard let subject = try await facts.facts(of: key.ci), subject.parent == device else { continue }
            if let hit = rules.clearingHit(for: values, key: key, facts: subject) { hits.append(hit) }
        }
        return hits
    }

    private func judge(_ hits: [RuleHit]) async throws -> Bool {
        var bench = AlarmWorkbench(store: store, now: clock.now())
        for hit in hits { try await bench.apply(hit, isOpen: isOpen) }
        guard !bench.set.alarms.isEmpty else { return true }
        return try await commit(bench.set, bench)
    }
}
