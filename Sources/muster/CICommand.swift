import ArgumentParser

/// `muster ci …`
struct CICommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ci", abstract: "Configuration items: find, show, history, items.",
        subcommands: [Find.self, Show.self, History.self, Items.self])

    static let row = Table(
        Column("ID", "id"), Column("CLASS", "class"), Column("NAME", "name"), Column("STATE", "state"))
    static let facts = Table(
        Column("FACT", "name"), Column("VALUE", "value"), Column("SOURCE", "source"), Column("SINCE", "since"),
        Column("OTHERS SAY", "others"))
    static let relations = Table(
        Column("", "direction"), Column("RELATION", "kind"), Column("ID", "other.id"), Column("CLASS", "other.class"),
        Column("NAME", "other.name"), Column("STATE", "other.state"), Column("SOURCE", "source"),
        Column("SINCE", "since"))
    static let sources = Table(Column("SOURCE", "source"), Column("SCOPE", "scope"), Column("KEY", "key"))

    struct Find: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Find CIs by name, key or class.")
        @Argument(help: "Text in the name or in an identity key; leave it out for all.")
        var query = ""
        @Option(name: .customLong("class"), help: "Only this class.")
        var className: String?
        @Option(help: "Only this state: active, vanished, retired.")
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
        @Argument(help: "Number, name or class:name.")
        var ci: String
        @Option(parsing: .unconditional, help: "As of a time: RFC 3339, \"1m ago\" or -60s.")
        var asOf: Moment?
        @OptionGroup var connection: Connection

        func run() async throws {
            let page = try await connection.get(["v1", "ci", ci], [("as_of", asOf?.text)])
            connection.show(page, rows: page["attributes"].items, CICommand.facts) { Self.text(page) }
        }

        static func text(_ page: JSONValue) -> String {
            var text = oneLine(
                "\(page["name"].display)  \(page["class"].display) \(page["id"].display)  \(page["state"].display)")
            if page["as_of"] != .null { text += "  as of \(page["as_of"].display)" }
            if page["parent"] != .null {
                text += oneLine("  in \(page["parent.class"].display) \(page["parent.name"].display)")
            }
            text += "\n"
            text += part("Facts", page["attributes"].items, CICommand.facts)
            if case .object(let sections) = page["sections"], !sections.isEmpty {
                text += "\nSections: " + oneLine(JSONValue.object(sections).display) + "\n"
            }
            text += part("Relations", page["relations"].items, CICommand.relations)
            text += part("Inside", page["children"].items, CICommand.row)
            text += part("Sources", page["sources"].items, CICommand.sources)
            return text + part("Alarms", page["alarms"].items, AlarmCommand.row)
        }
    }

    struct History: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What happened to a CI: before, after, source and time, newest first.")
        @Argument(help: "Number, name or class:name.")
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
        @Argument(help: "Number, name or class:name.")
        var ci: String
        @Argument(help: "Section: packages, units, disks, connections …")
        var section: String
        @Option(parsing: .unconditional, help: "As of a time: RFC 3339, \"1m ago\" or -60s.")
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
                    Column("KEY", "key"), Column("ATTRIBUTES", "attributes"), Column("SOURCE", "source"),
                    Column("SINCE", "since")))
        }
    }
}

/// A titled part of a page; empty when there are no rows.
func part(_ title: String, _ rows: [JSONValue], _ table: Table) -> String {
    rows.isEmpty ? "" : "\n\(title)\n" + table.text(rows, indent: "  ")
}
