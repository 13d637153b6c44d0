import CollectorServices
import Model
import Stores

/// Routes about what agents found in networks.
struct DiscoveryRoutes: Sendable {
    let queries: QueryService
    let commands: DiscoveryCommands
    let sweeps: SweepOverview

    var all: [Route] {
        [
            Route(
                "GET", "/v1/discoveries", .accounts(.read),
                "What agents found in networks, newest first; by default what waits for a decision.",
                answers: .page(of: .discovery), list),
            Route(
                "GET", "/v1/discoveries/{id}", .accounts(.read),
                "Something that was found, with all that is known of it.",
                answers: .discovery, versions: { [.discovery(id: $0.record.id, version: $0.record.version)] }, show
            ).tagged(),
            Route(
                "POST", "/v1/discoveries/{id}/accept", .accounts(.operate),
                "Makes it a device that an agent probes.", answers: .discovery, accept
            ).guarded(by: "/v1/discoveries/{id}"),
            Route(
                "POST", "/v1/discoveries/{id}/ignore", .accounts(.operate),
                "Takes it out of the queue, also when it is seen again.", answers: .discovery, ignore
            ).guarded(by: "/v1/discoveries/{id}"),
            Route(
                "POST", "/v1/discoveries/{id}/link", .accounts(.operate), "Says that it is a CI which is known.",
                answers: .discovery, link
            ).guarded(by: "/v1/discoveries/{id}"),
            Route(
                "GET", "/v1/sweeps", .accounts(.read), "Which agent looks through which networks of policies.",
                answers: .page(of: .sweep), shares),
        ]
    }

    @Sendable private func shares(
        _ input: Listed<NoInput, Listings.Sweeps>, _ request: APIRequest
    ) async throws -> Page<SweepShare> {
        Listings.Sweeps.cursor.page(of: try await sweeps.shares(), after: input.after, limit: input.limit) { $0.key }
    }

    private struct Filter: Input {
        let states: Set<DiscoveryState>

        init(_ read: inout InputReader) throws {
            states = try read.states(DiscoveryState.self, standard: [.waiting])
        }
    }

    @Sendable private func list(
        _ input: Listed<Filter, Listings.Discoveries>, _ request: APIRequest
    ) async throws -> Page<DiscoveryView> {
        let found = try await commands.list(
            DiscoveryQuery(states: input.target.states, after: input.after, limit: input.limit + 1))
        let page = Listings.Discoveries.cursor.page(found, limit: input.limit) { $0.id }
        let names = try await queries.names(of: Set(page.items.compactMap(\.ci)))
        return Page(
            items: page.items.map { record in DiscoveryView(record: record, ci: record.ci.flatMap { names[$0] }) },
            next: page.next)
    }

    private struct One: Input {
        let id: Int64

        init(_ read: inout InputReader) throws {
            id = try read.required(.path, "id", .number, "The finding's number.")
        }
    }

    @Sendable private func show(_ input: One, _ request: APIRequest) async throws -> DiscoveryView {
        try await view(try await commands.show(input.id))
    }

    private struct Acceptance: Input {
        let id: Int64
        let name: String?
        let agent: String?

        init(_ read: inout InputReader) throws {
            id = try One(&read).id
            name = try read.optional(
                .body, "name", .text(1...128), "The device's name; without it what it calls itself, else its address.")
            agent = try read.optional(
                .body, "agent", .text(1...255), "The agent that probes it; without it the first that it answers.")
        }
    }

    @Sendable private func accept(_ input: Acceptance, _ request: APIRequest) async throws -> DiscoveryView {
        try await view(
            try await commands.accept(input.id, name: input.name, agent: input.agent, by: request.caller.name))
    }

    private struct Ignoring: Input {
        let id: Int64
        let note: String?

        init(_ read: inout InputReader) throws {
            id = try One(&read).id
            note = try read.optional(.body, "note", .text(1...500), "Why, in one line.")
        }
    }

    @Sendable private func ignore(_ input: Ignoring, _ request: APIRequest) async throws -> DiscoveryView {
        try await view(try await commands.ignore(input.id, note: input.note ?? "", by: request.caller.name))
    }

    private struct Linking: Input {
        let id: Int64
        let ci: String

        init(_ read: inout InputReader) throws {
            id = try One(&read).id
            ci = try read.required(.body, "ci", .text(1...255), "The CI: its number, name or class:name.")
        }
    }

    @Sendable private func link(_ input: Linking, _ request: APIRequest) async throws -> DiscoveryView {
        try await view(
            try await commands.link(input.id, to: try await queries.resolve(input.ci), by: request.caller.name))
    }

    private func view(_ record: DiscoveryRecord) async throws -> DiscoveryView {
        DiscoveryView(record: record, ci: try await queries.names(of: Set([record.ci].compactMap { $0 })).values.first)
    }
}
