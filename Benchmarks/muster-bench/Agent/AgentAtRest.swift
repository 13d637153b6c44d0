import FoundationEssentials
import Glibc
import Outbound
import Wire

/// The agent with nothing to tell, beside peers that are asked as their servers would.
struct AgentAtRest {
    let agent: BenchAgent
    let proxy: CountingProxy
    let programs: Programs
    let scratch: String

    /// Processor time and memory of muster-agent, node_exporter and zabbix_agentd in the same span.
    func watch(seconds: Double, settle: Double) async throws {
        try agent.configure("[metrics]\ninterval = \"10s\"\n")
        let own = try agent.start()
        defer { own.stop() }
        let peers = try PeerAgents(programs, scratch: scratch)
        defer { peers.stop() }
        try await peers.askEvery(seconds: 10, for: settle)
        let watched = [(Figure.own, own)] + peers.running.map { ($0.name, $0.program) }
        let before = watched.map { ProcessTree(root: $0.1.pid).cpuSeconds() }
        let began = ContinuousClock.now
        try await peers.askEvery(seconds: 10, for: seconds)
        let minutes = began.secondsSince / 60
        guard own.isRunning else { throw BenchError("the agent ended: \(agent.lastWords)") }
        try peers.mustRun()
        for ((name, program), cpu) in zip(watched, before) {
            let tree = ProcessTree(root: program.pid)
            let memory = tree.memory()
            let note = name == Figure.own ? "metrics each 10 s, inventory at its default intervals" : "asked each 10 s"
            Figure("agent_rest_cpu", (tree.cpuSeconds() - cpu) / minutes, "s/min", program: name, note: note).print()
            Figure("agent_rest_private", memory.privateOnly, "MiB", program: name).print()
            Figure("agent_rest_proportional", memory.proportional, "MiB", program: name, note: "PSS").print()
            Figure("agent_rest_resident", memory.resident, "MiB", program: name).print()
        }
    }

    /// Bytes to and from the collector with every interval divided by sixty, so that a second stands for a minute.
    func wire(seconds: Double, settle: Double) async throws {
        try agent.configure(
            """
            [uplink]
            heartbeat = "1s"
            check_interval = "1s"

            [inventory]
            interval = "60s"
            freshness = "60s"

            \(["services", "connections", "packages", "units", "filesystems", "interfaces", "neighbours", "raids", "swaps", "network",
                "routes", "logins", "usb"].map { "[inventory.source.\($0)]\ninterval = \"5s\"\n" }.joined(separator: "\n"))
            [metrics]
            interval = "1s"

            """)
        let own = try agent.start()
        defer { own.stop() }
        try await Task.sleep(for: .seconds(settle))
        let tree = ProcessTree(root: own.pid)
        let (before, memory, began) = (proxy.counts, tree.memory(), ContinuousClock.now)
        try await Task.sleep(for: .seconds(seconds))
        guard own.isRunning else { throw BenchError("the agent ended: \(agent.lastWords)") }
        let (after, minutes) = (proxy.counts, began.secondsSince)
        let perMinute = Double(after.sent - before.sent) / minutes
        let note =
            "TLS bytes from the agent, \(Int(minutes)) s at 60 times the default schedule, a second for a minute; what "
            + "changed on the machine meanwhile is in it"
        Figure("agent_wire_bytes_per_hour", perMinute * 60, "bytes", note: note).print()
        Figure("agent_wire_bytes_per_day", perMinute * 1440 / 1_048_576, "MiB", note: note).print()
        let received = Double(after.received - before.received) / minutes * 1440 / 1_048_576
        Figure("agent_wire_received_per_day", received, "MiB", note: "answers of the collector, extrapolated likewise")
            .print()
        Figure("agent_wire_connections", Double(after.connections - before.connections), "connections").print()
        let growth = tree.memory().privateOnly - memory.privateOnly
        Figure("agent_accelerated_growth", growth, "MiB", note: "private memory over the same span").print()
    }
}

extension JoinToken {
    /// The same token with another port, for what stands in front of the collector.
    func at(port: Int) -> JoinToken { JoinToken(host: host, port: port, authority: authority, secret: secret) }
}
