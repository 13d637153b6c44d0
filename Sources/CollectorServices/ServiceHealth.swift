import CMDB
import Model
import Stores

/// How business services are, rolled up through the graph from the alarms on what they need.
///
/// The rule: an alarm that fires, acknowledged or not, takes from 100 as much as its severity weighs (critical 100,
/// major 50, warning 20, info nothing), a tenth less of that for each edge beyond the first between service and alarm,
/// but never less than half of it. The worst alarm alone counts: many small ones are not an outage. A host whose agent is
/// silent is unknown, not well: a service over one is `unknown` unless an alarm says it is worse.
public struct ServiceHealth: Sendable {
    /// What it is read from.
    public typealias Store = CMDBReading & AlarmReading & IncidentReading & FleetFigureReading & GraphReading

    /// A service's state in a word.
    public enum State: String, Sendable, Codable, CaseIterable {
        /// Health below 30.
        case down
        /// Health below 70.
        case impaired
        /// Health below 100.
        case atRisk = "at-risk"
        /// Nothing wrong is known, but something below is not heard.
        case unknown
        /// Nothing below alarms and everything is heard.
        case well

        /// The severity of an alarm that would say as much; nil where nothing is known to be wrong.
        public var severity: Severity? {
            switch self {
            case .down: .critical
            case .impaired: .major
            case .atRisk: .warning
            case .unknown, .well: nil
            }
        }
    }

    /// An alarm below a service.
    public struct Cause: Sendable {
        /// The alarm.
        public var alarm: AlarmRecord
        /// Edges between the service and the alarm's CI; 0 on the service itself.
        public var distance: Int
        /// What it takes from 100.
        public var cost: Int
    }

    /// A service and how it is.
    public struct Report: Sendable {
        /// The service.
        public var service: CIRecord
        /// 0 to 100.
        public var health: Int
        /// In a word.
        public var state: State
        /// Alarms on it and on what it needs, the costliest first.
        public var causes: [Cause]
        /// Open incidents on it, on what it needs, or that name it as affected.
        public var incidents: [IncidentRecord]
        /// What it needs, nearest first.
        public var needs: [ImpactedCI]
        /// Silent agents below it.
        public var silent: [AgentRecord]
        /// Whether it needs more than was looked at.
        public var isCut: Bool
    }

    private let store: any Store
    private let graph: GraphService

    /// Over a store and its graph.
    public init(store: any Store, graph: GraphService) {
        self.store = store
        self.graph = graph
    }

    /// How many CIs below a service are looked at.
    static let depthLimit = 2000
    private static let open: Set<IncidentState> = [.new, .assigned, .inProgress, .pending]

    /// Active business services in order of number behind `after`.
    public func list(after: CIID?, limit: Int) async throws -> [Report] {
        let query = CIQuery(className: .businessService, states: [.active], after: after, limit: limit)
        return try await reports(try await store.find(query))
    }

    /// One service.
    /// - Throws: `ServiceRefusal.notFound` when the CI is no business service.
    public func report(of ci: CIID) async throws -> Report {
        guard let record = try await store.ci(ci, asOf: nil), record.className == .businessService,
            let report = try await reports([record]).first
        else { throw ServiceRefusal.notFound("CI \(ci) is no business service") }
        return report
    }

    /// Ended incidents that a service's own are looked for among.
    public static let endedLooked = 500
    private static let over: Set<IncidentState> = [.resolved, .closed]

    /// Incidents that ended and were on a service or named it as affected while they were open, newest first: of the newest
    /// ``endedLooked`` that ended.
    public func ended(of service: CIID) async throws -> [IncidentRecord] {
        try await store.incidents(in: Self.over, after: nil, limit: Self.endedLooked).filter { incident in
            incident.ci == service || incident.affected.contains { $0.ci == service }
        }
    }

    /// How many services of one question are looked at by ``ill(among:)``.
    public static let asked = 20

    /// Those of `services` that are not well, and how they are; the first ``asked`` are looked at.
    public func ill(among services: some Sequence<CIID>) async throws -> [CIID: State] {
        var records: [CIRecord] = []
        for ci in services.prefix(Self.asked) {
            if let record = try await store.ci(ci, asOf: nil), record.className == .businessService {
                records.append(record)
            }
        }
        guard !records.isEmpty else { return [:] }
        var states: [CIID: State] = [:]
        for report in try await reports(records) where report.state != .well {
            states[report.service.id] = report.state
        }
        return states
    }

    private func reports(_ services: [CIRecord]) async throws -> [Report] {
        let incidents = try await store.incidents(in: Self.open, after: nil, limit: 1000)
        let silent = try await store.silentAgents(limit: 10_000)
        var reports: [Report] = []
        for service in services { reports.append(try await report(service, incidents, silent)) }
        return reports
    }

    private func report(
        _ service: CIRecord, _ incidents: [IncidentRecord], _ silent: [AgentRecord]
    ) async throws -> Report {
        let answer = try await graph.impact(
            of: [service.id], direction: .dependencies, depth: nil, asOf: nil, limit: Self.depthLimit)
        var distances = [service.id: 0]
        for need in answer.affected { distances[need.ci] = min(need.distance, distances[need.ci] ?? .max) }
        let alarms = try await store.alarms(
            AlarmQuery(states: [.firing, .acknowledged], cis: Set(distances.keys), limit: 500))
        let causes = alarms.map { alarm in
            let distance = distances[alarm.key.ci] ?? 0
            return Cause(alarm: alarm, distance: distance, cost: Self.cost(alarm.severity, distance))
        }.sorted { ($1.cost, $0.distance, $0.alarm.id) < ($0.cost, $1.distance, $1.alarm.id) }
        let unheard = silent.filter { agent in agent.ci.map { distances[$0] != nil } ?? false }
        let health = 100 - (causes.first?.cost ?? 0)
        return Report(
            service: service, health: health, state: Self.state(health, isHeard: unheard.isEmpty), causes: causes,
            incidents: incidents.filter { incident in
                distances[incident.ci] != nil || incident.affected.contains { $0.ci == service.id }
            }, needs: answer.affected, silent: unheard, isCut: answer.truncated)
    }

    /// What an alarm takes from 100.
    static func cost(_ severity: Severity, _ distance: Int) -> Int {
        let weights: [Severity: Int] = [.critical: 100, .major: 50, .warning: 20]
        let tenths = max(5, 10 - max(0, distance - 1))
        return (weights[severity] ?? 0) * tenths / 10
    }

    /// The word for a health; what is not heard makes a good figure unknown.
    static func state(_ health: Int, isHeard: Bool) -> State {
        if health < 30 { return .down }
        if health < 70 { return .impaired }
        if !isHeard { return .unknown }
        return health < 100 ? .atRisk : .well
    }
}
