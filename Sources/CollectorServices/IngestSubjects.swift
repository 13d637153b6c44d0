import CMDB
import Model
import Stores
import Wire

extension IngestService {
    /// The CI a subject is; makes host or device known when nobody spoke of it yet.
    ///
    /// A check about a listener stays with the service that had the endpoint last, also when that one vanished: the
    /// alarm must be about the thing that is gone, not about its host.
    func resolve(_ subject: Subject, _ origin: FrameOrigin) async throws -> CIID {
        switch subject {
        case .device(let target):
            return try await introduce(.device(target: target, address: nil), origin)
        case .host: return try await hostCI(origin)
        case .listener(let transport, let address, let port):
            let host = try await hostCI(origin)
            return try await listener(transport, address, port, on: host) ?? host
        case .service(let key):
            let object = try await store.object(
                sourceKind: "agent", sourceName: origin.agent, scope: "host",
                key: "service:\(CanonicalText.of(key))")
            if let ci = object?.ci { return ci.id }
            return try await hostCI(origin)
        case .named(let className, let name):
            let query = CIQuery(text: CanonicalText.of(name), className: CIClass(rawValue: className), limit: 10)
            if let found = try await store.find(query).first(where: { $0.name == name }) { return found.id }
            return try await hostCI(origin)
        }
    }

    private func hostCI(_ origin: FrameOrigin) async throws -> CIID {
        try await introduce(.host(name: try await hostName(origin.agent)), origin)
    }

    /// The name the agent gave when it was enrolled, until the inventory tells.
    func hostName(_ agent: String) async throws -> String {
        let hostname = try await store.agent(agent)?.hostname ?? ""
        return hostname.isEmpty ? agent : hostname
    }

    private func listener(_ transport: String, _ address: String, _ port: Int, on host: CIID) async throws -> CIID? {
        let wanted = IPAddress(address)
        let lists = try await store.values(of: "listen", in: host, className: .service)
        var best: (ci: CIID, match: Int)?
        for (ci, list) in lists.sorted(by: { $0.key < $1.key }) {
            let endpoints = (list.list ?? [list.text ?? ""]).compactMap { ListenEndpoint($0) }
            let match = endpoints.map { $0.match(transport: transport, address: wanted, port: port) }.max() ?? 0
            guard match > 0 else { continue }
            let isActive = try await store.ci(ci, asOf: nil)?.state == .active
            let score = match + (isActive ? 10 : 0)
            if score > best?.match ?? 0 { best = (ci, score) }
        }
        return best?.ci
    }

    /// The CI of a host or device; made, in a commit of its own, when its source never spoke of it: several frames and
    /// several results of one frame may be the first to name it.
    func introduce(_ subject: SectionStatement.Subject, _ origin: FrameOrigin) async throws -> CIID {
        let statement = SectionStatement(
            agent: origin.agent, subject: subject, section: "", items: [], isComplete: false, digest: "",
            claimedTime: origin.frame.claimedTime)
        let known = try await store.object(
            sourceKind: statement.sourceKind, sourceName: origin.agent, scope: statement.scope, key: "")
        if let ci = known?.ci { return ci.id }
        let snapshot = try await store.snapshot(for: statement.question)
        let verdict = IdentityVerdict.decide(statement, snapshot)
        let numbers = try await store.reserveNumbers(Reconciler.numbersNeeded(statement, snapshot))
        let decision = try Reconciler.introduce(statement, snapshot, verdict, numbers: NumberSupply(numbers))
        var set = ChangeSet()
        add(decision, of: statement, to: &set, agent: origin.agent)
        _ = try await store.commit(set)
        return decision.ci
    }

    /// Puts a decision into a change set, and tells the agent's page which CI its host is.
    func add(_ decision: ReconcileDecision, of statement: SectionStatement, to set: inout ChangeSet, agent: String) {
        set.cmdb += decision.changes
        set.events += decision.events
        set.expectations += decision.expectations
        set.agents += decision.audits
        if case .host = statement.subject, decision.bindsSubject {
            set.agents.append(.setHost(agent: agent, ci: decision.ci))
        }
    }
}

extension ReconcileDecision {
    /// Whether the decision bound the subject to a CI for the first time.
    fileprivate var bindsSubject: Bool {
        changes.contains { change in
            if case .bind(_, ci) = change { true } else { false }
        }
    }
}
