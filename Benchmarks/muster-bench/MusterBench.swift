import ArgumentParser

/// Measures the real programs and the real schema; each figure is one line of JSON on standard output.
@main
struct MusterBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "muster-bench", abstract: "Measures Muster; one JSON line for each figure.",
        subcommands: [StoreCommand.self, FleetCommand.self])
}
