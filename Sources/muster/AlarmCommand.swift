import ArgumentParser
import Model
import Terminal

/// `muster alarm …`
struct AlarmCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alarm", abstract: "Alarms: list, show, ack, silence, explain.",
        subcommands: [List.self, Show.self, Acknowledge.self, Silence.self, Explain.self])

    static let row = Table(
        Column("ID", "id"), Column("STATE", "state"), Column("SEVERITY", "severity"), Column("CI", "ci_name"),
        .detail("RULE", "rule"), Column("SUMMARY", "summary"), Column("SINCE", "since"),
        Column("INCIDENT", "incident"))
    static let moves = Table(Column("TIME", "time"), Column("STATE", "state"), Column("REASON", "reason"))

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Alarms that are not cleared, newest first.")
        @Option(
            help: "Only this state: pending, firing, acknowledged, cleared, or all; may stand several times.",
            completion: .list(AlarmState.allCases.map(\.rawValue) + ["all"]))
        var state: [String] = []
        @Option(help: "How many at most.")
        var limit = 100
        @OptionGroup var watch: Watch
        @OptionGroup var connection: Connection

        func run() async throws {
            try await watch.show(connection.display) {
                let rows = try await connection.list(["v1", "alarms"], state.map { ("state", $0) }, limit: limit)
                return connection.display.text(rows, AlarmCommand.row)
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "An alarm with every move it made.")
        @Argument(help: "The alarm's number.")
        var id: Int64
        @OptionGroup var connection: Connection

        func run() async throws {
            let path = ["v1", "alarms", String(id)]
            let alarm = try await connection.get(path)
            AlarmCommand.show(try await connection.whole(alarm, [("history", path + ["history"], [])]), connection)
        }
    }

    struct Acknowledge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "ack", abstract: "Say that somebody knows; the escalation stops.")
        @Argument(help: "The alarm's number.")
        var id: Int64
        @OptionGroup var connection: Connection

        func run() async throws {
            AlarmCommand.show(try await connection.post(["v1", "alarms", String(id), "ack"], [:]), connection)
        }
    }

    struct Silence: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make no notifications for this alarm's CI and rule for a while.")
        @Argument(help: "The alarm's number.")
        var id: Int64
        @Option(
            name: .customLong("for"), help: "How long: a whole number and s, m, h or d, such as 30m, 8h, 2d.",
            transform: Span.parse)
        var span: Span
        @Option(help: "Why, in one line; the alarm's page shows it.")
        var reason: String
        @OptionGroup var connection: Connection

        func run() async throws {
            let silence = try await connection.post(
                ["v1", "alarms", String(id), "silence"], ["seconds": span.seconds, "reason": reason])
            connection.show(
                [silence],
                Table(
                    Column("ID", "id"), Column("CI", "ci"), Column("RULE", "rule"), Column("UNTIL", "until"),
                    Column("REASON", "reason"), Column("BY", "by")))
        }
    }

    struct Explain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Why the alarm is as it is.")
        @Argument(help: "The alarm's number.")
        var id: Int64
        @OptionGroup var connection: Connection

        func run() async throws {
            let answer = try await connection.get(["v1", "alarms", String(id), "explain"])
            connection.show(answer, rows: [answer], Table(Column("LINES", "lines"))) { _ in
                answer["lines"].items.map { oneLine($0.display) + "\n" }.joined()
            }
        }
    }

    static func show(_ alarm: JSONValue, _ connection: Connection) {
        connection.show(alarm, rows: [alarm], row) { layout in
            row.text([alarm], layout) + part("Moves", alarm["history"].items, moves, layout)
        }
    }
}
