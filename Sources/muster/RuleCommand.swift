import Alarms
import ArgumentParser
import TOML
import Terminal

/// `muster rule …`
struct RuleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rule", abstract: "Alarm rules: test, list.", subcommands: [Test.self, List.self])

    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run the cases in rule files against the decisions the collector makes; no collector is needed.")
        @Argument(help: "Directory of rule files.", completion: .directory)
        var directory = "/etc/muster/rules"

        func run() throws {
            let results: [RuleTestResult]
            do { results = try RuleTest.run(directory: directory) } catch {
                throw CommandError(error.description, isUsage: true)
            }
            guard !results.isEmpty else {
                throw CommandError("\(directory) has no rule files; name another directory", isUsage: true)
            }
            for result in results {
                let line = "\(result.passed ? "ok    " : "FAILED")  \(result.rule)  \(result.name)"
                write(oneLine(line + (result.problem.map { ": \($0)" } ?? "")) + "\n")
            }
            let failed = results.filter { !$0.passed }.count
            write("\(results.count - failed) passed, \(failed) failed\n")
            if failed > 0 { throw ExitCode(1) }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The rules that the collector runs.")
        @OptionGroup var connection: Connection

        func run() async throws {
            connection.show(
                try await connection.list(["v1", "rules"], [], limit: .max),
                Table(
                    Column("RULE", "name"), Column("SEVERITY", "severity"), Column("CONDITION", "condition"),
                    Column("SUMMARY", "summary")))
        }
    }
}
