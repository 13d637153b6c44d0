import ArgumentParser
import FoundationEssentials
import Outbound
import Wire

/// `muster-bench fleet`: simulated agents against a collector, over real mTLS connections.
struct FleetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fleet",
        abstract: "Simulated agents against a collector: first sight, unchanged, one change, samples.",
        discussion: """
            Starts a collector of its own on loopback, or uses one that runs: then --tokens names a file with a join \
            token for each agent. All agents send at once, each as soon as it is answered. The defaults take half a \
            minute in a release build.
            """)

    @Option(help: "File with one join token a line, one for each agent, of a collector that runs already.")
    var tokens: String?

    @Option(help: "How many agents, without --tokens.")
    var agents = 100

    @Option(help: "Packages on each simulated host.")
    var packages = 900

    @Option(help: "Values in each report of samples.")
    var values = 60

    @Option(help: "Rounds of unchanged, changed and sample reports.")
    var rounds = 20

    @OptionGroup var programs: Programs

    mutating func run() async throws {
        guard agents > 0, packages > 0, values > 0, rounds > 0 else {
            throw ValidationError("--agents, --packages, --values and --rounds are at least 1")
        }
        let plan = FleetRun(packages: packages, values: values, rounds: rounds)
        if let tokens {
            return try await plan.run(try FleetCommand.read(tokens), collector: nil)
        }
        let scratch = try ScratchDirectory("fleet")
        defer { scratch.remove() }
        let collector = try BenchCollector(in: scratch.path, programs)
        let running = try await collector.start().program
        defer { running.stop() }
        try await plan.run(try await collector.joinTokens(agents), collector: ProcessTree(root: running.pid))
    }

    private static func read(_ path: String) throws -> [JoinToken] {
        let tokens = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { line in
            guard let token = JoinToken(String(line)) else {
                throw ValidationError("\(path): a line is no join token")
            }
            return token
        }
        guard !tokens.isEmpty else { throw ValidationError("\(path): holds no join token") }
        return tokens
    }
}
