import FoundationEssentials
import Wire

/// The real agent in a scratch directory, enrolled at a collector.
struct BenchAgent {
    private let directory: String
    private let program: String
    private let profiles: String
    private var configuration: String { directory + "/agent.toml" }
    private var log: String { directory + "/agent.log" }

    /// Enrols with a join token.
    init(in directory: String, _ programs: Programs, token: JoinToken) async throws {
        self.directory = directory
        program = try programs.path("muster-agent")
        profiles = try programs.shipped("agent-config") + "/profiles"
        try configure("")
        try write(token.text + "\n", to: directory + "/token", isSecret: true)
        let enrolled = try RunningProgram(
            program, ["enrol", "--config", configuration, "--token-file", directory + "/token"], output: log,
            errors: log)
        guard try enrolled.wait(atMost: 60).status == 0 else { throw BenchError("muster-agent enrol: \(lastWords)") }
    }

    /// Writes the settings it starts with next.
    func configure(_ settings: String) throws {
        try write(
            """
            [agent]
            state_directory = "\(directory)/agent"
            profile_directory = "\(profiles)"
            log_level = "warning"

            \(settings)
            """, to: configuration)
    }

    /// Starts it.
    func start() throws -> RunningProgram {
        try RunningProgram(program, ["run", "--config", configuration], output: log, errors: log)
    }

    /// What it logged last, on one line.
    var lastWords: String { (readFile(log) ?? "").split(separator: "\n").suffix(3).joined(separator: " | ") }
}
