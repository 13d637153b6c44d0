import ArgumentParser
import Terminal

/// `muster policy …`
struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "What agents are to look at: list, show, explain, rings.",
        discussion: "Policies are files on the collector's host; docs/policy.md tells how to write them.",
        subcommands: [List.self, Show.self, Explain.self, Rings.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The policies in force, in the order in which they count, the nearest last.")
        @OptionGroup var connection: Connection

        func run() async throws {
            let listing = try await connection.get(["v1", "policies"], [("limit", "1")])
            connection.show(
                try await connection.list(["v1", "policies"], [], limit: .max),
                Table(
                    Column("POLICY", "name"), Column("FOR", "select"), Column("AGENTS", "agents"),
                    .detail("RING", "ring"), .detail("VERSION", "version"), Column("ABOUT", "about")))
            guard case .text(let problem) = listing["problem"] else { return }
            throw CommandError("the files as they are now are not in force: \(problem)")
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "One policy: whom it is for, and what they get.")
        @Argument(help: "The policy's name: its file's without .toml.")
        var policy: String
        @OptionGroup var connection: Connection

        func run() async throws {
            let policy = try await connection.get(["v1", "policies", policy])
            connection.show(policy, rows: policy["checks"].items, PolicyCommand.items) { layout in
                oneLine("\(policy["name"].display)  \(policy["about"].display)") + "\n"
                    + oneLine("for \(policy["select"].display): \(policy["agents"].display) agents") + "\n"
                    + part("Inventory", policy["inventory.sources"].items, PolicyCommand.sources, layout)
                    + part("Metrics", policy["metrics.sources"].items, PolicyCommand.sources, layout)
                    + part("Checks", policy["checks"].items, PolicyCommand.items, layout)
                    + part("Devices", policy["devices"].items, PolicyCommand.items, layout)
                    + part("Discovery", PolicyCommand.discovery(policy), PolicyCommand.networks, layout)
            }
        }
    }

    struct Explain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What one agent gets, from which policy, and what became of it.",
            discussion: """
                STATE: in-force; pending (the agent has not yet said that it has it); partly (the host refused parts, see the \
                message); refused (the agent could not read it); not-allowed (the host takes no policies); none.
                """)
        @Argument(help: "The agent's id or its host's name.", completion: Suggestions.agents)
        var agent: String
        @OptionGroup var connection: Connection

        func run() async throws {
            let standing = try await connection.get(["v1", "agents", agent, "policy"])
            let parts = standing["parts"].items
            let table = Table(Column("PART", "part"), Column("SETTING", "setting"), Column("POLICY", "policy"))
            connection.show(standing, rows: parts, table) { layout in
                let message = standing["message"].display
                return oneLine("\(standing["agent"].display)  \(standing["hostname"].display)") + "\n"
                    + oneLine("state  \(standing["state"].display)") + "\n"
                    + oneLine("tag    \(standing["tag"].display)") + "\n"
                    + (message.isEmpty ? "" : oneLine("said   \(message)") + "\n") + part("Gets", parts, table, layout)
            }
        }
    }

    struct Rings: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Which version each ring is to have, how many hosts run it, do not yet, or went back from it.")
        @OptionGroup var connection: Connection

        func run() async throws {
            connection.show(
                try await connection.list(["v1", "rings"], [], limit: .max),
                Table(
                    Column("RING", "ring"), Column("VERSION", "version"), Column("AGENTS", "agents"),
                    Column("RUNNING", "running"), Column("WAITING", "waiting"), Column("FAILED", "failed"),
                    .detail("WAITING HOSTS", "waiting_hosts"), Column("FAILED HOSTS", "failed_hosts")))
        }
    }

    /// Where the policy has devices looked for, as one row; none where it says nothing of it.
    private static func discovery(_ policy: JSONValue) -> [JSONValue] {
        if case .null = policy["discovery"] { return [] }
        return [policy]
    }

    private static let networks = Table(
        Column("NETWORKS", "discovery_networks"), Column("SETTINGS", "discovery.settings"))
    private static let items = Table(Column("NAME", "name"), Column("SETTINGS", "settings"))
    private static let sources = Table(
        Column("NAME", "name"), Column("ENABLED", "enabled"), Column("SECONDS", "interval_seconds"))
}
