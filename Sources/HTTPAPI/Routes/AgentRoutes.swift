import CollectorServices
import FleetCA
import FoundationEssentials
import Model
import Wire

/// What the collector does with a batch: takes it whole, durably, before it answers.
public protocol BatchAccepting: Sendable {
    /// Stores the batch of an agent whose certificate was verified.
    func accept(agent: String, batch: Batch) async throws -> AgentAnswer
}

/// The routes of the agents' port.
public struct AgentRoutes: Sendable {
    private let enrolment: EnrolmentService
    private let ingest: any BatchAccepting
    private let wants: WantsHub
    private let policies: PolicyService

    /// How long `GET /v1/agent/wants` is held open.
    static let pollSeconds = 50

    /// Routes over the services.
    public init(
        enrolment: EnrolmentService, ingest: any BatchAccepting, wants: WantsHub, policies: PolicyService
    ) {
        self.enrolment = enrolment
        self.ingest = ingest
        self.wants = wants
        self.policies = policies
    }

    /// All of them; the one without a certificate is enrolment.
    public var table: RouteTable {
        RouteTable([
            Route("POST", "/v1/agent/enrol", .everybody, enrol),
            Route("POST", "/v1/agent/renew", .agents, renew),
            Route("POST", "/v1/agent/recover", .endedAgents, recover),
            Route("POST", "/v1/agent/reports", .agents, reports),
            Route("GET", "/v1/agent/wants", .agents, wanted),
            // The tag is that of the octets, which the agent computes, too.
            Route("GET", "/v1/agent/policy", .agents, policy).tagged(),
            Route("GET", "/healthz", .everybody) { _ in .json(.object([("status", "ok")])) },
        ])
    }

    @Sendable private func enrol(_ request: APIRequest) async throws -> APIResponse {
        try request.only()
        return try answer(try await enrolment.enrol(try request.decoded(EnrolRequest.self), from: request.address))
    }

    @Sendable private func renew(_ request: APIRequest) async throws -> APIResponse {
        try request.only()
        let agent = try request.agent()
        return try answer(try await enrolment.renew(try request.decoded(RenewRequest.self), agent: agent))
    }

    /// The next certificate for an agent whose own has ended: the one thing it may do.
    @Sendable private func recover(_ request: APIRequest) async throws -> APIResponse {
        try request.only()
        let agent: VerifiedAgent
        switch request.caller {
        case .agent(let known), .ended(let known): agent = known
        default: throw ProblemDetails.certificate(.absent)
        }
        return try answer(try await enrolment.recover(try request.decoded(RenewRequest.self), agent: agent))
    }

    @Sendable private func reports(_ request: APIRequest) async throws -> APIResponse {
        try request.only()
        let batch: Batch
        do { batch = try Batch(decoding: request.body) } catch {
            throw ProblemDetails("bad-batch", 400, "Batch refused", error.description)
        }
        let agent = try request.agent().id
        var accepted = try await ingest.accept(agent: agent, batch: batch)
        // Sections go the way of everything the collector asks for; only what is needed to read this very epoch is
        // said in the answer, so that the next batch has it.
        for want in accepted.wants where want != .dictionary { await wants.post(want, agent: agent) }
        accepted.wants.removeAll { $0 != .dictionary }
        return try answer(accepted)
    }

    @Sendable private func wanted(_ request: APIRequest) async throws -> APIResponse {
        try request.only("after", "wait_seconds")
        let agent = try request.agent()
        let seconds = try request.integer("wait_seconds", in: 0...Self.pollSeconds, standard: Self.pollSeconds)
        let after = try request.query("after")
        return try answer(await wants.wait(agent: agent.id, after: after, timeout: .seconds(seconds)))
    }

    @Sendable private func policy(_ request: APIRequest) async throws -> APIResponse {
        try request.only()
        return .encoded(try await policies.answer(agent: try request.agent().id).bytes)
    }

    private func answer(_ value: some Encodable) throws -> APIResponse {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return .encoded(Array(try encoder.encode(value)))
    }
}

extension APIRequest {
    /// The agent that makes the request: from its certificate, never from the body (threats M16).
    func agent() throws(ProblemDetails) -> VerifiedAgent {
        guard case .agent(let agent) = caller else { throw .certificate(.absent) }
        return agent
    }
}
