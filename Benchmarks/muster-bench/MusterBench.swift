import ArgumentParser

/// Measures the real programs and the real schema; each figure is one line of JSON on standard output.
@main
struct MusterBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "muster-bench", abstract: "Measures Muster; one JSON line for each figure.",
        discussion: """
            Every load stays on loopback and is bounded in count and time; random choices come from a fixed seed. Peers \
            that are installed are measured in the same run; their lines name them in "program". Build everything with \
            -c release first: a debug build says "debug" in every line, and its figures mean nothing.
            """,
        subcommands: [
            AgentCommand.self, SNMPCommand.self, FleetCommand.self, ImpactCommand.self, AlarmsCommand.self,
            ConsoleCommand.self, StoreCommand.self, ReturnCommand.self, TopologyCommand.self,
        ])
}
