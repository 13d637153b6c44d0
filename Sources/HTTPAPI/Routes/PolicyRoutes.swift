import CollectorServices
import Model
import Policies

/// Routes about agents' policies: what there is, what an agent gets and from where, how far the rings are.
struct PolicyRoutes: Sendable {
    let policies: PolicyService
    let agents: AgentsService

    var all: [Route] {
        [
            Route(
                "GET", "/v1/policies", .accounts(.read), "Agents' policies in force, in the order in which they count.",
                answers: .policies, list),
            Route("GET", "/v1/policies/{policy}", .accounts(.read), "One policy.", answers: .policy, show).tagged(),
            Route(
                "GET", "/v1/agents/{agent}/policy", .accounts(.read),
                "What an agent gets, from which policy, and what became of it.", answers: .policyStanding, explain),
            Route(
                "GET", "/v1/rings", .accounts(.read), "Which version each ring is to have, and how far it is.",
                answers: .page(of: .ring), rings),
        ]
    }

    @Sendable private func list(
        _ input: Listed<NoInput, Listings.Policies>, _ request: APIRequest
    ) async throws -> PolicyListing {
        let page = Listings.Policies.cursor.page(
            of: try await policies.coverage(), after: input.after, limit: input.limit
        ) { $0.policy.name }
        return PolicyListing(page: page, problem: policies.problem?.description)
    }

    @Sendable private func show(_ input: OnePolicy, _ request: APIRequest) async throws -> PolicyCoverage {
        try await policies.coverage(of: input.policy)
    }

    @Sendable private func explain(_ input: OneAgent, _ request: APIRequest) async throws -> PolicyStanding {
        try await policies.standing(of: try await agents.agent(input.agent))
    }

    @Sendable private func rings(
        _ input: Listed<NoInput, Listings.Rings>, _ request: APIRequest
    ) async throws -> Page<RingProgress> {
        Listings.Rings.cursor.page(of: try await policies.rings(), after: input.after, limit: input.limit) { $0.ring }
    }
}

/// A policy in the path.
struct OnePolicy: Input {
    let policy: String

    init(_ read: inout InputReader) throws {
        policy = try read.required(.path, "policy", .text(1...255), "The policy's name: its file's without .toml.")
    }
}

/// The policies, and why newer files are not in force.
struct PolicyListing: Sendable {
    let page: Page<PolicyCoverage>
    let problem: String?
}
