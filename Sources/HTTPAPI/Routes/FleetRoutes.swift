import CollectorServices
import Model
import Stores
import Wire

/// Routes about agents, tokens and the audit log.
struct FleetRoutes: Sendable {
    /// What stands in a join token besides its secret.
    struct Join: Sendable {
        let host: String
        let port: Int
        let authority: SHA256Digest
    }

    let agents: AgentsService
    let join: Join

    var all: [Route] {
        [
            Route(
                "GET", "/v1/agents", .accounts(.read), "Agents and how they stand.", answers: .page(of: .agent), list),
            Route("GET", "/v1/agents/{agent}", .accounts(.read), "One agent.", answers: .agent, show).tagged(),
            Route(
                "GET", "/v1/agents/{agent}/ledger", .accounts(.read),
                "What an agent says it sent, and what is here: per epoch, declared gaps, refusals.", answers: .account,
                ledger),
            Route(
                "GET", "/v1/agents/{agent}/epochs", .accounts(.read), "The ledger of each epoch of an agent.",
                answers: .page(of: .ledger), epochs),
            Route(
                "GET", "/v1/agents/{agent}/gaps", .accounts(.read), "Spans an agent declared lost, newest first.",
                answers: .page(of: .gap), gaps),
            Route(
                "GET", "/v1/agents/{agent}/refusals", .accounts(.read), "Reports that were refused, newest first.",
                answers: .page(of: .refusal), refusals),
            Route(
                "GET", "/v1/agents/{agent}/receipts", .accounts(.read), "How each piece of an agent's work ended last.",
                answers: .page(of: .receipt), receipts),
            Route(
                "POST", "/v1/agents/{agent}/revoke", .accounts(.admin), "Bans an agent: its next request is refused.",
                answers: .agent, revoke
            ).guarded(by: "/v1/agents/{agent}"),
            Route(
                "POST", "/v1/tokens", .accounts(.admin), "Makes a join token for one agent; it is shown once.",
                answers: .joinToken, status: 201, makeJoinToken
            ).answeringSecrets(),
            Route(
                "POST", "/v1/api-tokens", .accounts(.admin), "Makes an API token; it is shown once.",
                answers: .apiToken, status: 201, makeAPIToken
            ).answeringSecrets(),
            Route(
                "GET", "/v1/audit", .accounts(.admin), "Who did what, newest first.", answers: .page(of: .audit), audit),
        ]
    }

    @Sendable private func list(
        _ input: Listed<NoInput, Listings.Agents>, _ request: APIRequest
    ) async throws -> Page<AgentRecord> {
        let found = try await agents.list(after: input.after, limit: input.limit + 1)
        return Listings.Agents.cursor.page(found, limit: input.limit) { $0.id }
    }

    @Sendable private func show(_ input: OneAgent, _ request: APIRequest) async throws -> AgentRecord {
        try await agents.agent(input.agent)
    }

    @Sendable private func ledger(_ input: OneAgent, _ request: APIRequest) async throws -> AccountView {
        let account = try await agents.account(of: input.agent, lines: Self.lines)
        return AccountView(
            agent: account.agent, epochs: try Self.page(account.epochs), gaps: try Self.page(account.gaps),
            refusals: try Self.page(account.refusals))
    }

    @Sendable private func epochs(
        _ input: Listed<OneAgent, Listings.Epochs>, _ request: APIRequest
    ) async throws -> Page<LedgerRecord> {
        let account = try await agents.account(of: input.target.agent, lines: 1)
        return try Self.page(account.epochs, after: input.after, limit: input.limit)
    }

    @Sendable private func gaps(
        _ input: Listed<OneAgent, Listings.Gaps>, _ request: APIRequest
    ) async throws -> Page<GapRecord> {
        let account = try await agents.account(of: input.target.agent, lines: Self.lines)
        return try Self.page(account.gaps, after: input.after, limit: input.limit)
    }

    @Sendable private func refusals(
        _ input: Listed<OneAgent, Listings.Refusals>, _ request: APIRequest
    ) async throws -> Page<RefusalRecord> {
        let account = try await agents.account(of: input.target.agent, lines: Self.lines)
        return try Self.page(account.refusals, after: input.after, limit: input.limit)
    }

    /// How many of an agent's newest gaps and refusals can be listed.
    private static let lines = 100_000

    private static func page(
        _ all: [LedgerRecord], after: String? = nil, limit: Int = CIRoutes.embedded
    ) throws -> Page<LedgerRecord> {
        try Listings.Epochs.cursor.page(inOrder: all, after: after, limit: limit) { String($0.epoch) }
    }

    private static func page(
        _ all: [GapRecord], after: String? = nil, limit: Int = CIRoutes.embedded
    ) throws -> Page<GapRecord> {
        try Listings.Gaps.cursor.page(inOrder: all, after: after, limit: limit) { "\($0.epoch) \($0.first)" }
    }

    private static func page(
        _ all: [RefusalRecord], after: String? = nil, limit: Int = CIRoutes.embedded
    ) throws -> Page<RefusalRecord> {
        try Listings.Refusals.cursor.page(inOrder: all, after: after, limit: limit) { "\($0.epoch) \($0.sequence)" }
    }

    @Sendable private func receipts(
        _ input: Listed<OneAgent, Listings.Receipts>, _ request: APIRequest
    ) async throws -> Page<Receipt> {
        let all = try await agents.receipts(of: input.target.agent)
        return Listings.Receipts.cursor.page(of: all, after: input.after, limit: input.limit) { $0.source }
    }

    private struct Revocation: Input {
        let agent: String
        let reason: String

        init(_ read: inout InputReader) throws {
            agent = try OneAgent(&read).agent
            reason = try read.required(.body, "reason", .text(1...1000), "Why; the audit log keeps it.")
        }
    }

    @Sendable private func revoke(_ input: Revocation, _ request: APIRequest) async throws -> AgentRecord {
        try await agents.revoke(input.agent, reason: input.reason, by: request.caller.name)
    }

    private struct JoinTokenOrder: Input {
        let seconds: Int64
        let note: String

        init(_ read: inout InputReader) throws {
            seconds =
                try read.optional(
                    .body, "life_seconds", .integer(60...604_800), "How long it holds.", shownDefault: 3600) ?? 3600
            note = try read.optional(.body, "note", .text(0...1000), "What it is for.") ?? ""
        }
    }

    @Sendable private func makeJoinToken(_ input: JoinTokenOrder, _ request: APIRequest) async throws -> NewJoinToken {
        let (secret, expires) = try await agents.makeJoinSecret(
            seconds: input.seconds, note: input.note, by: request.caller.name)
        let token = JoinToken(host: join.host, port: join.port, authority: join.authority, secret: secret.text)
        return NewJoinToken(token: token.text, expires: expires)
    }

    private struct APITokenOrder: Input {
        static let standardLife: Int64 = 90 * 86_400
        let name: String
        let scope: AgentsService.Scope
        let seconds: Int64

        init(_ read: inout InputReader) throws {
            name = try read.required(.body, "name", .text(1...64), "A name that is not taken; at most 64 bytes.")
            scope = try read.required(.body, "scope", Kind<AgentsService.Scope>.word, "What it allows.")
            seconds =
                try read.optional(
                    .body, "life_seconds", .integer(3600...31_708_800), "How long it holds.",
                    shownDefault: .integer(Self.standardLife)) ?? Self.standardLife
        }
    }

    @Sendable private func makeAPIToken(_ input: APITokenOrder, _ request: APIRequest) async throws -> NewAPIToken {
        let (secret, expires) = try await agents.makeAPIToken(
            name: input.name, scope: input.scope, seconds: input.seconds, by: request.caller.name)
        return NewAPIToken(token: secret.text, name: input.name, scope: input.scope, expires: expires)
    }

    @Sendable private func audit(
        _ input: Listed<NoInput, Listings.Audit>, _ request: APIRequest
    ) async throws -> Page<AuditRecord> {
        let found = try await agents.audit(before: input.after, limit: input.limit + 1)
        return Listings.Audit.cursor.page(found, limit: input.limit) { $0.id }
    }
}

/// An agent in the path.
struct OneAgent: Input {
    let agent: String

    init(_ read: inout InputReader) throws {
        agent = try read.required(.path, "agent", .text(1...255), "The agent's id, or the name of its host.")
    }
}
