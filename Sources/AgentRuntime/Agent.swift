import CLinux
import Checks
import Devices
import Glibc
import LinuxSystem
import Logging
import Model
import Outbound
import SNMP
import ServiceLifecycle
import Wire

/// The running agent: one list of services over one spool.
public enum Agent {
    /// Runs until SIGTERM or SIGINT; `configurationPath` is what the inventory's worker reads again.
    public static func run(_ configuration: AgentConfiguration, configurationPath: String) async throws {
        muster_keep_little_memory()
        // A closed socket is an error to handle, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        try FileGuard.program()
        let log = logger("agent", configuration.logLevel)
        let state = configuration.state
        try state.becomeOwner()
        guard AgentIdentity.hasAnything(state) else { throw IdentityError.notEnrolled(directory: state.path) }
        try state.prepare()
        let lock = try StateLock(state)
        if let repaired = try RenewalRecovery.repair(state) { log.notice("\(repaired)") }
        var identity = try AgentIdentity.load(state)
        identity.record.generation &+= 1
        try identity.record.save(state.agent)
        log.notice(
            "\(identity.record.agentID) starts, generation \(identity.record.generation), version \(ProductVersion.text)"
        )
        for unheld in configuration.budget.holdAgent() { log.warning("\(unheld)") }
        let services = try await services(configuration, configurationPath, identity, log)
        var group = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger("services", .error))
        group.maximumGracefulShutdownDuration = .seconds(8)
        try await ServiceGroup(configuration: group).run()
        _ = consume lock
    }

    private static func services(
        _ configuration: AgentConfiguration, _ configurationPath: String, _ identity: AgentIdentity, _ log: Logger
    ) async throws -> [any Service] {
        let state = configuration.state
        let wake = WakeSignal()
        let progress = ProgressBoard()
        let spool = Spool(
            directory: state.spool, bounds: configuration.uplink.bounds, seriesFile: state.series, wake: wake
        ) { log.warning("\($0)") }
        let reporter = Reporter(
            spool: spool, sections: state.sections, sectionBytes: configuration.sectionBytes,
            freshness: configuration.inventory.freshness, log: log)
        let keeper = PolicyKeeper(configuration, log: log)
        await keeper.begin()
        let settings = keeper.board
        await reporter.keepOnly(devices: Set(settings.current.devices.map(\.name)))
        let outbound = OutboundClient()
        let transport = OutboundTransport(
            client: outbound, host: identity.record.host, port: identity.record.port,
            credential: OutboundTransport.Credential(
                authority: identity.authority.bytes, identity: (identity.certificate.bytes, identity.key.pem)))
        let client = CollectorClient(transport: transport)
        let confirmations = Confirmations()
        let sectionWants = SectionWants()
        let policySignal = WakeSignal()
        let wants = WantHandler(
            reporter: reporter, spool: spool, confirmations: confirmations, inventoryWants: sectionWants, log: log,
            policy: policySignal)
        let board = CheckBoard(reporter: reporter)
        let metrics = MetricBoard()
        let heartbeat = Heartbeat(
            spool: spool, interval: configuration.uplink.heartbeat, generation: identity.record.generation,
            policy: { keeper.tag }, sweeps: configuration.sweeps)
        let credentials = CredentialBoard(file: CredentialFile(path: state.credentials, log: log))
        credentials.keepOnly(names: Set(configuration.credentials.map(\.name) + [""]))
        let links = LinkBoard()
        let news = DeviceNews()
        let devices = settings.current.devices
        let traps = try trapService(configuration, devices, credentials, identity, log) { receiver, reader in
            TrapService(
                receiver: receiver, reader: reader, links: links, reporter: reporter, confirmations: confirmations,
                news: news, wants: sectionWants, log: log, settings: settings,
                credentials: credentials)
        }
        // One for all that asks devices: what is asked of one at a time is counted there.
        let snmp = try SNMPClient()
        let profiles = try configuration.profiles()
        let endpoint = try configuration.metrics.openMetricsPort.map { try MetricEndpoint(port: $0, board: metrics) }
        return [
            UplinkService(
                spool: spool, client: client, wake: wake, wants: wants,
                observer: UplinkRecord(path: state.lastAnswer, log: log), log: log,
                restate: {
                    await reporter.restate()
                    await board.restate()
                }, pulse: progress.pulse("uplink")),
            WantsService(client: client, wants: wants, log: log, recovered: policySignal),
            PolicyService(
                client: client, keeper: keeper, signal: policySignal, reporter: reporter, heartbeat: heartbeat,
                log: log,
                isAllowed: configuration.bounds.isAllowed),
            HeartbeatService(
                spool: spool, reporter: reporter, heartbeat: heartbeat, pulse: progress.pulse("heartbeat")),
            InventoryService(
                settings: settings,
                worker: InventoryWorker(
                    arguments: ["worker", "--config", configurationPath], budget: configuration.budget),
                cooling: CoolingFile(path: state.cooling, log: log), reporter: reporter, wants: sectionWants,
                pulse: progress.pulse("inventory")),
            MetricService(
                settings: settings, reporter: reporter, heartbeat: heartbeat,
                helper: configuration.helper, sourceTime: configuration.budget.sourceTime, board: metrics),
            CheckService(
                settings: settings, board: board, outbound: outbound, confirmations: confirmations,
                flushInterval: configuration.uplink.checkInterval, helper: configuration.helper,
                memories: CheckMemories(directory: state.checks, log: log)),
            DeviceService(
                settings: settings, client: snmp, probe: DeviceProbe(profiles: profiles), reporter: reporter,
                board: board,
                confirmations: confirmations, wants: sectionWants, links: links, news: news, credentials: credentials),
            DiscoveryService(
                settings: settings, board: credentials, client: snmp, profiles: profiles, reporter: reporter,
                path: state.discovery, log: log),
            RenewalService(state: state, transport: transport, log: log),
            ReadyService(board: progress, log: log),
        ] + (configuration.inventory.watch ? [HostWatchService(wants: sectionWants, log: log)] : [])
            + (endpoint.map { [$0] } ?? []) + (traps.map { [$0] } ?? [])
    }

    /// The receiver of traps; nil where there is no socket for them.
    private static func trapService(
        _ configuration: AgentConfiguration, _ devices: [DeviceSettings], _ credentials: CredentialBoard,
        _ identity: AgentIdentity, _ log: Logger,
        _ make: (SNMPTrapReceiver, TrapReader) -> TrapService
    ) throws -> TrapService? {
        let reader = TrapReader(catalogue: try configuration.traps.catalogue())
        let sockets = try TrapSockets.open(configuration.traps)
        guard !sockets.isEmpty else { return nil }
        let sources = devices.map { $0.trapSource(credentials.target(of: $0).credential) }
        let engineID = TrapEngine.id(of: identity.record.agentID)
        let receiver = try SNMPTrapReceiver(
            sockets: sockets, sources: sources, engineID: engineID,
            boots: UInt32(truncatingIfNeeded: identity.record.generation & 0x7fff_ffff),
            limits: configuration.traps.limits)
        log.notice(
            "traps of \(sources.count) devices are received on \(sockets.count) sockets, engine id \(hexadecimal(engineID))"
        )
        return make(receiver, reader)
    }

    private static func logger(_ label: String, _ level: Logger.Level) -> Logger {
        var logger = Logger(label: label) { LineLog(label: $0) }
        logger.logLevel = level
        return logger
    }
}
