import FoundationEssentials
import Outbound

/// Resident agents of others, started with near-default settings on loopback.
struct PeerAgents {
    /// One of them.
    struct Running {
        var name: String
        var program: RunningProgram
        /// Asks it once as its server would.
        var ask: @Sendable () async -> Void
    }

    private(set) var running: [Running] = []
    private let client = OutboundClient()

    /// Starts those that are installed and says which are not.
    init(_ programs: Programs, scratch: String) throws {
        try startNodeExporter(programs)
        try startZabbix(programs, scratch)
    }

    /// Asks all of them, again and again, for a span.
    func askEvery(seconds: Double, for span: Double) async throws {
        let began = ContinuousClock.now
        while began.secondsSince < span {
            for agent in running { await agent.ask() }
            try await Task.sleep(for: .seconds(max(0.001, min(seconds, span - began.secondsSince))))
        }
    }

    /// Throws when one of them has ended, because then its figures would be nothing.
    func mustRun() throws {
        for agent in running where !agent.program.isRunning {
            throw BenchError("\(agent.name) ended by itself")
        }
    }

    func stop() {
        for agent in running { agent.program.stop() }
        client.close()
    }

    private mutating func startNodeExporter(_ programs: Programs) throws {
        let package = "prometheus-node-exporter"
        let figure = "agent_rest_cpu"
        guard let path = programs.peer(package, called: "node_exporter", package: package, figure: figure) else {
            return
        }
        let port = try Loopback.freePort()
        let program = try RunningProgram(path, ["--web.listen-address=127.0.0.1:\(port)", "--log.level=error"])
        let client = client
        running.append(
            Running(name: "node_exporter " + Peer.version(of: package), program: program) {
                _ = try? await client.send(OutboundRequest(.get, url: "http://127.0.0.1:\(port)/metrics"))
            })
    }

    private mutating func startZabbix(_ programs: Programs, _ scratch: String) throws {
        let package = "zabbix-agent"
        let (name, figure) = ("zabbix_agentd", "agent_rest_cpu")
        guard let path = programs.peer(name, called: name, package: package, figure: figure) else { return }
        let port = try Loopback.freeLowPort()
        let configuration = scratch + "/zabbix.conf"
        try write(
            """
            PidFile=\(scratch)/zabbix.pid
            LogType=console
            Server=127.0.0.1
            ListenIP=127.0.0.1
            ListenPort=\(port)
            Hostname=bench
            AllowRoot=1

            """, to: configuration)
        let log = scratch + "/zabbix.log"
        let program = try RunningProgram(path, ["-f", "-c", configuration], output: log, errors: log)
        running.append(
            Running(name: "zabbix_agentd " + Peer.version(of: package), program: program) {
                for key in PeerAgents.zabbixKeys { _ = Loopback.ask(port: port, PeerAgents.question(key)) }
            })
    }

    /// A passive check of Zabbix's protocol: `ZBXD`, flags, the length in 64 bits, the key.
    private static func question(_ key: String) -> [UInt8] {
        var length = UInt64(key.utf8.count).littleEndian
        return Array("ZBXD\u{1}".utf8) + withUnsafeBytes(of: &length) { Array($0) } + Array(key.utf8)
    }

    /// What the template for Linux asks of an agent.
    private static let zabbixKeys =
        ["agent.ping", "agent.version", "agent.hostname", "system.cpu.num", "system.cpu.intr", "system.cpu.switches"]
        + ["avg1", "avg5", "avg15"].map { "system.cpu.load[all,\($0)]" }
        + ["user", "system", "idle", "iowait", "nice", "steal", "interrupt", "softirq"].map {
            "system.cpu.util[,\($0)]"
        }
        + [
            "system.boottime", "system.localtime", "system.uptime", "system.uname", "system.sw.arch",
            "system.users.num",
        ]
        + [
            "system.swap.size[,free]", "system.swap.size[,total]", "vm.memory.size[available]",
            "vm.memory.size[pavailable]",
        ]
        + ["vm.memory.size[total]", "vfs.fs.size[/,used]", "vfs.fs.size[/,total]", "vfs.fs.inode[/,pfree]"]
        + ["vfs.file.cksum[/etc/passwd]", "proc.num[]", "proc.num[,,run]", "kernel.maxproc", "kernel.maxfiles"]
        + ["net.if.in[lo]", "net.if.out[lo]"]
}
