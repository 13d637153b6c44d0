import AgentRuntime
import ArgumentParser
import Terminal

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "run", abstract: "Run the agent until it is stopped.")
    @OptionGroup var option: ConfigurationOption

    func run() async throws { try await Agent.run(try option.load(), configurationPath: option.config) }
}

struct HelperCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "helper", abstract: "Answer the agent with what only root can read; started by its socket unit.")
    @Option(help: "The agent's user: nobody else but root may ask.") var user = "muster-agent"

    func run() throws { try Helper.run(user: user) }
}

struct CheckConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config", abstract: "Say whether the configuration is good.")
    @OptionGroup var option: ConfigurationOption

    func run() throws {
        let loaded = try option.load()
        let traps = try loaded.knownTraps()
        let known = traps > 0 ? ", \(traps) known traps" : ""
        let policy = loaded.bounds.isAllowed ? "" : ", no policies of the collector"
        print("OK: \(option.config): \(loaded.checks.count) checks, \(loaded.devices.count) devices\(known)\(policy)")
    }
}

struct EnrolCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enrol", abstract: "Give this host its identity, with a join token of the collector.")
    @OptionGroup var option: ConfigurationOption
    @Option(
        help: "File with the join token, readable by its owner only; - for standard input.", completion: .file())
    var tokenFile: String

    func run() async throws {
        let state = try option.load().state
        let token = try Enrolment.token(from: tokenFile)
        try state.becomeOwner()
        print("enrolled as \(try await Enrolment(state: state).enrol(token))")
    }
}

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "status", abstract: "Say how the agent stands.")
    @OptionGroup var option: ConfigurationOption
    @Option(help: "How to write the answer.") var format = ListingFormat.table

    func run() throws {
        let configuration = try option.load()
        try configuration.state.becomeOwner()
        let report = try StatusReport(configuration)
        print(format == .json ? try report.json() : report.table, terminator: "")
    }
}

struct InventoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inventory", abstract: "Read the inventory of this host once and print it.")
    @Option(help: "The configuration; without it the defaults.", completion: .file(extensions: ["toml"]))
    var config: String?
    @Option(help: "Read the machine below this directory.", completion: .directory) var root = "/"
    @Option(help: "How to write the answer.") var format = InventoryListing.Format.table
    @Option(
        parsing: .upToNextOption, help: "Only these sections, such as packages or disks; without it all.",
        completion: .list(InventoryListing.names))
    var only: [String] = []

    func run() throws {
        let configuration = try config.map { try AgentConfiguration.load($0) } ?? AgentConfiguration()
        let progress = Progress("reading the inventory")
        defer { progress.end() }
        let text = try InventoryListing.run(
            root: root, only: only, configuration: configuration, format: format
        ) { source, done, total in
            progress.update("reading \(source)", done: done, total: total)
        }
        progress.end()
        print(text, terminator: "")
    }
}

/// What the running agent starts for its inventory; nothing for people.
struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker", abstract: "Read sources for the running agent.", shouldDisplay: false)
    @OptionGroup var option: ConfigurationOption
    @Option(help: "Read the machine below this directory.", completion: .directory) var root = "/"
    @Argument(help: "The sources.") var sources: [String]

    func run() throws { try WorkerProcess.run(sources, root: root, configuration: try option.load()) }
}

struct MetricsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics", abstract: "Measure this host once and print the values.")
    @Option(help: "Measure the machine below this directory.", completion: .directory) var root = "/"
    @Option(help: "How to write the answer.") var format = MetricListing.Format.table
    @Option(
        parsing: .upToNextOption, help: "Only these metrics, such as cpu or disks; without it all.",
        completion: .list(MetricListing.names))
    var only: [String] = []

    func run() throws { print(try MetricListing.run(root: root, only: only, format: format), terminator: "") }
}

struct SealCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seal", abstract: "Remove identity and spool, for an image that many hosts start from.")
    @OptionGroup var option: ConfigurationOption

    func run() throws {
        let state = try option.load().state
        try state.becomeOwner()
        let removed = try state.seal()
        print(removed.isEmpty ? "nothing to remove" : removed.map { "removed \($0)" }.joined(separator: "\n"))
    }
}

extension InventoryListing.Format: ExpressibleByArgument {}

extension MetricListing.Format: ExpressibleByArgument {}
