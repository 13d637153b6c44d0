import ArgumentParser
import Model

/// `muster incident …`
struct IncidentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "incident", abstract: "Incidents: list, show, open, update, resolve.",
        subcommands: [List.self, Show.self, Open.self, Update.self, Resolve.self])

    static let row = Table(
        Column("NUMBER", "number"), Column("STATE", "state"), Column("PRIORITY", "priority"),
        .detail("IMPACT", "impact"), .detail("URGENCY", "urgency"), Column("TITLE", "title"), Column("CI", "ci_name"),
        .detail("ASSIGNEE", "assignee"), Column("OPENED", "opened_at"), .detail("RESOLVED", "resolved_at"))
    static let affected = Table(
        Column("CLASS", "class"), Column("NAME", "name"), Column("ID", "ci"), Column("BECAUSE OF", "path"))
    static let timeline = Table(
        Column("TIME", "time"), Column("KIND", "kind"), Column("WHO", "who"), Column("TEXT", "text"))
    static let notifications = Table(
        Column("CHANNEL", "channel"), Column("EVENT", "event"), Column("STATE", "state"), Column("TRIES", "attempts"),
        Column("ENDED", "ended_at"), Column("ANSWER", "last_answer"))

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Incidents that are not closed, newest first.")
        @Option(
            help: ArgumentHelp(
                "Only this state: new, assigned, in-progress, pending, resolved, closed, or all; may stand several "
                    + "times."),
            completion: .list(IncidentState.allCases.map(\.rawValue) + ["all"]))
        var state: [String] = []
        @Option(help: "How many at most.")
        var limit = 100
        @OptionGroup var watch: Watch
        @OptionGroup var connection: Connection

        func run() async throws {
            try await watch.show(connection.display) {
                let rows = try await connection.list(["v1", "incidents"], state.map { ("state", $0) }, limit: limit)
                return connection.display.text(rows, IncidentCommand.row)
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "An incident with its impact, timeline, alarms and notifications.")
        @Argument(help: "The incident's number.")
        var number: Int64
        @OptionGroup var watch: Watch
        @OptionGroup var connection: Connection

        func run() async throws {
            try await watch.show(connection.display) {
                let incident = try await connection.get(["v1", "incidents", String(number)])
                return IncidentCommand.text(try await IncidentCommand.whole(incident, connection), connection)
            }
        }
    }

    struct Open: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Open an incident by hand.")
        @Argument(help: "The CI it is about: number, name or class:name.", completion: Suggestions.cis)
        var ci: String
        @Option(help: "What is wrong, in one line.")
        var title: String
        @Option(help: "How soon it must be fixed: high, medium or low.", completion: .list(["high", "medium", "low"]))
        var urgency = "medium"
        @OptionGroup var connection: Connection

        func run() async throws {
            try await IncidentCommand.show(
                try await connection.post(["v1", "incidents"], ["ci": ci, "title": title, "urgency": urgency]),
                connection)
        }
    }

    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Change an incident or add a note.")
        @Argument(help: "The incident's number.")
        var number: Int64
        @Option(
            help: "The new state: assigned, in-progress, pending or closed.",
            completion: .list(["assigned", "in-progress", "pending", "closed"]))
        var state: String?
        @Option(help: "The person who has it.")
        var assignee: String?
        @Option(help: "The team that owns it.")
        var team: String?
        @Option(help: "1 (first) to 5.", completion: .list(["1", "2", "3", "4", "5"]))
        var priority: Int?
        @Option(help: "A note for the timeline.")
        var note: String?
        @OptionGroup var connection: Connection

        func run() async throws {
            var members: [String: Encodable & Sendable] = [:]
            members["state"] = state
            members["assignee"] = assignee
            members["team"] = team
            members["priority"] = priority
            members["note"] = note
            guard !members.isEmpty else {
                throw CommandError(
                    "nothing to change; give at least one of --state, --assignee, --team, --priority, --note",
                    isUsage: true)
            }
            try await IncidentCommand.show(
                try await connection.post(["v1", "incidents", String(number)], members), connection)
        }
    }

    struct Resolve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Say that service is restored.")
        @Argument(help: "The incident's number.")
        var number: Int64
        @Option(help: "What solved it.")
        var note: String
        @OptionGroup var connection: Connection

        func run() async throws {
            try await IncidentCommand.show(
                try await connection.post(["v1", "incidents", String(number), "resolve"], ["note": note]), connection)
        }
    }

    static func show(_ incident: JSONValue, _ connection: Connection) async throws {
        write(text(try await whole(incident, connection), connection))
    }

    static func whole(_ incident: JSONValue, _ connection: Connection) async throws -> JSONValue {
        let path = ["v1", "incidents", incident["number"].display]
        return try await connection.whole(
            incident, ["affected", "timeline", "alarms", "notifications"].map { ($0, path + [$0], []) })
    }

    static func text(_ incident: JSONValue, _ connection: Connection) -> String {
        connection.display.text(incident, rows: [incident], row) { layout in
            row.text([incident], layout) + part("Affected", incident["affected"].items, affected, layout)
                + part("Timeline", incident["timeline"].items, timeline, layout)
                + part("Alarms", incident["alarms"].items, AlarmCommand.row, layout)
                + part("Notifications", incident["notifications"].items, notifications, layout)
        }
    }
}
