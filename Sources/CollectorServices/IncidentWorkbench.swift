import Model
import ServiceDesk
import Stores

/// Alarms and incidents one batch touches, as they stand after the decisions so far, and the change set of it all.
struct IncidentWorkbench {
    typealias Store = CMDBReading & AlarmReading & IncidentReading
    let store: any Store
    let impact: any ImpactSource
    private(set) var set = ChangeSet()
    /// What people are to be told, with the alarm that made it so.
    private(set) var news: [(event: IncidentEvent, incident: IncidentRecord, alarm: AlarmRecord)] = []
    private var incidents: [Int64: IncidentRecord] = [:]
    private var alarms: [Int64: AlarmRecord] = [:]
    private var rows: [CIID: CIRecord] = [:]
    private var down: [CIID: Bool] = [:]
    private var reached: [CIID: [AffectedCI]] = [:]
    /// Open alarms that this batch gave to incidents.
    private var given: [Int64: Set<Int64>] = [:]

    init(store: any Store, impact: any ImpactSource) {
        self.store = store
        self.impact = impact
    }

    /// A CI's row; nil when there is no such CI.
    mutating func ci(_ id: CIID) async throws -> CIRecord? {
        if rows[id] == nil { rows[id] = try await store.ci(id, asOf: nil) }
        return rows[id]
    }

    /// What the failure of a CI reaches.
    mutating func affected(by ci: CIID) async throws -> [AffectedCI] {
        if let known = reached[ci] { return known }
        let affected = try await impact.affected(by: ci)
        reached[ci] = affected
        return affected
    }

    /// The alarm numbered `id`; nil when it was forgotten.
    mutating func alarm(_ id: Int64) async throws -> AlarmRecord? {
        if let known = alarms[id] { return known }
        alarms[id] = try await store.alarm(id: id)
        return alarms[id]
    }

    /// Incidents the alarm may belong to: its own, the newest of its CI, that of the CI it lies inside when that is
    /// down itself.
    mutating func candidates(for alarm: AlarmRecord, parent: CIID?) async throws -> [IncidentRecord] {
        var found: [IncidentRecord] = []
        if let number = alarm.incident, let own = try await incident(number) { found.append(own) }
        if let same = try await openIncident(of: alarm.key.ci) { found.append(same) }
        if let parent, try await isDown(parent), let above = try await openIncident(of: parent) { found.append(above) }
        return found
    }

    /// Whether an incident has an alarm that is open, other than `alarm`; info alarms do not count.
    func hasOpenAlarm(ofIncident number: Int64, otherThan alarm: Int64) async throws -> Bool {
        if let given = given[number], given.contains(where: { $0 != alarm }) { return true }
        return try await store.hasOpenAlarm(ofIncident: number, otherThan: alarm)
    }

    /// Takes a decision over.
    mutating func apply(_ decision: IncidentDecision, about alarm: AlarmRecord) {
        var incident = decision.incident
        if decision.changesIncident {
            if incidents[incident.number] == nil {
                set.expectations.append(.incident(number: incident.number, version: incident.version))
            }
            set.incidents.append(.put(incident))
            set.events.append(.incidentChanged(number: incident.number, state: incident.state))
        }
        for line in decision.notes { set.incidents.append(.note(number: incident.number, line)) }
        if let alarm = decision.alarm {
            set.expectations.append(.alarm(alarm.key, version: alarm.version))
            set.alarms.append(.put(alarm, reason: "belongs to incident \(incident.number)"))
            var stored = alarm
            stored.version += 1
            alarms[alarm.id] = stored
            given[incident.number, default: []].insert(alarm.id)
        }
        if let event = decision.event { news.append((event, incident, decision.alarm ?? alarm)) }
        if decision.changesIncident { incident.version += 1 }
        incidents[incident.number] = incident
    }

    private mutating func incident(_ number: Int64) async throws -> IncidentRecord? {
        if let known = incidents[number] { return known }
        guard let stored = try await store.incident(number: number) else { return nil }
        remember(stored)
        return stored
    }

    private mutating func openIncident(of ci: CIID) async throws -> IncidentRecord? {
        let here = incidents.values.filter { $0.ci == ci && $0.state != .closed }.max { $0.number < $1.number }
        if let here { return here }
        guard let stored = try await store.openIncident(of: ci) else { return nil }
        remember(stored)
        return stored
    }

    private mutating func remember(_ incident: IncidentRecord) {
        incidents[incident.number] = incident
        set.expectations.append(.incident(number: incident.number, version: incident.version))
    }

    private mutating func isDown(_ ci: CIID) async throws -> Bool {
        if let known = down[ci] { return known }
        let isDown = try await store.openAlarms(of: ci).contains {
            $0.severity == .critical && ($0.state == .firing || $0.state == .acknowledged)
        }
        down[ci] = isDown
        return isDown
    }
}
