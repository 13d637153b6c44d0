import ArgumentParser
import Terminal

/// `muster discovery …`
struct DiscoveryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discovery",
        abstract: "What agents found in networks: list, show, accept, ignore, link, networks.",
        subcommands: [List.self, Show.self, Accept.self, Ignore.self, Link.self, Networks.self])

    static let row = Table(
        Column("ID", "id"), Column("STATE", "state"), Column("NAME", "label"), Column("ADDRESS", "addresses"),
        Column("FOUND BY", "ways"), .detail("VENDOR", "vendor"), .detail("REFUSAL", "refusal"), Column("CI", "ci_name"),
        .detail("SEEN", "last_seen"))
    static let sights = Table(
        Column("AGENT", "agent"), Column("ADDRESS", "address"), Column("CREDENTIAL", "credential"),
        Column("SEEN", "seen_at"))

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "What waits for a decision, newest first.")
        @Option(
            help: "Only this state: waiting, accepted, ignored, linked, or all; may stand several times.",
            completion: .list(["waiting", "accepted", "ignored", "linked", "all"]))
        var state: [String] = []
        @Option(help: "How many at most.")
        var limit = 100
        @OptionGroup var watch: Watch
        @OptionGroup var connection: Connection

        func run() async throws {
            try await watch.show(connection.display) {
                let rows = try await connection.list(["v1", "discoveries"], state.map { ("state", $0) }, limit: limit)
                return connection.display.text(rows, DiscoveryCommand.row)
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Something that was found, and which agents see it.")
        @Argument(help: "Its number.")
        var id: Int64
        @OptionGroup var connection: Connection

        func run() async throws {
            DiscoveryCommand.show(try await connection.get(["v1", "discoveries", String(id)]), connection)
        }
    }

    struct Accept: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make it a device that an agent probes.")
        @Argument(help: "Its number.")
        var id: Int64
        @Option(help: "The device's name; without it what it calls itself, else its address.")
        var name: String?
        @Option(help: "The agent that probes it; without it the first that it answers.")
        var agent: String?
        @OptionGroup var connection: Connection

        func run() async throws {
            var members: [String: Encodable & Sendable] = [:]
            members["name"] = name
            members["agent"] = agent
            DiscoveryCommand.show(
                try await connection.post(["v1", "discoveries", String(id), "accept"], members), connection)
        }
    }

    struct Ignore: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take it out of the queue, also when it is seen again.")
        @Argument(help: "Its number.")
        var id: Int64
        @Option(help: "Why, in one line.")
        var note: String?
        @OptionGroup var connection: Connection

        func run() async throws {
            var members: [String: Encodable & Sendable] = [:]
            members["note"] = note
            DiscoveryCommand.show(
                try await connection.post(["v1", "discoveries", String(id), "ignore"], members), connection)
        }
    }

    struct Link: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Say that it is a CI which is known.")
        @Argument(help: "Its number.")
        var id: Int64
        @Argument(help: "The CI: its number, name or class:name.")
        var ci: String
        @OptionGroup var connection: Connection

        func run() async throws {
            DiscoveryCommand.show(
                try await connection.post(["v1", "discoveries", String(id), "link"], ["ci": ci]), connection)
        }
    }

    struct Networks: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Which agent looks through which networks of policies.",
            discussion: "Without AGENT nobody does: no host that the policy selects lists them in its policy.toml.")
        @OptionGroup var connection: Connection

        func run() async throws {
            connection.show(
                try await connection.list(["v1", "sweeps"], [], limit: .max),
                Table(
                    Column("POLICY", "policy"), Column("NETWORKS", "networks"), Column("HOST", "hostname"),
                    Column("AGENT", "agent"), Column("SINCE", "since"), Column("FENCE", "fence"),
                    .detail("SILENT", "silent")))
        }
    }

    static func show(_ found: JSONValue, _ connection: Connection) {
        connection.show(found, rows: [found], row) { layout in
            row.text([found], layout) + part("Seen by", found["seen_by"].items, sights, layout)
        }
    }
}
