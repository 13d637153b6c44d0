import Alarms
import CollectorServices
import Stores
import Wire

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
    /// The network as it is drawn.
    public var networks: NetworkMaps
    /// Agents, tokens and the audit log.
    public var agents: AgentsService
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
    /// The change feed.
    public var feed: any FeedReading
    /// Metric samples.
    public var samples: any SampleStoring & SampleTrendReading
    /// The console's own address: `https://collector.example.net:7600`.
    public var origin: String

    /// How business services are.
    public var health: ServiceHealth
    /// What changed before an incident.
    public var changes: RecentChanges
    /// Where the rules' files are.
    public var rulesDirectory: String
    /// What a join token says of the agents' port.
    public var join: Join

    /// Where agents enrol.
    public struct Join: Hashable, Sendable {
        /// The collector's name.
        public var host: String
        /// Its port for agents.
        public var port: Int
        /// The digest of the fleet CA's certificate.
        public var authority: SHA256Digest

        /// A place.
        public init(host: String, port: Int, authority: SHA256Digest) {
            self.host = host
            self.port = port
            self.authority = authority
        }
    }

    /// The services.
    public init(
        accounts: AccountsService, queries: QueryService, fleet: FleetOverview, graph: GraphService,
        networks: NetworkMaps, agents: AgentsService, alarms: AlarmCommands, incidents: IncidentCommands,
        discoveries: DiscoveryCommands,
        sweeps: SweepOverview, rules: RuleSet,
        policies: PolicyService, feed: any FeedReading, samples: any SampleStoring & SampleTrendReading, origin: String,
        health: ServiceHealth,
        changes: RecentChanges, rulesDirectory: String, join: Join
    ) {
        self.health = health
        self.changes = changes
        self.rulesDirectory = rulesDirectory
        self.join = join
        self.accounts = accounts
        self.queries = queries
        self.fleet = fleet
        self.graph = graph
        self.networks = networks
        self.agents = agents
        self.alarms = alarms
        self.incidents = incidents
        self.discoveries = discoveries
        self.sweeps = sweeps
        self.rules = rules
        self.policies = policies
        self.feed = feed
        self.samples = samples
        self.origin = origin
    }
}
