import FoundationEssentials
import Glibc
import LinuxSystem
import Model

/// What can be seen on this host alone, through the programs that stand beside this one.
struct LocalDoctor: Sendable {
    let collectorConfig: String
    let agentConfig: String

    /// What was looked at; a program or file that is not on this host is left out.
    func findings() async -> [Finding] {
        let directory = Self.ownDirectory()
        return await BlockingThread.run {
            check("muster-collector", collectorConfig, in: directory)
                + check("muster-agent", agentConfig, in: directory) + agent(in: directory)
        }
    }

    private func check(_ program: String, _ path: String, in directory: String) -> [Finding] {
        guard let run = self.run(program, ["check-config", "--config", path], in: directory, needs: path) else {
            return []
        }
        guard access(path, R_OK) == 0 else {
            return [
                Finding(
                    area: "configuration", level: "warning",
                    text: "\(path) cannot be read by this user and was not checked", next: "use sudo")
            ]
        }
        switch run {
        case (.exited(0), _): return [Finding(area: "configuration", level: "ok", text: "\(path) is good")]
        case (.notStarted(let reason), _):
            return [
                Finding(
                    area: "configuration", level: "warning", text: "\(path) was not checked: \(reason)",
                    next: "install \(program) beside muster")
            ]
        case (_, let output):
            let line = output.split(separator: "\n").first.map(String.init) ?? "no answer"
            return [
                Finding(
                    area: "configuration", level: "error", text: line,
                    next: "correct the file, then \(program) check-config --config \(path)")
            ]
        }
    }

    /// How the agent of this host stands; nothing without one.
    private func agent(in directory: String) -> [Finding] {
        guard access(agentConfig, R_OK) == 0,
            let (ending, output) = run(
                "muster-agent", ["status", "--format", "json", "--config", agentConfig], in: directory,
                needs: agentConfig)
        else { return [] }
        guard case .exited(0) = ending,
            let status = try? JSONDecoder().decode(JSONValue.self, from: Data(output.utf8))
        else {
            let line = output.split(separator: "\n").first.map(String.init) ?? "muster-agent status gave no answer"
            return [Finding(area: "agent", level: "error", text: line, next: "muster-agent status on this host")]
        }
        return [certificate(status), queue(status)] + failure(status)
    }

    private func certificate(_ status: JSONValue) -> Finding {
        let end = status["certificate_not_after"].display
        let days = (Moment.milliseconds(since: end) ?? 0) / -86_400_000
        return Finding(
            area: "agent", level: days < 0 ? "error" : days < 10 ? "warning" : "ok",
            text: "this host's agent certificate ends \(end), in \(days) days",
            next: days < 10 ? "muster-agent status says why it was not renewed" : "")
    }

    private func queue(_ status: JSONValue) -> Finding {
        guard case .integer(let waiting) = status["waiting"], waiting >= 100 else {
            return Finding(area: "agent", level: "ok", text: "this host's agent has nothing to catch up with")
        }
        return Finding(
            area: "agent", level: "warning",
            text: "\(waiting) envelopes wait in this host's spool (\(status["queue_bytes"].display) bytes)",
            next: "muster-agent status says what keeps them from being sent")
    }

    /// A failure after the last answer stands; one before it is past.
    private func failure(_ status: JSONValue) -> [Finding] {
        let (failed, answered) = (status["last_failure_at"].display, status["last_answer_at"].display)
        guard let failure = Timestamp(rfc3339: failed),
            failure > Timestamp(rfc3339: answered) ?? failure.adding(seconds: -1)
        else { return [] }
        return [
            Finding(
                area: "agent", level: "error",
                text: "this host's agent cannot report: \(status["last_failure"].display)",
                next: "see journalctl -u muster-agent")
        ]
    }

    private func run(
        _ program: String, _ arguments: [String], in directory: String, needs path: String
    ) -> (ProgramRun.Ending, String)? {
        let program = directory + "/" + program
        guard access(path, F_OK) == 0, access(program, X_OK) == 0 else { return nil }
        let result = ProgramRun(
            program: program, arguments: arguments, timeout: .seconds(30), outputBytes: 1 << 20, keepsErrors: true
        ).run()
        return (result.ending, String(decoding: result.output, as: UTF8.self))
    }

    private static func ownDirectory() -> String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let path = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "/usr/bin" }
        return String(path[..<slash])
    }
}
