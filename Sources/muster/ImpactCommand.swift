import ArgumentParser

/// `muster impact CI…`
struct ImpactCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "impact", abstract: "What hangs on these CIs, or what they hang on.")
    @Argument(help: "Numbers, names or class:name.")
    var cis: [String]
    @Flag(help: "What fails when they fail (the default).")
    var from = false
    @Flag(help: "What they depend on.")
    var on = false
    @Option(help: "How many steps at most.")
    var depth: Int?
    @Option(parsing: .unconditional, help: "As of a time: RFC 3339, \"1m ago\" or -60s.")
    var asOf: Moment?
    @OptionGroup var connection: Connection

    static let table = Table(
        Column("STEPS", "distance"), Column("CLASS", "class"), Column("NAME", "name"), Column("STATE", "state"),
        Column("ID", "ci"), Column("BECAUSE OF", "path"))

    func validate() throws {
        guard !cis.isEmpty else { throw ValidationError("name at least one CI") }
        guard !(from && on) else { throw ValidationError("--from and --on exclude each other") }
    }

    func run() async throws {
        let answer = try await connection.get(
            ["v1", "impact"],
            cis.map { ("ci", $0) } + [
                ("direction", on ? "dependencies" : "dependents"), ("depth", depth.map(String.init)),
                ("as_of", asOf?.text),
            ])
        connection.show(answer, rows: answer["affected"].items, Self.table) { text(answer) }
    }

    private func text(_ answer: JSONValue) -> String {
        let roots = answer["roots"].items.map { "\($0["class"].display) \($0["name"].display)" }
        let affected = answer["affected"].items
        let verb = on ? "depends on" : "when it fails, affects"
        var text =
            oneLine(roots.joined(separator: ", ")) + " \(verb) \(affected.count) \(affected.count == 1 ? "CI" : "CIs")"
        if let asOf { text += " as of \(asOf.text)" }
        if answer["truncated"] == .flag(true) { text += " (cut short: ask for fewer steps)" }
        return text + "\n" + (affected.isEmpty ? "" : Self.table.text(affected))
    }
}
