import ArgumentParser
import FoundationEssentials

/// `muster-bench return`: a collector that comes back to a fleet that went on without it.
struct ReturnCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "return",
        abstract: "A restart with many agents, then their backlog of an hour while somebody reads pages.",
        discussion: """
            Simulated agents join a collector of its own. It is ended and started: until every agent was heard again, and \
            how many hosts were called silent for it. Then it is away while each agent's reports of --minutes pile up; \
            when it is back all agents deliver at once, as fast as they are answered, and somebody who is signed in reads \
            the console meanwhile. A minute in a release build.
            """)

    @Option(help: "How many agents.")
    var agents = 1000

    @Option(help: "Minutes of reports that each agent has kept; one heartbeat and one report of samples a minute.")
    var minutes = 60

    @Option(help: "Values in each report of samples.")
    var values = 60

    @OptionGroup var programs: Programs

    mutating func run() async throws {
        guard agents > 0, minutes > 0, values > 0 else {
            throw ValidationError("--agents, --minutes and --values are at least 1")
        }
        let scratch = try ScratchDirectory("return")
        defer { scratch.remove() }
        let collector = try BenchCollector(in: scratch.path, programs)
        let run = ReturnRun(collector: collector, minutes: minutes, values: values)
        try await run.run(agents: agents)
    }
}
