import Glibc
import LinuxSystem
import Model
import TOML

/// What a monitoring plug-in says (Monitoring Plugins Development Guidelines): its exit status is the state, its first line the text,
/// its performance data samples.
///
/// The program is named by this host's own configuration with its whole path and arguments; it must be such that root alone can
/// change it. It runs as the agent does, without a shell, with an environment of what is configured, in a process group of its own
/// that is ended when it takes too long or prints too much. A policy of the
/// collector may give one only where this host lists that very program (docs/decisions/0011-policy.md).
public struct PluginCheck: HostCheck {
    /// `plugin`
    public static let kind = "plugin"
    private let program: String
    private let arguments: [String]
    private let environment: [String]

    /// How much a plug-in may print.
    static let outputBytes = 64 << 10

    /// Reads `program` (absolute path), `arguments` and `environment`.
    public init(settings: TOMLTable) throws(TOMLError) {
        program = try settings.requiredString("program")
        arguments = try settings.strings("arguments") ?? []
        var environment: [String] = []
        if let table = try settings.table("environment") {
            for name in table.keys {
                guard PluginCheck.isName(name) else {
                    throw settings.refusal("environment", found: "\"\(name)\"", accepted: "letters, digits and _")
                }
                environment.append("\(name)=\(try table.string(name) ?? "")")
            }
        }
        self.environment = environment
        guard arguments.count <= 100, environment.count <= 100 else {
            throw settings.refusal("arguments", found: "\(arguments.count)", accepted: "at most 100")
        }
        guard program.hasPrefix("/") else {
            throw settings.refusal("program", found: "\"\(program)\"", accepted: "an absolute path")
        }
    }

    /// A program that others than root can change. One that is not installed yet is said with each run instead.
    public var flawHere: CheckFlaw? {
        guard !TrustedProgram.isMissing(program), let problem = TrustedProgram.problem(program) else { return nil }
        return CheckFlaw(
            key: "program", found: "\"\(program)\"", accepted: "a program that root alone can change, and \(problem)")
    }

    /// The host on which it runs.
    public var defaultSubject: Subject { .host }

    /// Runs the plug-in once; a few at a time.
    public func run(_ context: CheckContext) async -> CheckFinding {
        await PluginTurns.all.take()
        let found = await BlockingThread.run { look(context.timeout) }
        await PluginTurns.all.giveBack()
        return found
    }

    private func look(_ timeout: Duration) -> CheckFinding {
        if TrustedProgram.isMissing(program) { return CheckFinding(.unknown, shown("the program does not exist")) }
        if let problem = TrustedProgram.problem(program) { return CheckFinding(.unknown, shown(problem)) }
        let run = ProgramRun(
            program: program, arguments: arguments, environment: environment, timeout: timeout,
            outputBytes: PluginCheck.outputBytes)
        let result = run.run()
        switch result.ending {
        case .exited(let status): return finding(status, PluginOutput(result.output))
        case .signalled(let signal): return CheckFinding(.unknown, shown("ended by signal \(signal)"))
        case .timedOut: return CheckFinding(.critical, shown("no answer in \(spoken(timeout))"))
        case .tooMuchOutput:
            return CheckFinding(.unknown, shown("printed more than \(spoken(bytes: PluginCheck.outputBytes))"))
        case .notStarted(let reason): return CheckFinding(.unknown, shown("cannot be started, \(reason)"))
        }
    }

    private func finding(_ status: Int32, _ output: PluginOutput) -> CheckFinding {
        let states: [CheckState] = [.ok, .warning, .critical, .unknown]
        let isState = states.indices.contains(Int(status))
        let state = isState ? states[Int(status)] : .unknown
        var text = output.text
        if text.isEmpty { text = isState ? "says nothing (status \(status))" : "" }
        if !isState { text = "ended with status \(status)" + (text.isEmpty ? "" : ", \(text)") }
        if output.leftOut > 0 { text += " (\(output.leftOut) values left out)" }
        let message = output.text.isEmpty || !isState ? shown(text) : text.shownOnOneLine(limit: 400)
        return CheckFinding(state, message, samples: output.samples)
    }

    private func shown(_ text: String) -> String {
        let name = program.split(separator: "/").last.map(String.init) ?? program
        return "plug-in \(name): \(text)".shownOnOneLine(limit: 400)
    }

    private static func isName(_ name: String) -> Bool {
        let isLetter = { (byte: UInt8) in
            (65...90).contains(byte) || (97...122).contains(byte) || byte == UInt8(ascii: "_")
        }
        guard let first = name.utf8.first, isLetter(first) else { return false }
        return name.utf8.allSatisfy { isLetter($0) || (48...57).contains($0) }
    }
}

/// How many plug-ins run at once: the agent's budget has room for a few children, not for one of each check.
private actor PluginTurns {
    static let all = PluginTurns()
    private var free = 4
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func take() async {
        if free > 0 {
            free -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    func giveBack() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}
