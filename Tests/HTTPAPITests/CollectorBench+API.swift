import Alarms
import CMDB
import CollectorServices
import Foundation
import Logging
import Model
import Notifications
import SQLiteStores
import ServiceDesk
import Stores

@testable import HTTPAPI

extension CollectorBench {
    /// The API over the bench's store.
    func api(sites: Bool = false) throws -> APIRoutes {
        let texts = try StringCatalogue.parse(
            try String(contentsOfFile: configuration + "/strings/en.toml", encoding: .utf8), language: "en")
        let matrix = try PriorityMatrix.load(configuration + "/priority.toml")
        let clock = AlarmClock.steady(from: SQLiteStore.wallTime())
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let rules = RuleSet([])
        let graph = GraphService(store: store, logger: logger)
        let queries = QueryService(store: store)
        return APIRoutes(
            queries: queries, graph: graph, paths: PathService(store: store, graph: graph, queries: queries),
            agents: agents, accounts: AccountsService(store: store, now: SQLiteStore.wallTime),
            doctor: Doctor(
                store: store, certificates: { [] }, stateDirectory: directory, channels: [],
                now: SQLiteStore.wallTime),
            alarms: AlarmCommands(store: store, rules: rules, clock: clock),
            incidents: IncidentCommands(
                store: store, impact: NoImpact(), matrix: matrix,
                stages: NotificationStages(routes: [], texts: texts), clock: clock),
            discoveries: DiscoveryCommands(store: store, now: SQLiteStore.wallTime),
            sweeps: SweepOverview(store: store),
            rules: rules, policies: policies, join: ("127.0.0.1", 7601, authority.digest),
            origin: "https://127.0.0.1:7600",
            glpi: sites
                ? (
                    GLPIService(
                        ingest: IngestService(
                            store: store, samples: try SQLiteSampleStore(directory: directory), sink: NoSink(),
                            now: SQLiteStore.wallTime), store: store, now: SQLiteStore.wallTime), IngestGate()
                ) : nil,
            repeatable: RepeatableRequests(store: store, now: SQLiteStore.wallTime),
            readiness: ReadinessProbe(store: store, graph: graph, listenersStand: { true }),
            metrics: CollectorMetrics(
                store: store, requests: RequestMeters(), ingest: MeteredIngest(batches, gate: IngestGate()),
                graph: graph,
                certificates: { [] }, samplesDirectory: directory, now: SQLiteStore.wallTime))
    }

    private var configuration: String {
        URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().path + "/collector-config"
    }
}

private struct NoSink: SampleSink {
    func samplesArrived(ci: CIID, agent: String, values: [Sample], at: Timestamp) async {}
}

private struct NoImpact: ImpactSource {
    func affected(by ci: CIID) async throws -> [AffectedCI] { [] }
}
