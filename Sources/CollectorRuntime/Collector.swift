import Alarms
import CMDB
import CollectorServices
import Console
import FleetCA
import HTTPAPI
import LinuxSystem
import Logging
import Model
import Notifications
import Outbound
import SQLiteStores
import ServiceDesk
import ServiceLifecycle
import TOML
import Wire

/// The collector put together: one visible list of everything that runs.
public struct Collector: Sendable {
    private let services: [any Service]
    private let logger: Logger

    /// Opens store and CA and wires the services; nothing listens yet.
    public init(config: CollectorConfig, outbound: OutboundClient, logger: Logger) async throws {
        let now = SQLiteStore.wallTime
        let state = config.stateDirectory
        let authority = try FleetAuthority.load(from: state)
        let identity = ServerIdentity(
            try authority.serverCertificate(in: state, names: config.names, at: now()))
        let store = try SQLiteStore(path: state + "/muster.db", now: now)
        try StateDirectory.make(state + "/samples")
        let samples = try SQLiteSampleStore(directory: state + "/samples")
        let clock = AlarmClock.steady(from: now())

        let rules = try RuleSet.load(directory: config.rulesDirectory)
        let texts = try StringCatalogue.load(directory: config.incidents.strings, language: config.incidents.language)
        let matrix = try PriorityMatrix.load(config.incidents.priorities)
        let stages = NotificationStages(routes: config.channels.map(\.route), texts: texts)
        let declared = try DeclaredServices.load(directory: config.servicesDirectory)

        let progress = ProgressBoard()
        let graph = GraphService(store: store, logger: logger, pulse: progress.pulse("graph"))
        let impact = GraphImpact(graph: graph)
        let alarmPipeline = AlarmPipeline(
            store: store, rules: rules, clock: clock, logger: logger, pulse: progress.pulse("alarms"))
        let relations = GraphRelationService(
            store: store, declared: declared, logger: logger, pulse: progress.pulse("relations"))
        let ingest = IngestService(
            store: store, samples: samples, sink: alarmPipeline, machines: relations, now: now)
        let agents = AgentsService(
            store: store, restored: try RestoredState.read(in: state)?.span, now: now)
        let accounts = AccountsService(store: store, now: now)
        let queries = QueryService(store: store)
        let alarms = AlarmCommands(store: store, rules: rules, clock: clock)
        let incidents = IncidentCommands(store: store, impact: impact, matrix: matrix, stages: stages, clock: clock)
        let origin = "https://\(config.urlName):\(config.api.port)"
        let meters = RequestMeters()
        let readiness = Readiness(expected: 3)
        let wants = WantsHub(run: hexadecimal(randomOctets(8) ?? []))
        let policies = try PolicyService(
            store: store, directory: config.policiesDirectory, additions: [AcceptedDevices(store: store)], wants: wants,
            logger: logger)
        let discoveries = DiscoveryCommands(store: store, now: now, changed: { await policies.changed(agent: $0) })
        let sweeps = SweepOverview(store: store)
        let gate = IngestGate()
        let metered = MeteredIngest(ingest, gate: gate)
        let doctor = Self.doctor(
            store: store, authority: authority, identity: identity, config: config, policies: policies)
        let agentRoutes = AgentRoutes(
            enrolment: EnrolmentService(
                authority: authority, store: store, enrolmentsPerMinute: config.enrolmentsPerMinute,
                certificateSeconds: config.certificateSeconds, recoverSeconds: config.recoverSeconds, now: now),
            ingest: metered, wants: wants, policies: policies
        ).table
        let apiRoutes = APIRoutes(
            queries: queries, graph: graph, paths: PathService(store: store, graph: graph, queries: queries),
            agents: agents, accounts: accounts, doctor: doctor, alarms: alarms, incidents: incidents,
            discoveries: discoveries, sweeps: sweeps, rules: rules, policies: policies,
            join: (config.names.first ?? "", config.agents.port, authority.digest), origin: origin,
            glpi: config.glpiSites.isEmpty ? nil : (GLPIService(ingest: ingest, store: store, now: now), gate),
            repeatable: RepeatableRequests(store: store, now: now),
            readiness: ReadinessProbe(store: store, graph: graph, listenersStand: { readiness.isReady }),
            metrics: CollectorMetrics(
                store: store, requests: meters, ingest: metered, graph: graph, certificates: doctor.certificates,
                samplesDirectory: state + "/samples", now: now)
        ).all
        let console = try ConsoleRoutes(
            ConsoleServices(
                accounts: accounts, queries: queries, fleet: FleetOverview(store: store), graph: graph,
                networks: NetworkMaps(store: store, graph: graph), agents: agents,
                alarms: alarms, incidents: incidents, discoveries: discoveries, sweeps: sweeps, rules: rules,
                policies: policies,
                feed: store, samples: samples, origin: origin,
                health: ServiceHealth(store: store, graph: graph), changes: RecentChanges(store: store, graph: graph),
                rulesDirectory: config.rulesDirectory,
                join: ConsoleServices.Join(
                    host: config.names.first ?? "", port: config.agents.port, authority: authority.digest)),
            languages: try PageLanguages.load(directory: config.incidents.strings),
            chartScript: config.console.chartScript, dot: config.console.dot, logger: logger, now: now)
        let backups = BackupService(
            writer: BackupWriter(
                store: store, samples: samples, stateDirectory: state, authority: authority.digest, now: now),
            store: store, logger: logger)
        let tls = TLSListeners(
            authority: authority, identity: identity, agents: agents, accounts: accounts,
            sites: GLPISites(config.glpiSites), counters: meters,
            limits: OpenFiles.fit(config.connections), now: now)

        self.logger = logger
        services = [
            graph,
            relations,
            DiscoveryKeeper(
                store: store, machines: relations, clock: clock, forgetSeconds: config.forgetSeconds,
                changed: { await policies.changed(agent: $0) }, logger: logger),
            SweepKeeper(store: store, policies: policies, clock: clock, logger: logger),
            alarmPipeline,
            IncidentPipeline(
                store: store, rules: rules, impact: impact,
                decider: IncidentDecider(matrix: matrix, texts: texts, reopenWindow: config.incidents.reopenSeconds),
                stages: stages, clock: clock, logger: logger, pulse: progress.pulse("incidents")),
            NotifierService(
                store: store, channels: config.channels.map(\.channel), texts: texts, clock: clock, logger: logger),
            HeartbeatWatcher(store: store, clock: clock, logger: logger, pulse: progress.pulse("heartbeats")),
            policies,
            WatchdogService(board: progress, logger: logger),
            GrowthWatch(store: store, samples: samples, sink: alarmPipeline, clock: clock, logger: logger),
            SampleKeeper(samples: samples, retention: config.samples, clock: clock, logger: logger),
            ServerCertificateService(
                authority: authority, identity: identity, stateDirectory: state, names: config.names, clock: clock,
                wallTime: now, logger: logger),
            BackupSchedule(settings: config.backup, backups: backups, clock: clock, wallTime: now, logger: logger),
            try tls.agentsService(
                routes: agentRoutes, host: config.agents.address, port: config.agents.port, logger: logger,
                onRunning: { _ in readiness.noteListener() }),
            try tls.apiService(
                routes: RouteTable(apiRoutes + console.all, pages: console.problems), host: config.api.address,
                port: config.api.port, logger: logger,
                onRunning: { _ in readiness.noteListener() }),
            SocketListener(counters: meters).service(
                routes: RouteTable(apiRoutes + BackupRoutes(backups: backups).all), path: config.socket, logger: logger,
                onRunning: { readiness.noteListener() }),
        ]
    }

    private static func doctor(
        store: SQLiteStore, authority: FleetAuthority, identity: ServerIdentity, config: CollectorConfig,
        policies: PolicyService
    ) -> Doctor {
        Doctor(
            store: store,
            certificates: {
                [
                    Doctor.Certificate(
                        name: "fleet CA", notAfter: authority.notAfter, warningDays: 365,
                        next: "plan a new CA: agents must be enrolled again before the old one ends"),
                    // Renewed when two thirds of its year are over.
                    Doctor.Certificate(
                        name: "server certificate", notAfter: identity.certificate.notAfter, warningDays: 30,
                        next: "look for \"could not be renewed\" in the collector's log"),
                ]
            }, stateDirectory: config.stateDirectory, channels: config.channels.map(\.channel.name),
            policies: policies, now: SQLiteStore.wallTime)
    }

    /// Runs until SIGTERM or SIGINT; throws when a service fails.
    public func run() async throws {
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map { service in
                    // Without channels the notifier has nothing to do and ends.
                    .init(
                        service: service,
                        successTerminationBehavior: service is NotifierService ? .ignore : .cancelGroup)
                }, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        do {
            try await group.run()
        } catch {
            ServiceManager.notify("STOPPING=1")
            throw error
        }
        ServiceManager.notify("STOPPING=1")
    }
}
