import ArgumentParser
import Terminal

/// `muster impact CI…`
struct ImpactCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "impact", abstract: "What hangs on these CIs, or what they hang on.")
    @Argument(help: "Numbers, names or class:name.", completion: Suggestions.cis)
    var cis: [String]
    @Flag(help: "What fails when they fail (the default).")
    var from = false
    @Flag(help: "What they depend on.")
    var on = false
    @Option(help: "How many steps at most, 0 to 1000; 0 shows the CIs alone, without it all.")
    var depth: Int?
    @Option(parsing: .unconditional, help: Moment.help, transform: Moment.parse)
    var asOf: Moment?
    @OptionGroup var watch: Watch
    @OptionGroup var connection: Connection

    static let table = Table(
        Column("STEPS", "distance"), Column("CLASS", "class"), Column("NAME", "name"), Column("STATE", "state"),
        Column("ID", "ci"), Column("BECAUSE OF", "path"))

    func validate() throws {
        guard !cis.isEmpty else { throw ValidationError("name at least one CI: a number, a name or class:name") }
        guard !(from && on) else { throw ValidationError("--from and --on exclude each other") }
    }

    func run() async throws {
        try await watch.show(connection.display) {
            let answer = try await whole()
            return connection.display.text(answer, rows: answer["affected"].items, Self.table) { text(answer, $0) }
        }
    }

    /// The answer with every page of what is affected.
    private func whole() async throws -> JSONValue {
        let query =
            cis.map { ("ci", String?.some($0)) } + [
                ("direction", on ? "dependencies" : "dependents"), ("depth", depth.map(String.init)),
                ("as_of", asOf?.text),
            ]
        var answer = try await connection.get(["v1", "impact"], query)
        var affected = answer["affected"].items
        while case .text(let after) = answer["next"] {
            answer = try await connection.get(["v1", "impact"], query + [("after", after)])
            affected += answer["affected"].items
        }
        guard case .object(var members) = answer else { return answer }
        members["affected"] = .array(affected)
        members["next"] = nil
        return .object(members)
    }

    private func text(_ answer: JSONValue, _ layout: Layout) -> String {
        let roots = answer["roots"].items.map { "\($0["class"].display) \($0["name"].display)" }
        let affected = answer["affected"].items
        let verb = on ? "depends on" : "when it fails, affects"
        var text =
            oneLine(roots.joined(separator: ", ")) + " \(verb) \(affected.count) \(affected.count == 1 ? "CI" : "CIs")"
        if let asOf { text += " as of \(asOf.text)" }
        if answer["truncated"] == .flag(true) { text += " (cut short: ask for fewer steps)" }
        return text + "\n" + (affected.isEmpty ? "" : Self.table.text(affected, layout))
    }
}
