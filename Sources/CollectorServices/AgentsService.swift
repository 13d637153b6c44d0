import FleetCA
import Model
import Stores
import Wire

/// What people do with agents and tokens: see them, revoke them, make tokens. Every change is audited.
public struct AgentsService: Sendable {
    /// What an API token allows.
    public enum Scope: String, Sendable, CaseIterable, Comparable {
        /// See everything.
        case read
        /// Also acknowledge, silence, and work on incidents.
        case operate
        /// Also revoke agents and make tokens.
        case admin

        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
        /// Weaker first.
        public static func < (left: Scope, right: Scope) -> Bool { left.rank < right.rank }
    }

    /// What an agent's page shows.
    public struct Account: Sendable {
        /// The agent.
        public var agent: AgentRecord
        /// One ledger per epoch, newest first.
        public var epochs: [LedgerRecord]
        /// Spans declared lost, newest first.
        public var gaps: [GapRecord]
        /// Frames refused, newest first.
        public var refusals: [RefusalRecord]
    }

    private let store: any AgentReading & AuditReading & ChangeCommitting
    private let restored: ClosedRange<Timestamp>?
    private let now: @Sendable () -> Timestamp

    /// A service over a store; `now` is the collector's wall clock. `restored` is the time from the backup that the store
    /// was restored from to its restoration; nil where it never was.
    public init(
        store: any AgentReading & AuditReading & ChangeCommitting, restored: ClosedRange<Timestamp>? = nil,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.restored = restored
        self.now = now
    }

    /// Agents in order of id behind `after`.
    public func list(after: String?, limit: Int) async throws -> [AgentRecord] {
        try await store.agents(after: after, limit: limit)
    }

    /// Agents that match, in order of id.
    public func find(_ query: AgentQuery) async throws -> [AgentRecord] { try await store.agents(query) }

    /// The ledgers of an agent's epochs, newest first.
    public func ledger(of agent: AgentRecord) async throws -> [LedgerRecord] { try await store.ledger(of: agent.id) }

    /// When the newest certificate of an agent ends; nil for none.
    public func certificateEnd(of agent: AgentRecord) async throws -> Timestamp? {
        try await store.newestCertificates(of: agent.id, limit: 1).first?.notAfter
    }

    /// The agent, by id or, where it is the only one of that name, by its host's name.
    public func agent(_ reference: String) async throws -> AgentRecord {
        if let agent = try await store.agent(reference) { return agent }
        var named: [AgentRecord] = []
        var near: [String] = []
        var after: String?
        while true {
            let page = try await store.agents(after: after, limit: 1000)
            named += page.filter { $0.hostname.utf8.elementsEqual(reference.utf8) && $0.revokedReason == nil }
            if named.isEmpty { near = NearNames.near(reference, among: near + page.map(\.hostname)) }
            guard let last = page.last, page.count == 1000 else { break }
            after = last.id
        }
        guard let only = named.first else {
            throw ServiceRefusal.notFound("no agent is called \(reference)\(NearNames.hint(near))")
        }
        guard named.count == 1 else {
            throw ServiceRefusal.conflict(
                "\(named.count) agents are called \(reference): name one by id, such as \(only.id)")
        }
        return only
    }

    /// The host's name of each of `ids` that is an agent's.
    public func hostnames(of ids: Set<String>) async throws -> [String: String] {
        var names: [String: String] = [:]
        for id in ids { names[id] = try await store.agent(id)?.hostname }
        return names
    }

    /// What was sent, stored, refused and lost, with the newest `lines` gaps and refusals.
    public func account(of reference: String, lines: Int = 100) async throws -> Account {
        let agent = try await agent(reference)
        return Account(
            agent: agent, epochs: try await store.ledger(of: agent.id),
            gaps: try await store.gaps(of: agent.id, limit: lines),
            refusals: try await store.refusals(of: agent.id, limit: lines))
    }

    /// The newest receipt of each source of an agent.
    public func receipts(of reference: String) async throws -> [Receipt] {
        try await store.receipts(of: try await agent(reference).id)
    }

    /// Bans an agent: its next request is refused, on open connections too.
    public func revoke(_ reference: String, reason: String, by: String) async throws -> AgentRecord {
        let agent = try await agent(reference)
        var set = ChangeSet()
        set.agents = [.revoke(agent: agent.id, reason: reason, by: by)]
        _ = try await store.commit(set)
        return try await self.agent(agent.id)
    }

    /// A join token's secret, valid once within `seconds`.
    public func makeJoinSecret(seconds: Int64, note: String, by: String) async throws -> (Secret, expires: Timestamp) {
        guard (60...604_800).contains(seconds) else {
            throw ServiceRefusal.invalid("a join token lives 60 to 604800 seconds, not \(seconds)")
        }
        let secret = try Secret.random()
        let expires = now().adding(seconds: seconds)
        var set = ChangeSet()
        set.agents = [
            .addToken(hash: secret.hash, expires: expires, note: note, by: by),
            .audit(who: by, action: "token.create", target: "join", detail: note),
        ]
        _ = try await store.commit(set)
        return (secret, expires)
    }

    /// An API token for people and programs, by a name that is not taken yet.
    public func makeAPIToken(
        name: String, scope: Scope, seconds: Int64, by: String
    ) async throws -> (Secret, expires: Timestamp) {
        guard (3600...31_708_800).contains(seconds) else {
            throw ServiceRefusal.invalid("an API token lives 3600 to 31708800 seconds, not \(seconds)")
        }
        guard (1...64).contains(name.utf8.count), !name.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
            throw ServiceRefusal.invalid("the name of an API token has 1 to 64 bytes without control characters")
        }
        let secret = try Secret.random()
        let expires = now().adding(seconds: seconds)
        var set = ChangeSet()
        set.agents = [
            .addAPIToken(hash: secret.hash, name: name, scope: scope.rawValue, expires: expires),
            .audit(who: by, action: "api-token.create", target: name, detail: "scope \(scope.rawValue)"),
        ]
        do {
            _ = try await store.commit(set)
        } catch StoreError.conflict {
            throw ServiceRefusal.conflict("an API token called \(name) exists; choose another name")
        }
        return (secret, expires)
    }

    /// Who presents this secret, and what it allows; nil when no token holds.
    public func bearer(of secret: String) async throws -> (name: String, scope: Scope)? {
        guard (32...512).contains(secret.utf8.count),
            let token = try await store.apiToken(hash: Secret.hash(of: secret), at: now()),
            let scope = Scope(rawValue: token.scope)
        else { return nil }
        return (token.name, scope)
    }

    /// Whether requests with this certificate are served now (threats M19).
    public func accepts(_ agent: VerifiedAgent) async throws -> Bool {
        if try await store.isAccepted(serial: agent.serial, agent: agent.id) { return true }
        return try await adopts(agent)
    }

    /// Whether the certificate was issued between the backup and its restoration, to an agent that the backup knows: the
    /// restored store forgot it, the fleet CA's signature says that it was. It is entered again, once.
    private func adopts(_ agent: VerifiedAgent) async throws -> Bool {
        guard let restored, let issued = agent.issuedAt, restored.contains(issued),
            let known = try await store.agent(agent.id), known.revokedReason == nil
        else { return false }
        var set = ChangeSet()
        set.agents = [
            .addCertificate(serial: agent.serial, agent: agent.id, notAfter: agent.notAfter),
            .audit(
                who: "collector", action: "agent.certificate-adopted", target: agent.id,
                detail: "serial \(agent.serial) of \(issued.rfc3339), issued after the restored backup was made"),
        ]
        do { _ = try await store.commit(set) } catch StoreError.conflict {}
        return try await store.isAccepted(serial: agent.serial, agent: agent.id)
    }

    /// Entries of the audit log, newest first.
    public func audit(before: Int64?, limit: Int) async throws -> [AuditRecord] {
        try await store.auditEntries(before: before, limit: limit)
    }
}
