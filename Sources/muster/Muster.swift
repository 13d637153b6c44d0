import ArgumentParser
import Glibc
import Model
import Terminal

/// The administrator's command line.
@main
struct Muster: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "muster", abstract: "Ask and steer a Muster collector.",
        discussion: """
            On the collector's own host root needs no token: the unix socket is used. Elsewhere give --url, --token-file
            and --ca-file. A CI is named by its number, its name (web-01) or class:name (host:web-01).
            Exit status: 0 fine, 1 failed, 2 bad usage. Something does not work? Begin with muster doctor.
            """,
        version: ProductVersion.text,
        subcommands: [
            CICommand.self, ImpactCommand.self, PathCommand.self, AlarmCommand.self, IncidentCommand.self,
            AgentCommand.self, DiscoveryCommand.self,
            RuleCommand.self, PolicyCommand.self, UserCommand.self, TokenCommand.self, AuditCommand.self,
            DoctorCommand.self,
        ])

    static func main() async {
        signal(SIGPIPE, SIG_IGN)
        Screen.prepare()
        do {
            var command = try await asyncParseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let error as CommandError {
            finish(error.description, code: error.isUsage ? 2 : 1)
        } catch let code as ExitCode {
            Glibc.exit(code.rawValue)
        } catch {
            let isHelp = exitCode(for: error).isSuccess
            if isHelp {
                write(fullMessage(for: error) + "\n")
                Glibc.exit(0)
            }
            finish(UsageMessage.line(error, of: Muster.self, program: "muster"), code: 2)
        }
    }

    private static func finish(_ text: String, code: Int32) -> Never {
        write("muster: " + oneLine(text) + "\n", to: STDERR_FILENO)
        Glibc.exit(code)
    }
}
