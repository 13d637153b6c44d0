import CMDB
import Model
import Stores
import Wire

extension IngestService {
    /// What an agent found in networks: each thing once in the queue, whoever sees it and however often; what is a CI already is
    /// linked to it by itself.
    func discoveryEffects(_ findings: [DiscoveryFinding], _ origin: FrameOrigin) async throws -> IngestEffects {
        var bench = DiscoveryBench(agent: origin.agent, now: origin.now)
        let (findings, refusal) = try await seen(findings, origin)
        let keys = findings.flatMap { DiscoveryIdentity.keys(of: $0.finding, scope: bench.scope(of: $0.site)) }
        bench.know(try await store.discoveries(withKeys: Array(Set(keys))))
        let matcher = DiscoveryMatcher(store: store, book: machines)
        let numbers = try await store.reserveNumbers(max(findings.count, 1))
        for ((finding, site), number) in zip(findings, numbers) {
            let id = bench.take(finding, number: number, site: site)
            guard bench.isOpen(id), let merged = bench.finding(id),
                let ci = try await matcher.ci(of: merged, agent: origin.agent)
            else { continue }
            bench.link(id, to: ci)
        }
        var effects = IngestEffects()
        effects.set = bench.changes
        if let refusal { effects.set.agents.append(refusal) }
        return effects
    }

    /// Findings with the site that shares their network, without those in networks that are another agent's now; of these, a receipt.
    private func seen(
        _ findings: [DiscoveryFinding], _ origin: FrameOrigin
    ) async throws -> ([(finding: DiscoveryFinding, site: String?)], AgentChange?) {
        let book = SweepBook(try await store.sweepLeases())
        var seen: [(finding: DiscoveryFinding, site: String?)] = []
        var lost: Set<IPNetwork> = []
        for finding in findings {
            let sweep = finding.addresses.first.flatMap { book.sweep($0, by: origin.agent) }
            if let sweep, sweep.lease.wasLost(by: origin.agent) {
                lost.insert(sweep.network)
            } else {
                seen.append((finding, sweep?.policy))
            }
        }
        guard !lost.isEmpty else { return (seen, nil) }
        let networks = IPNetwork.joined(lost).map(\.description).joined(separator: ", ").shownOnOneLine(limit: 400)
        let receipt = Receipt(
            source: "lease/networks", outcome: .truncated, found: seen.count, milliseconds: 0,
            message: "not taken: another agent looks through \(networks) now")
        return (seen, .receipt(agent: origin.agent, receipt: receipt))
    }
}

/// The records that one report of findings touches, as they stand after those before. A value that decides and does nothing else.
struct DiscoveryBench {
    private let agent: String
    private let now: Timestamp
    private var records: [Int64: DiscoveryRecord] = [:]
    /// The records as they were stored; none for those that are new.
    private var before: [Int64: DiscoveryRecord] = [:]
    private var owners: [IdentityKey: Int64] = [:]
    private var touched: [Int64] = []

    init(agent: String, now: Timestamp) {
        self.agent = agent
        self.now = now
    }

    /// Takes what the store knows of keys.
    mutating func know(_ found: [IdentityKey: DiscoveryRecord]) {
        for (key, record) in found {
            records[record.id] = record
            before[record.id] = record
            owners[key] = record.id
        }
    }

    /// Whose addresses those of a site are; without one the agent's own.
    func scope(of site: String?) -> String {
        DiscoverySight(agent: agent, address: "", credential: nil, at: now, site: site).scope
    }

    /// Puts a finding to what it is already known as, else to the queue under `number`; gives its number.
    mutating func take(_ finding: DiscoveryFinding, number: Int64, site: String? = nil) -> Int64 {
        let keys = DiscoveryIdentity.keys(of: finding, scope: scope(of: site))
        let known = known(as: finding, keys)
        let sight = DiscoverySight(
            agent: agent, address: finding.addresses.first ?? "", credential: finding.credential, at: now,
            site: site)
        let id: Int64
        if let known, var record = records[known] {
            id = known
            record.finding = DiscoveryIdentity.merge(record.finding, with: finding)
            if let index = record.sights.firstIndex(where: { $0.agent == agent }) {
                record.sights[index] = sight
            } else if record.sights.count < DiscoveryFinding.listed {
                record.sights.append(sight)
            }
            record.lastSeen = now
            records[id] = record
        } else {
            id = number
            records[id] = DiscoveryRecord(id: id, finding: finding, sights: [sight], at: now)
        }
        for key in keys { owners[key] = id }
        if !touched.contains(id) { touched.append(id) }
        return id
    }

    /// The number under which a finding is known, by its strongest key that nothing contradicts.
    private func known(as finding: DiscoveryFinding, _ keys: [IdentityKey]) -> Int64? {
        keys.lazy.compactMap { owners[$0] }.first { id in
            records[id].map { !DiscoveryIdentity.contradict($0.finding, finding) } ?? false
        }
    }

    /// Whether nobody has decided about it.
    func isOpen(_ id: Int64) -> Bool { records[id]?.state == .waiting }

    /// What is known of it.
    func finding(_ id: Int64) -> DiscoveryFinding? { records[id]?.finding }

    /// It is a CI that is known.
    mutating func link(_ id: Int64, to ci: CIID) { records[id]?.link(to: ci, by: "collector", at: now) }

    /// Everything that is to be committed.
    var changes: ChangeSet {
        var set = ChangeSet()
        for id in touched {
            guard let record = records[id] else { continue }
            set.put(record, before: before[id])
        }
        return set
    }
}

extension DiscoveryRecord {
    /// It is a CI that is known.
    mutating func link(to ci: CIID, by who: String, at now: Timestamp) {
        state = .linked
        self.ci = ci
        (decidedBy, decidedAt) = (who, now)
        lease.pass(to: nil, at: now)
        device = nil
    }

    /// The keys that tell it from all others: those of every agent that sees it.
    var keys: [IdentityKey] {
        var keys: [IdentityKey] = []
        for sight in sights {
            for key in DiscoveryIdentity.keys(of: finding, scope: sight.scope) where !keys.contains(key) {
                keys.append(key)
            }
        }
        return keys
    }
}

extension ChangeSet {
    /// Puts what was found as it is now, and tells the feed where its state is another than before.
    mutating func put(_ record: DiscoveryRecord, before: DiscoveryRecord?) {
        expectations.append(.discovery(id: record.id, version: before?.version ?? 0))
        discoveries.append(.put(record, keys: record.keys))
        guard before?.state != record.state else { return }
        events.append(
            .discoveryChanged(
                id: record.id, name: record.label.shownOnOneLine(limit: 200), from: before?.state, to: record.state,
                ci: record.ci))
    }
}
