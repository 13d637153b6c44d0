import ArgumentParser
import Terminal

/// `muster doctor`
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Look over the whole installation and say what to do.",
        discussion: """
            Looks at the configuration files of this host, at the agent of this host, and at what the collector knows:
            certificates, clocks, queues, disk, silent agents, failed work, pipeline and channels.
            Exit status: 0 when nothing is broken (there may be warnings), 1 when an error stands, 2 bad usage.
            """)
    @Option(
        help: "The collector's configuration, checked where it can be read.", completion: .file(extensions: ["toml"]))
    var collectorConfig = "/etc/muster/collector.toml"
    @Option(help: "The agent's configuration, checked where it can be read.", completion: .file(extensions: ["toml"]))
    var agentConfig = "/etc/muster/agent.toml"
    @OptionGroup var connection: Connection

    static let table = Table(
        Column("LEVEL", "level"), Column("AREA", "area"), Column("FINDING", "text"), Column("NEXT", "next"))

    func run() async throws {
        var findings = await withProgress("looking at this host") { _ in
            await LocalDoctor(collectorConfig: collectorConfig, agentConfig: agentConfig).findings()
        }
        findings += try await remote()
        let errors = findings.filter { $0.level == "error" }.count
        let warnings = findings.filter { $0.level == "warning" }.count
        let rows = findings.map(\.json)
        let answer = JSONValue.object([
            "errors": .integer(Int64(errors)), "warnings": .integer(Int64(warnings)), "findings": .array(rows),
        ])
        connection.show(answer, rows: rows, Self.table) { layout in
            findings.map { $0.text(layout) }.joined()
                + "\n\(findings.count) findings: \(errors) errors, \(warnings) warnings\n"
        }
        if errors > 0 { throw ExitCode(1) }
    }

    /// What the collector finds; one finding that it did not answer when it does not.
    private func remote() async throws -> [Finding] {
        do {
            let answer = try await connection.get(["v1", "doctor"])
            return [clock(answer["time"].display)]
                + answer["findings"].items.map {
                    Finding(
                        area: $0["area"].display, level: $0["level"].display, text: $0["text"].display,
                        next: $0["next"].display)
                }
        } catch let error as CommandError where !error.isUsage {
            let (text, next) = error.parts
            return [Finding(area: "collector", level: "error", text: text, next: next)]
        }
    }

    /// The collector's clock against that of this host; the way of the answer is within the tolerance.
    private func clock(_ time: String) -> Finding {
        guard let skew = Moment.milliseconds(since: time) else {
            return Finding(
                area: "collector", level: "error", text: "the answer has no time", next: "is it a collector?")
        }
        guard skew.magnitude >= 5000 else {
            return Finding(
                area: "collector", level: "ok", text: "the collector answers; its clock is that of this host")
        }
        return Finding(
            area: "clocks", level: "warning",
            text: "the collector's clock is \(skew.magnitude) ms away from this host's",
            next: "timedatectl on both; set up systemd-timesyncd or chrony")
    }
}
