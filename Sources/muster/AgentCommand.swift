import ArgumentParser
import Terminal

/// `muster agent …`
struct AgentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent", abstract: "Agents: list, show, ledger, receipts, revoke.",
        subcommands: [List.self, Show.self, Ledger.self, Receipts.self, Revoke.self])

    static let row = Table(
        Column("AGENT", "id"), Column("HOST", "hostname"), Column("STATE", "state"), .detail("VERSION", "version"),
        .detail("CI", "ci"), Column("HEARD", "heard_at"), Column("SKEW MS", "clock_skew_milliseconds"),
        Column("REVOKED", "revoked_reason"))
    static let epochs = Table(
        Column("EPOCH", "epoch"), Column("ENQUEUED*", "enqueued"), Column("ACKNOWLEDGED*", "acknowledged"),
        Column("STORED", "stored"), Column("REFUSED", "refused"), Column("DECLARED GAPS", "declared_gaps"),
        Column("WAITING", "waiting"), Column("MISSING", "missing"))
    static let gaps = Table(
        Column("EPOCH", "epoch"), Column("FIRST", "first_sequence"), Column("LAST", "last_sequence"),
        Column("COUNT", "count"), Column("CAUSE", "cause"), Column("TOLD", "told_at"))
    static let refusals = Table(
        Column("EPOCH", "epoch"), Column("SEQUENCE", "sequence"), Column("TIME", "time"), Column("REASON", "reason"))

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "All agents.")
        @Option(help: "How many at most.")
        var limit = 10_000
        @OptionGroup var watch: Watch
        @OptionGroup var connection: Connection

        func run() async throws {
            try await watch.show(connection.display) {
                connection.display.text(
                    try await connection.list(["v1", "agents"], [], limit: limit), AgentCommand.row)
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "One agent.")
        @Argument(help: "The agent's id or its host's name.", completion: Suggestions.agents)
        var agent: String
        @OptionGroup var connection: Connection

        func run() async throws {
            connection.show([try await connection.get(["v1", "agents", agent])], AgentCommand.row)
        }
    }

    struct Ledger: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What the agent enqueued, what is stored, refused or declared lost.")
        @Argument(help: "The agent's id or its host's name.", completion: Suggestions.agents)
        var agent: String
        @OptionGroup var connection: Connection

        func run() async throws {
            let begun = try await connection.get(["v1", "agents", agent, "ledger"])
            let path = ["v1", "agents", begun["agent"].display]
            let account = try await connection.whole(
                begun, ["epochs", "gaps", "refusals"].map { ($0, path + [$0], []) })
            connection.show(account, rows: account["epochs"].items, AgentCommand.epochs) { layout in
                oneLine("\(account["agent"].display)  \(account["hostname"].display)") + "\n"
                    + part("Ledger", account["epochs"].items, AgentCommand.epochs, layout)
                    + "  * as the agent told with its last heartbeat; what it enqueued since is stored but not yet told\n"
                    + part("Declared gaps", account["gaps"].items, AgentCommand.gaps, layout)
                    + part("Refused", account["refusals"].items, AgentCommand.refusals, layout)
            }
        }
    }

    struct Receipts: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "How each piece of an agent's work ended last.")
        @Argument(help: "The agent's id or its host's name.", completion: Suggestions.agents)
        var agent: String
        @OptionGroup var connection: Connection

        func run() async throws {
            connection.show(
                try await connection.list(["v1", "agents", agent, "receipts"], [], limit: .max),
                Table(
                    Column("SOURCE", "source"), Column("OUTCOME", "outcome"), Column("FOUND", "found"),
                    Column("MS", "duration_milliseconds"), Column("MESSAGE", "message")))
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ban an agent: its next request is refused.")
        @Argument(help: "The agent's id or its host's name.", completion: Suggestions.agents)
        var agent: String
        @Option(help: "Why, in one line; the audit log keeps it.")
        var reason: String
        @OptionGroup var connection: Connection

        func run() async throws {
            connection.show(
                [try await connection.post(["v1", "agents", agent, "revoke"], ["reason": reason])], AgentCommand.row)
        }
    }
}
