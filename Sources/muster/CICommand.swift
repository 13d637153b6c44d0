import ArgumentParser
import Model
import Terminal

/// `muster ci …`
struct CICommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ci", abstract: "Configuration items: find, show, history, items.",
        subcommands: [Find.self, Show.self, History.self, Items.self])

    static let row = Table(
        Column("ID", "id"), Column("CLASS", "class"), Column("NAME", "name"), Column("STATE", "state"))
    static let facts = Table(
        Column("FACT", "name"), Column("VALUE", "value"), Column("SOURCE", "source"), .detail("SINCE", "since"),
        Column("OTHERS SAY", "others"))
    static let relations = Table(
        Column("", "direction"), Column("RELATION", "kind"), Column("ID", "other.id"), Column("CLASS", "other.class"),
        Column("NAME", "other.name"), Column("STATE", "other.state"), .detail("EVIDENCE", "evidence"),
        .detail("SOURCE", "source"), .detail("SINCE", "since"))
    static let sources = Table(Column("SOURCE", "source"), Column("SCOPE", "scope"), Column("KEY", "key"))

    struct Find: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Find CIs by name, key or class.")
        @Argument(help: "Text in the name or in an identity key; leave it out for all.")
        var query = ""
        @Option(name: .customLong("class"), help: "Only this class, such as host, device or service.")
        var className: String?
        @Option(
            help: "Only this state: active, vanished, retired.",
            completion: .list(CIState.allCases.map(\.rawValue)))
        var state: String?
        @Option(help: "How many at most.")
        var limit = 100
        @OptionGroup var connection: Connection

        func run() async throws {
            let rows = try await connection.list(
                ["v1", "ci"], [("query", query), ("class", className), ("state", state)], limit: limit)
            connection.show(rows, CICommand.row)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Everything known of a CI, each fact with its source.")
        @Argument(help: "Number, name or class:name.", completion: Suggestions.cis)
        var ci: String
        @Option(parsing: .unconditional, help: Moment.help, transform: Moment.parse)
        var asOf: Moment?
        @OptionGroup var watch: Watch
        @OptionGroup var connection: Connection

        func run() async throws {
            try await watch.show(connection.display) {
                let page = try await whole()
                return connection.display.text(page, rows: page["attributes"].items, CICommand.facts) {
                    Self.text(page, $0)
                }
            }
        }

        /// The page; what it begins is followed by the CI's number, which no rename in between changes.
        private func whole() async throws -> JSONValue {
            let moment = [("as_of", asOf?.text)]
            let page = try await connection.get(["v1", "ci", ci], moment)
            let id = page["id"].display
            return try await connection.whole(
                page,
                ["relations", "children", "sources"].map { ($0, ["v1", "ci", id, $0], moment) }
                    + [("alarms", ["v1", "alarms"], [("ci", id)])])
        }

        static func text(_ page: JSONValue, _ layout: Layout) -> String {
            var text = oneLine(
                "\(page["name"].display)  \(page["class"].display) \(page["id"].display)  \(page["state"].display)")
            if page["as_of"] != .null { text += "  as of \(page["as_of"].display)" }
            if page["parent"] != .null {
                text += oneLine("  in \(page["parent.class"].display) \(page["parent.name"].display)")
            }
            text += "\n"
            text += part("Facts", page["attributes"].items, CICommand.facts, layout)
            if case .object(let sections) = page["sections"], !sections.isEmpty {
                text += "\nSections: " + oneLine(JSONValue.object(sections).display) + "\n"
            }
            text += part("Relations", page["relations"].items, CICommand.relations, layout)
            text += part("Inside", page["children"].items, CICommand.row, layout)
            text += part("Sources", page["sources"].items, CICommand.sources, layout)
            return text + part("Alarms", page["alarms"].items, AlarmCommand.row, layout)
        }
    }

    struct History: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What happened to a CI: before, after, source and time, newest first.")
        @Argument(help: "Number, name or class:name.", completion: Suggestions.cis)
        var ci: String
        @Option(help: "How many at most.")
        var limit = 50
        @OptionGroup var connection: Connection

        func run() async throws {
            let entries = try await connection.list(["v1", "ci", ci, "history"], [], limit: limit)
            switch connection.format {
            case .json: connection.show(entries, CICommand.row)
            default: connection.show(entries.flatMap(HistoryRow.rows), HistoryRow.table)
            }
        }
    }

    struct Items: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Items of a section, such as packages.")
        @Argument(help: "Number, name or class:name.", completion: Suggestions.cis)
        var ci: String
        @Argument(
            help: "Section: packages, units, disks, connections …",
            completion: .list(Suggestions.sections))
        var section: String
        @Option(parsing: .unconditional, help: Moment.help, transform: Moment.parse)
        var asOf: Moment?
        @Option(help: "How many at most.")
        var limit = 100_000
        @OptionGroup var connection: Connection

        func run() async throws {
            let rows = try await connection.list(
                ["v1", "ci", ci, "items", section], [("as_of", asOf?.text)], limit: limit)
            connection.show(
                rows,
                Table(
                    Column("KEY", "key"), Column("ATTRIBUTES", "attributes"), .detail("SOURCE", "source"),
                    .detail("SINCE", "since")))
        }
    }
}
