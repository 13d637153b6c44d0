import Alarms
import CollectorServices
import Wire

/// Everything the API's routes need, and the one list of them.
public struct APIRoutes: Sendable {
    /// What pages are made of.
    public var queries: QueryService
    /// What hangs on what.
    public var graph: GraphService
    /// Ways from machine to machine.
    public var paths: PathService
    /// Agents and tokens.
    public var agents: AgentsService
    /// Users.
    public var accounts: AccountsService
    /// A look over the whole installation.
    public var doctor: Doctor
    /// Work on alarms.
    public var alarms: AlarmCommands
    /// Work on incidents.
    public var incidents: IncidentCommands
    /// What was found in networks.
    public var discoveries: DiscoveryCommands
    /// Who looks through which networks.
    public var sweeps: SweepOverview
    /// Rules in force.
    public var rules: RuleSet
    /// What agents are to look at.
    public var policies: PolicyService
    /// Host, port and CA digest for join tokens.
    public var join: (host: String, port: Int, authority: SHA256Digest)
    /// The console's own address, for sign-in links.
    public var origin: String
    /// Inventories of GLPI's agents, and the gate they come through; nil where no site is configured.
    public var glpi: (service: GLPIService, gate: IngestGate)?
    /// Requests that may be sent again.
    public var repeatable: RepeatableRequests
    /// Whether everything is ready.
    public var readiness: ReadinessProbe
    /// What the collector measures of itself.
    public var metrics: CollectorMetrics

    /// The services behind the routes.
    public init(
        queries: QueryService, graph: GraphService, paths: PathService, agents: AgentsService,
        accounts: AccountsService,
        doctor: Doctor, alarms: AlarmCommands,
        incidents: IncidentCommands, discoveries: DiscoveryCommands, sweeps: SweepOverview, rules: RuleSet,
        policies: PolicyService,
        join: (host: String, port: Int, authority: SHA256Digest),
        origin: String, glpi: (service: GLPIService, gate: IngestGate)? = nil, repeatable: RepeatableRequests,
        readiness: ReadinessProbe,
        metrics: CollectorMetrics
    ) {
        self.queries = queries
        self.graph = graph
        self.paths = paths
        self.agents = agents
        self.accounts = accounts
        self.doctor = doctor
        self.alarms = alarms
        self.incidents = incidents
        self.discoveries = discoveries
        self.sweeps = sweeps
        self.rules = rules
        self.policies = policies
        self.join = join
        self.origin = origin
        self.glpi = glpi
        self.repeatable = repeatable
        self.readiness = readiness
        self.metrics = metrics
    }

    /// All routes of the API, the same on port and socket.
    public var all: [Route] {
        let join = FleetRoutes.Join(host: join.host, port: join.port, authority: join.authority)
        let clock = PastClock(now: doctor.now)
        let parts: [[Route]] = [
            CIRoutes(queries: queries, clock: clock).all,
            ImpactRoutes(queries: queries, graph: graph, clock: clock).all,
            PathRoutes(queries: queries, paths: paths, clock: clock).all,
            AlarmRoutes(queries: queries, commands: alarms).all,
            IncidentRoutes(queries: queries).all,
            CommandRoutes(queries: queries, alarms: alarms, incidents: incidents).all,
            DiscoveryRoutes(queries: queries, commands: discoveries, sweeps: sweeps).all,
            FleetRoutes(agents: agents, join: join).all,
            UserRoutes(accounts: accounts, origin: origin).all,
            RuleRoutes(rules: rules).all,
            PolicyRoutes(policies: policies, agents: agents).all,
            DoctorRoutes(doctor: doctor).all,
            HealthRoutes(readiness: readiness, metrics: metrics).all,
        ]
        return documented(
            changing(parts.flatMap { $0 }) + (glpi.map { GLPIRoutes(service: $0.service, gate: $0.gate).all } ?? []))
    }

    /// The routes with what every change understands: `If-Match` where it speaks of a record, and `Idempotency-Key`. The
    /// key comes first: a repeated request is answered as before even though its record has moved on.
    private func changing(_ routes: [Route]) -> [Route] {
        routes.map { route in
            guard route.method == "POST" else { return route }
            let record = routes.first { $0.method == "GET" && $0.path == route.guardedBy }
            return (record.map(route.conditional) ?? route).repeatable(by: repeatable)
        }
    }

    /// The routes with one more that answers their document.
    private func documented(_ routes: [Route]) -> [Route] {
        let own = OpenAPIRoute(document: { [] }).route
        let document = OpenAPIDocument.make(of: routes + [own], origin: origin).bytes
        return routes + [OpenAPIRoute(document: { document }).route]
    }
}
