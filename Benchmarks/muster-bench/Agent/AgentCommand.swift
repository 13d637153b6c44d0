import ArgumentParser

/// `muster-bench agent`: what the agent costs a host.
struct AgentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent",
        abstract: "One full inventory, the agent at rest, bytes on the wire; beside the peers that are installed.",
        discussion: """
            Reads this machine with muster-agent and with FusionInventory and OCS, then lets muster-agent, node_exporter \
            and zabbix_agentd run at the same time, each asked every ten seconds as its own server would, for --minutes; \
            then one minute with every interval of muster-agent divided by sixty for what an hour sends. All talk to \
            loopback only. Four minutes with the defaults.
            """)

    @Option(help: "How often each inventory is read; medians are printed.")
    var runs = 5

    @Option(help: "How long the agents are watched at rest, in minutes.")
    var minutes = 1.0

    @Option(help: "How long every agent may settle before that, in seconds.")
    var settle = 20.0

    @Option(help: "Seconds of the accelerated schedule, each standing for a minute; 0 leaves it out.")
    var wireSeconds = 60.0

    @OptionGroup var programs: Programs

    mutating func run() async throws {
        guard (1...100).contains(runs), (0...600).contains(minutes), (0...600).contains(settle),
            (0...3600).contains(wireSeconds)
        else { throw ValidationError("--runs is 1 to 100, --minutes and --settle at most 600") }
        let scratch = try ScratchDirectory("agent")
        defer { scratch.remove() }
        try InventoryRuns(runs: runs, scratch: scratch.path).measure(programs)
        let collector = try BenchCollector(in: scratch.path, programs)
        let running = try await collector.start().program
        defer { running.stop() }
        let proxy = try CountingProxy(to: collector.agentsPort)
        let token = try await collector.joinTokens(1)[0].at(port: proxy.port)
        let agent = try await BenchAgent(in: scratch.path, programs, token: token)
        let rest = AgentAtRest(agent: agent, proxy: proxy, programs: programs, scratch: scratch.path)
        if minutes > 0 { try await rest.watch(seconds: minutes * 60, settle: settle) }
        if wireSeconds > 0 { try await rest.wire(seconds: wireSeconds, settle: settle) }
    }
}
