import ArgumentParser
import Terminal

/// `muster path A B`
struct PathCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "path", abstract: "Every port on the way from one machine to another.",
        discussion: """
            The way follows the cables the collector knows: what LLDP and CDP name, and what forwarding tables prove. Ports \
            that are down or blocked by spanning tree are gone around. BY says what the cable to the next machine rests \
            on, SURE how much that is worth in percent.
            """)
    @Argument(help: "Where it begins: number, name or class:name.", completion: Suggestions.cis)
    var from: String
    @Argument(help: "Where it ends.", completion: Suggestions.cis)
    var to: String
    @Option(parsing: .unconditional, help: Moment.help, transform: Moment.parse)
    var asOf: Moment?
    @OptionGroup var watch: Watch
    @OptionGroup var connection: Connection

    static let table = Table(
        Column("CLASS", "ci.class"), Column("NAME", "ci.name"), Column("IN", "in.name"), Column("OUT", "out.name"),
        Column("VLAN", "vlan"), Column("BY", "link.evidence"), Column("SURE", "link.confidence_percent"),
        .detail("SOURCES", "link.sources"), .detail("SINCE", "link.since"))

    func run() async throws {
        try await watch.show(connection.display) {
            let answer = try await connection.get(
                ["v1", "path"], [("from", from), ("to", to), ("as_of", asOf?.text)])
            let hops = answer["hops"].items
            return connection.display.text(answer, rows: hops, Self.table) { Self.table.text(hops, $0) }
        }
    }
}
