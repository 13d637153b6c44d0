import Alarms
import CollectorServices
import Stores

/// The services behind the pages.
public struct ConsoleServices: Sendable {
    /// Users and sessions.
    public var accounts: AccountsService
    /// What pages are made of.
    public var queries: QueryService
    /// Figures of the fleet.
    public var fleet: FleetOverview
    /// What hangs on what.
    public var graph: GraphService
    /// Agents, tokens and the audit log.
    public var agents: AgentsService
    /// Work on alarms.
    public var alarms: AlarmCommands
    /// Work on incidents.
    public var incidents: IncidentCommands
    /// Rules in force.
    public var rules: RuleSet
    /// The change feed.
    public var feed: any FeedReading
    /// Metric samples.
    public var samples: any SampleStoring
    /// The console's own address: `https://collector.example.net:7600`.
    public var origin: String

    /// The services.
    public init(
        accounts: AccountsService, queries: QueryService, fleet: FleetOverview, graph: GraphService,
        agents: AgentsService, alarms: AlarmCommands, incidents: IncidentCommands, rules: RuleSet,
        feed: any FeedReading, samples: any SampleStoring, origin: String
    ) {
        self.accounts = accounts
        self.queries = queries
        self.fleet = fleet
        self.graph = graph
        self.agents = agents
        self.alarms = alarms
        self.incidents = incidents
        self.rules = rules
        self.feed = feed
        self.samples = samples
        self.origin = origin
    }
}
