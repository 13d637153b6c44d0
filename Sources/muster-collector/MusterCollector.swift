import ArgumentParser
import CollectorRuntime
import Glibc
import Model
import Terminal

/// The centre of the fleet.
@main
struct MusterCollector: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "muster-collector", abstract: "Keeps the CMDB, raises alarms, opens incidents.",
        discussion: "Exit status: 0 fine, 1 failed, 2 bad usage or configuration.",
        version: ProductVersion.text,
        subcommands: [Run.self, CheckConfig.self, Init.self, Token.self, Backup.self, Restore.self])

    struct Config: ParsableArguments {
        @Option(
            help: "The configuration file; drop-ins are read from the directory with .d behind its name.",
            completion: .file(extensions: ["toml"]))
        var config = "/etc/muster/collector.toml"
    }

    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Run until SIGTERM.")
        @OptionGroup var options: Config
        func run() async throws { try await CollectorCommands.run(options.config) }
    }

    struct CheckConfig: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Read the configuration and all files it names.")
        @OptionGroup var options: Config
        func run() async throws { for line in try await CollectorCommands.check(options.config) { print(line) } }
    }

    struct Init: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make state directory, fleet CA and database.")
        @OptionGroup var options: Config
        func run() async throws { for line in try await CollectorCommands.initialise(options.config) { print(line) } }
    }

    struct Token: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a join token: one agent may enrol with it, once.")
        @OptionGroup var options: Config
        @Option(help: "Seconds for which it is valid, 60 to 604800.")
        var lifeSeconds: Int64 = 3600
        @Option(help: "What it is for; shown in the audit log.")
        var note = ""
        func run() async throws {
            print(try await CollectorCommands.token(options.config, seconds: lifeSeconds, note: note))
        }
    }

    static func main() async {
        signal(SIGPIPE, SIG_IGN)
        // Whatever the collector writes is its own user's, whoever starts it; what others may read is opened by name.
        umask(0o077)
        Screen.prepare()
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            if exitCode(for: error).isSuccess {
                print(fullMessage(for: error))
                Glibc.exit(0)
            }
            let failure = CommandFailure(error) {
                UsageMessage.line($0, of: MusterCollector.self, program: "muster-collector")
            }
            let line = Array("muster-collector: \(failure.line)\n".utf8)
            _ = Glibc.write(STDERR_FILENO, line, line.count)
            Glibc.exit(failure.code)
        }
    }
}
