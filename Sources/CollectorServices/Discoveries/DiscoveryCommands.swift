import CMDB
import Model
import Stores

/// What people do with what was found in networks: accept, ignore, link.
public struct DiscoveryCommands: Sendable {
    /// What the commands need of the store.
    public typealias Store = ChangeCommitting & DiscoveryReading & CMDBReading & ReconcileReading

    private let store: any Store
    private let now: @Sendable () -> Timestamp
    private let changed: @Sendable (_ agent: String) async -> Void

    /// Commands over a store; `changed` hears of each agent that is to probe something else than before.
    public init(
        store: any Store, now: @escaping @Sendable () -> Timestamp,
        changed: @escaping @Sendable (_ agent: String) async -> Void = { _ in }
    ) {
        self.store = store
        self.now = now
        self.changed = changed
    }

    /// Findings that match, newest first.
    public func list(_ query: DiscoveryQuery) async throws -> [DiscoveryRecord] { try await store.discoveries(query) }

    /// How many are in each state.
    public func counts() async throws -> [DiscoveryState: Int] { try await store.discoveryCounts() }

    /// What has this number.
    /// - Throws: `ServiceRefusal.notFound`.
    public func show(_ id: Int64) async throws -> DiscoveryRecord {
        guard let record = try await store.discovery(id: id) else {
            throw ServiceRefusal.notFound("discovery \(id) does not exist")
        }
        return record
    }

    /// Makes it a device of an agent that sees it: of `agent`, else of one whose credential it takes, the one with the fewest devices. Its name is `name`, else
    /// what it calls itself, else its address.
    /// - Throws: `ServiceRefusal.notFound`; `.invalid` for a name no device can have or an agent that does not see it; `.conflict`
    ///   for one that has neither, and where the agent has a device of that name.
    public func accept(_ id: Int64, name: String? = nil, agent: String? = nil, by who: String) async throws
        -> DiscoveryRecord
    {
        try await change(id, "discovery.accept", by: who) { record in
            let sight = try await holder(of: record, agent)
            let name = name ?? record.finding.name ?? sight.address
            guard (1...128).contains(name.utf8.count),
                name.unicodeScalars.allSatisfy({ $0.value >= 32 && $0.value != 127 })
            else { throw ServiceRefusal.invalid("a device's name has 1 to 128 bytes and no control characters") }
            try await refuseTaken(name, sight.agent, record.id)
            record.lease.pass(to: sight.agent, at: now())
            record.state = .accepted
            (record.device, record.ci) = (name, nil)
            record.note = ""
            return "as device \(name) of agent \(sight.agent)"
        }
    }

    /// Takes it out of the queue, also when it is seen again.
    public func ignore(_ id: Int64, note: String = "", by who: String) async throws -> DiscoveryRecord {
        try await change(id, "discovery.ignore", by: who) { record in
            record.state = .ignored
            record.lease.pass(to: nil, at: now())
            (record.device, record.ci) = (nil, nil)
            record.note = note.shownOnOneLine(limit: 500)
            return record.note
        }
    }

    /// Says that it is a CI which is known.
    /// - Throws: `ServiceRefusal.notFound`, also for no such CI.
    public func link(_ id: Int64, to ci: CIID, by who: String) async throws -> DiscoveryRecord {
        guard let row = try await store.ci(ci, asOf: nil) else { throw ServiceRefusal.notFound("no CI \(ci)") }
        return try await change(id, "discovery.link", by: who) { record in
            record.link(to: ci, by: who.shownOnOneLine(limit: 100), at: now())
            record.note = ""
            return "CI \(ci) \(row.name)"
        }
    }

    private func change(
        _ id: Int64, _ action: String, by who: String, _ decide: (inout DiscoveryRecord) async throws -> String
    ) async throws -> DiscoveryRecord {
        for _ in 0..<10 {
            let before = try await show(id)
            var record = before
            let detail = try await decide(&record)
            (record.decidedBy, record.decidedAt) = (who.shownOnOneLine(limit: 100), now())
            var set = ChangeSet()
            set.put(record, before: before)
            set.agents.append(
                .audit(
                    who: who, action: action, target: "discovery \(id) \(before.label.shownOnOneLine(limit: 100))",
                    detail: detail.shownOnOneLine(limit: 500)))
            do {
                _ = try await store.commit(set)
                for agent in Set([before.holder, record.holder].compactMap { $0 }).sorted() { await changed(agent) }
                return try await show(id)
            } catch StoreError.conflict { continue }
        }
        throw ServiceRefusal.conflict("discovery \(id) keeps changing; try again")
    }

    private func holder(of record: DiscoveryRecord, _ agent: String?) async throws -> DiscoverySight {
        let able = record.sights.filter { !$0.address.isEmpty }
        if let agent {
            guard let sight = able.first(where: { $0.agent == agent }) else {
                throw ServiceRefusal.invalid(
                    "agent \(agent.shownOnOneLine(limit: 80)) does not see it; it is seen by "
                        + able.map(\.agent).joined(separator: ", "))
            }
            return sight
        }
        let answered = able.filter { $0.credential != nil }
        var best: (sight: DiscoverySight, devices: Int)?
        for sight in answered.isEmpty ? able : answered {
            let devices = try await store.discoveries(heldBy: sight.agent).count { $0.id != record.id }
            if devices < best?.devices ?? .max { best = (sight, devices) }
        }
        guard let best else {
            throw ServiceRefusal.conflict("no agent knows an address of it; it can be ignored or linked")
        }
        return best.sight
    }

    /// A name is one device's at one agent, whether the agent's own file has it or another finding.
    private func refuseTaken(_ name: String, _ agent: String, _ id: Int64) async throws {
        let others = try await store.discoveries(heldBy: agent).filter { $0.id != id }
        let isTaken = others.contains { $0.device == name }
        let known = try await store.device(name, of: agent)
        let isOwn = try await store.discovery(id: id)?.device == name
        guard !isTaken, known == nil || isOwn else {
            throw ServiceRefusal.conflict(
                "agent \(agent) has a device called \(name.shownOnOneLine(limit: 128)); give another name")
        }
    }
}

extension ReconcileReading {
    /// A device as an agent calls it; nil when the agent never spoke of it.
    func device(_ name: String, of agent: String) async throws -> ObjectState? {
        let statement = SectionStatement(
            agent: agent, subject: .device(target: name, address: nil), section: "", items: [], isComplete: false,
            digest: "", claimedTime: Timestamp(milliseconds: 0))
        return try await object(
            sourceKind: statement.sourceKind, sourceName: agent, scope: statement.scope, key: "")
    }
}

extension DiscoveryReading {
    /// What an agent is to probe because somebody accepted it: devices of its policy, each with the credentials it takes by name.
    public func acceptedDevices(of agent: String) async throws -> [PolicyItem] {
        try await discoveries(heldBy: agent).prefix(AgentPolicy.deviceLimit).compactMap { record in
            guard let name = record.device, let sight = record.sights.first(where: { $0.agent == agent }),
                let address = IPAddress(sight.address)
            else { return nil }
            // An empty name is a credential that has no table of its own: the agent's usual one.
            let credentials = sight.credential.flatMap { $0.isEmpty ? nil : $0 }
            return .device(
                name: name, address: address, port: record.finding.snmpPort,
                settings: credentials.map { ["credentials": .list([.text($0)])] } ?? [:])
        }
    }
}
