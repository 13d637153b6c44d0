import Alarms
import CollectorServices
import Wire

/// Everything the API's routes need, and the one list of them.
public struct APIRoutes: Sendable {
    /// What pages are made of.
    public var queries: QueryService
    /// What hangs on what.
    public var graph: GraphService
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
    /// Rules in force.
    public var rules: RuleSet
    /// Host, port and CA digest for join tokens.
    public var join: (host: String, port: Int, authority: SHA256Digest)
    /// The console's own address, for sign-in links.
    public var origin: String
    /// Requests counted.
    public var counters: RequestCounters
    /// Whether every service has started.
    public var isReady: @Sendable () -> Bool

    /// The services behind the routes.
    public init(
        queries: QueryService, graph: GraphService, agents: AgentsService, accounts: AccountsService,
        doctor: Doctor, alarms: AlarmCommands,
        incidents: IncidentCommands, rules: RuleSet, join: (host: String, port: Int, authority: SHA256Digest),
        origin: String, counters: RequestCounters, isReady: @escaping @Sendable () -> Bool
    ) {
        self.queries = queries
        self.graph = graph
        self.agents = agents
        self.accounts = accounts
        self.doctor = doctor
        self.alarms = alarms
        self.incidents = incidents
        self.rules = rules
        self.join = join
        self.origin = origin
        self.counters = counters
        self.isReady = isReady
    }

    /// All routes of the API, the same on port and socket.
    public var all: [Route] {
        let join = FleetRoutes.Join(host: join.host, port: join.port, authority: join.authority)
        let parts: [[Route]] = [
            CIRoutes(queries: queries).all,
            ImpactRoutes(queries: queries, graph: graph).all,
            AlarmRoutes(queries: queries).all,
            CommandRoutes(queries: queries, alarms: alarms, incidents: incidents).all,
            FleetRoutes(agents: agents, join: join).all,
            UserRoutes(accounts: accounts, origin: origin).all,
            RuleRoutes(rules: rules).all,
            DoctorRoutes(doctor: doctor).all,
            HealthRoutes(queries: queries, agents: agents, counters: counters, isReady: isReady).all,
        ]
        return parts.flatMap { $0 }
    }
}
