import ArgumentParser

/// `muster token …`
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Make tokens: join (for one agent), api (for people and programs).",
        subcommands: [Join.self, API.self])

    struct Join: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "A join token: lets one agent enrol, once.")
        @Option(help: "How long it is valid, such as 30m or 8h; 1h without this.", transform: Span.parse)
        var life: Span?
        @Option(help: "What it is for, in one line; the audit log shows it.")
        var note = ""
        @OptionGroup var connection: Connection

        func run() async throws {
            let answer = try await connection.post(
                ["v1", "tokens"], ["life_seconds": life?.seconds ?? 3600, "note": note])
            // The token alone on standard output, so that it can go into a file for the agent.
            connection.show(answer, rows: [answer], Table(Column("TOKEN", "token"), Column("EXPIRES", "expires_at"))) {
                _ in
                answer["token"].display + "\n"
            }
        }
    }

    struct API: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "An API token, shown once.")
        @Argument(help: "A name for it; the audit log shows it.")
        var name: String
        @Option(
            help: "What it may do: read, operate or admin.", completion: .list(["read", "operate", "admin"]))
        var scope = "read"
        @Option(help: "How long it is valid, such as 8h or 30d; 90d without this.", transform: Span.parse)
        var life: Span?
        @OptionGroup var connection: Connection

        func run() async throws {
            let answer = try await connection.post(
                ["v1", "api-tokens"],
                ["name": name, "scope": scope, "life_seconds": life?.seconds ?? 90 * 86_400])
            connection.show(answer, rows: [answer], Table(Column("TOKEN", "token"), Column("EXPIRES", "expires_at"))) {
                _ in
                answer["token"].display + "\n"
            }
        }
    }
}

/// `muster audit`
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "audit", abstract: "Who did what, newest first.")
    @Option(help: "How many at most.")
    var limit = 50
    @OptionGroup var connection: Connection

    func run() async throws {
        connection.show(
            try await connection.list(["v1", "audit"], [], limit: limit),
            Table(
                Column("TIME", "time"), Column("WHO", "who"), Column("ACTION", "action"), Column("TARGET", "target"),
                Column("DETAIL", "detail")))
    }
}
