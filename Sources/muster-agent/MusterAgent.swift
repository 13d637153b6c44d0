import AgentRuntime
import ArgumentParser
import Glibc
import Model
import Terminal

/// The agent's command line. Exit status: 0 fine, 1 failed, 2 bad usage or configuration.
@main
struct MusterAgent: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "muster-agent", abstract: "Inventories this host and probes devices for a Muster collector.",
        discussion: "Exit status: 0 fine, 1 failed, 2 bad usage or configuration.",
        version: ProductVersion.text,
        subcommands: [
            RunCommand.self, CheckConfigCommand.self, EnrolCommand.self, StatusCommand.self, InventoryCommand.self,
            MetricsCommand.self, ProbeCommand.self, DiscoverCommand.self, SealCommand.self, HelperCommand.self,
            WorkerCommand.self,
        ])

    static func main() async {
        Screen.prepare()
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            Glibc.exit(status(of: error))
        }
    }

    /// Prints what went wrong in one line and says with which status to end.
    private static func status(of error: any Error) -> Int32 {
        switch error {
        case let error as ConfigurationError: complain(error.description, 2)
        case CommandError.usage(let text): complain(text, 2)
        case let error as any AgentError: complain(error.description, 1)
        default:
            switch exitCode(for: error) {
            case .success: say(fullMessage(for: error), 0)
            case .validationFailure:
                complain(UsageMessage.line(error, of: MusterAgent.self, program: "muster-agent"), 2)
            default: complain("\(error)", 1)
            }
        }
    }

    private static func say(_ text: String, _ status: Int32) -> Int32 {
        print(text)
        return status
    }

    private static func complain(_ text: String, _ status: Int32) -> Int32 {
        StandardError.write("muster-agent: \(text.split(separator: "\n").joined(separator: "; "))\n")
        return status
    }
}

/// Where the configuration is.
struct ConfigurationOption: ParsableArguments {
    @Option(
        name: .long, help: "The configuration; drop-ins are read from the directory with .d instead of .toml.",
        completion: .file(extensions: ["toml"]))
    var config = AgentConfiguration.standardPath

    /// Loads it.
    func load() throws -> AgentConfiguration { try AgentConfiguration.load(config) }
}

/// How a listing is printed.
enum ListingFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json
}
