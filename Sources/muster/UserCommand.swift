import ArgumentParser

/// `muster user …`
struct UserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "People who sign in to the console.",
        subcommands: [
            List.self, Add.self, SignInLink.self, SetRole.self, Disable.self, Enable.self, SetPassword.self,
        ])

    private static let table = Table(
        Column("NAME", "name"), Column("ROLE", "role"), Column("DISABLED", "disabled"),
        Column("PASSWORD", "has_password"), Column("SIGNED IN", "signed_in_at"))

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Everybody who may sign in.")
        @Option(help: "How many at most.")
        var limit = 100
        @OptionGroup var connection: Connection

        func run() async throws {
            connection.show(try await connection.list(["v1", "users"], [], limit: limit), UserCommand.table)
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a person and print a link that signs in once within ten minutes.")
        @Argument(help: "The name to sign in with: a-z, 0-9, dot, _ and -.")
        var name: String
        @Option(
            help: "What the person may do: viewer, operator or admin.",
            completion: .list(["viewer", "operator", "admin"]))
        var role = "viewer"
        @OptionGroup var connection: Connection

        func run() async throws {
            _ = try await connection.post(["v1", "users"], ["name": name, "role": role])
            try await UserCommand.printLink(name, connection)
        }
    }

    struct SignInLink: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "sign-in-link", abstract: "A link that signs a person in, once, within ten minutes.")
        @Argument(help: "The person's name.")
        var name: String
        @OptionGroup var connection: Connection

        func run() async throws { try await UserCommand.printLink(name, connection) }
    }

    struct SetRole: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "role", abstract: "Change what a person may do.")
        @Argument(help: "The person's name.")
        var name: String
        @Argument(
            help: "viewer, operator or admin.", completion: .list(["viewer", "operator", "admin"]))
        var role: String
        @OptionGroup var connection: Connection

        func run() async throws { try await UserCommand.update(name, ["role": role], connection) }
    }

    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Refuse a person from now on; open sessions end at once.")
        @Argument(help: "The person's name.")
        var name: String
        @OptionGroup var connection: Connection

        func run() async throws { try await UserCommand.update(name, ["disabled": true], connection) }
    }

    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let a disabled person sign in again.")
        @Argument(help: "The person's name.")
        var name: String
        @OptionGroup var connection: Connection

        func run() async throws { try await UserCommand.update(name, ["disabled": false], connection) }
    }

    struct SetPassword: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "password", abstract: "Set a password, read from standard input; open sessions end.")
        @Argument(help: "The person's name.")
        var name: String
        @OptionGroup var connection: Connection

        func run() async throws {
            // Never an argument: those stand in process lists and shell histories.
            guard let password = readLine(strippingNewline: true), !password.isEmpty else {
                throw CommandError(
                    "no password on standard input; try: muster user password NAME < FILE", isUsage: true)
            }
            try await UserCommand.update(name, ["password": password], connection)
        }
    }

    private static func update(
        _ name: String, _ members: [String: Encodable & Sendable], _ connection: Connection
    ) async throws {
        let answer = try await connection.post(["v1", "users", name], members)
        connection.show(answer, rows: [answer], table) { table.text([answer], $0) }
    }

    private static func printLink(_ name: String, _ connection: Connection) async throws {
        let answer = try await connection.post(["v1", "users", name, "sign-in-link"], [:])
        connection.show(answer, rows: [answer], Table(Column("LINK", "link"), Column("EXPIRES", "expires_at"))) { _ in
            answer["link"].display + "\n"
        }
    }
}
