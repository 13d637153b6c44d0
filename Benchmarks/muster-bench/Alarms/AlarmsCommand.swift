import ArgumentParser
import Outbound

/// `muster-bench alarms`: a quiet fleet, a storm, a restart in the middle of it, and what rules cost.
struct AlarmsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alarms",
        abstract: "Storms: checks of all hosts fail at once; what a healthy fleet raises; what rules cost.",
        discussion: """
            Starts a collector of its own with the shipped rules and a web hook that leads back here, enrols simulated \
            hosts over mTLS, lets them report healthy rounds, then lets every check of every host fail twice in a row. \
            Ends with a restart of the collector. A minute in a release build. Alertmanager, where it is installed, \
            gets as many alerts in hundreds.
            """)

    @Option(help: "Simulated hosts.")
    var hosts = 200

    @Option(help: "Checks of each host.")
    var checks = 5

    @Option(help: "Healthy rounds before the storm: values, good checks and a heartbeat of each host.")
    var rounds = 10

    @Option(help: "How long to wait for the last notification, in seconds.")
    var patience = 180.0

    @OptionGroup var programs: Programs

    mutating func run() async throws {
        guard hosts > 0, checks > 0, rounds > 0, patience > 0 else {
            throw ValidationError("--hosts, --checks, --rounds and --patience are more than 0")
        }
        try RuleCost.measure(rules: try programs.shipped("collector-config") + "/rules")
        let scratch = try ScratchDirectory("alarms")
        defer { scratch.remove() }
        let sink = try WebhookSink()
        let channel = """
            [[channel]]
            name = "bench"
            type = "webhook"
            url = "http://127.0.0.1:\(sink.port)/"
            """
        let collector = try BenchCollector(in: scratch.path, programs, BenchCollector.Settings(channels: channel))
        let running = try await collector.start().program
        defer { running.stop() }
        let client = OutboundClient()
        defer { client.close() }
        let tokens = try await collector.joinTokens(hosts)
        let agents = try await FleetRun.enrol(tokens, packages: 1, client)
        let storm = AlarmStorm(collector: collector, running: running, sink: sink, checks: checks, patience: patience)
        let healthy = try await storm.quiet(agents, rounds: rounds)
        try await storm.strike(healthy)
        running.stop()
        try await storm.restart()
        try await AlarmPeers.alertmanager(alerts: hosts * checks, programs, in: scratch.path, patience: patience)
    }
}
