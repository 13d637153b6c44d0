import CMDB
import CollectorServices
import HTTPAPI
import Logging
import Model
import Stores

/// Everything the pages need, and the one list of them.
public struct ConsoleRoutes: Sendable {
    private let maker: PageMaker
    private let services: ConsoleServices
    private let maps: MapMaker

    /// Pages over services. `chartScript` is the path of Chart.js, nil leaves charts out; `dot` the path of Graphviz, and
    /// `mapPatience` how long the page of the network waits for its drawing.
    public init(
        _ services: ConsoleServices, languages: PageLanguages, chartScript: String?, dot: String,
        mapPatience: Duration = .milliseconds(80), logger: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) throws {
        maker = PageMaker(
            views: try Views(), files: StaticFiles(chartScript: chartScript),
            languages: languages.knowing(services.rules), feed: services.feed, now: now)
        self.services = services
        maps = MapMaker(program: dot, patience: mapPatience, logger: logger)
    }

    /// Every page's routes. One more page is one more line here.
    public var all: [Route] {
        let parts: [[Route]] = [
            [maker.files.route, CSPReports.route],
            SignInPages(maker: maker, accounts: services.accounts).all,
            LivePage(feed: services.feed).all,
            OverviewPage(
                maker: maker, queries: services.queries, fleet: services.fleet, health: services.health
            ).all,
            AccountPages(maker: maker, accounts: services.accounts).all,
            UsersPages(maker: maker, accounts: services.accounts, origin: services.origin).all,
            AuditPage(maker: maker, agents: services.agents).all,
            CIListPage(maker: maker, queries: services.queries, health: services.health).all,
            CIPages(
                maker: maker, queries: services.queries, graph: services.graph, incidents: services.incidents,
                maps: maps, health: services.health, samples: services.samples
            ).all,
            CIItemsPage(maker: maker, queries: services.queries).all,
            CILinksPage(maker: maker, queries: services.queries).all,
            CIHistoryPage(maker: maker, queries: services.queries).all,
            CIMetricsPage(
                maker: maker, queries: services.queries, agents: services.agents, samples: services.samples
            ).all,
            ImpactPage(
                maker: maker, queries: services.queries, graph: services.graph, maps: maps, health: services.health
            ).all,
            NetworkPage(
                maker: maker, queries: services.queries, graph: services.graph, networks: services.networks, maps: maps
            ).all,
            AlarmsPage(
                maker: maker, queries: services.queries, commands: services.alarms, rules: services.rules
            ).all,
            AlarmPages(
                maker: maker, queries: services.queries, commands: services.alarms, rules: services.rules
            ).all,
            SilencesPage(maker: maker, queries: services.queries, commands: services.alarms).all,
            IncidentsPage(maker: maker, queries: services.queries).all,
            IncidentPages(
                maker: maker, queries: services.queries, commands: services.incidents, alarms: services.alarms,
                accounts: services.accounts, changes: services.changes, health: services.health, rules: services.rules
            ).all,
            DiscoveriesPages(
                maker: maker, queries: services.queries, agents: services.agents, commands: services.discoveries,
                sweeps: services.sweeps
            ).all,
            ServicesPage(maker: maker, queries: services.queries, health: services.health).all,
            ServicePage(maker: maker, queries: services.queries, health: services.health).all,
            AgentsPages(maker: maker, agents: services.agents, join: services.join).all,
            AgentPages(
                maker: maker, agents: services.agents, policies: services.policies, queries: services.queries
            ).all,
            RulesPage(maker: maker, rules: services.rules).all,
            RulePage(
                maker: maker, queries: services.queries, rules: services.rules, directory: services.rulesDirectory
            ).all,
        ]
        return parts.flatMap { $0 }
    }

    /// What goes wrong outside the API, as pages.
    public var problems: ProblemPages { ProblemPage(maker: maker).pages }
}
