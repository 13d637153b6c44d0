import Model
import Stores

/// Everything a reader may ask of the CMDB, now or as of a moment.
public struct QueryService: Sendable {
    /// The store's reading sides that pages are made of.
    public typealias Store = CMDBReading & GraphReading & AlarmReading & IncidentReading & NotificationReading
        & FleetFigureReading

    /// A CI with all that is known of it.
    public struct CIPage: Sendable {
        /// The row.
        public var record: CIRecord
        /// The CI it lies inside; nil for none.
        public var parent: CIRecord?
        /// Facts with their sources.
        public var attributes: [AttributeRecord]
        /// How many items each section has.
        public var sections: [SectionName: Int]
        /// Edges at either end.
        public var relations: [RelationRecord]
        /// CIs inside it.
        public var children: [CIRecord]
        /// Sources that speak of it.
        public var objects: [SourceObjectRecord]
        /// Alarms that are not cleared; empty for a page of the past.
        public var alarms: [AlarmRecord]
    }

    /// An incident with what belongs to it.
    public struct IncidentPage: Sendable {
        /// The incident.
        public var record: IncidentRecord
        /// Its timeline, oldest first.
        public var timeline: [TimelineEntry]
        /// Its alarms.
        public var alarms: [AlarmRecord]
        /// Its notifications, oldest first.
        public var notifications: [NotificationRecord]
    }

    private let store: any Store

    /// Queries over a store.
    public init(store: any Store) { self.store = store }

    /// The commit that was newest at `moment`; nil for now.
    public func commit(asOf moment: Timestamp?) async throws -> CommitNumber? {
        guard let moment else { return nil }
        guard let commit = try await store.commit(at: moment) else {
            throw ServiceRefusal.notFound("nothing was known yet at \(moment.rfc3339); ask for a later moment")
        }
        return commit
    }

    /// CIs that match.
    public func find(_ query: CIQuery) async throws -> [CIRecord] { try await store.find(query) }

    /// The CI named by its number, by a name that only one CI has, or by `class:name`.
    public func resolve(_ reference: String) async throws -> CIID {
        if let number = Int64(reference), number > 0 { return CIID(number) }
        guard (1...Limits.nameBytes).contains(reference.utf8.count) else {
            throw ServiceRefusal.invalid("a CI is named by its number, its name or class:name, at most 255 bytes")
        }
        var matches = try await exactly(named: reference, className: nil)
        if matches.isEmpty, let colon = reference.utf8.firstIndex(of: UInt8(ascii: ":")) {
            matches = try await exactly(
                named: String(reference[reference.utf8.index(after: colon)...]),
                className: CIClass(rawValue: String(reference[..<colon])))
        }
        guard let first = matches.first else {
            let hint = NearNames.hint(try await near(reference))
            throw ServiceRefusal.notFound("no CI is called \(reference)\(hint)")
        }
        guard matches.count == 1 else {
            let listed = matches.prefix(5).map { "\($0.id) (\($0.className.rawValue))" }.joined(separator: ", ")
            throw ServiceRefusal.conflict("several CIs are called \(reference): \(listed); use a number or class:name")
        }
        return first.id
    }

    /// The CI's page.
    public func page(of ci: CIID, asOf moment: Timestamp?) async throws -> CIPage {
        let commit = try await commit(asOf: moment)
        let record = try await row(ci, asOf: commit)
        var parent: CIRecord?
        if let id = record.parent { parent = try await store.ci(id, asOf: commit) }
        return CIPage(
            record: record, parent: parent,
            attributes: try await store.attributes(of: ci, asOf: commit),
            sections: try await store.sectionCounts(of: ci, asOf: commit),
            relations: try await store.relations(of: ci, asOf: commit),
            children: try await store.children(of: ci, asOf: commit),
            objects: try await store.objects(of: ci, asOf: commit),
            alarms: moment == nil ? try await store.openAlarms(of: ci) : [])
    }

    /// The CI's row, or a refusal that names it.
    public func row(_ ci: CIID, asOf commit: CommitNumber?) async throws -> CIRecord {
        guard let record = try await store.ci(ci, asOf: commit) else {
            throw ServiceRefusal.notFound("CI \(ci) does not exist\(commit == nil ? "" : " at that time")")
        }
        return record
    }

    /// Edges at either end of a CI.
    public func relations(of ci: CIID, asOf moment: Timestamp?) async throws -> [RelationRecord] {
        let commit = try await commit(asOf: moment)
        _ = try await row(ci, asOf: commit)
        return try await store.relations(of: ci, asOf: commit)
    }

    /// CIs inside a CI.
    public func children(of ci: CIID, asOf moment: Timestamp?) async throws -> [CIRecord] {
        let commit = try await commit(asOf: moment)
        _ = try await row(ci, asOf: commit)
        return try await store.children(of: ci, asOf: commit)
    }

    /// Sources that speak of a CI.
    public func objects(of ci: CIID, asOf moment: Timestamp?) async throws -> [SourceObjectRecord] {
        let commit = try await commit(asOf: moment)
        _ = try await row(ci, asOf: commit)
        return try await store.objects(of: ci, asOf: commit)
    }

    /// Items of a section in key order behind `after`; with `text` only those whose key or facts contain it.
    public func items(
        of ci: CIID, section: SectionName, containing text: String? = nil, asOf moment: Timestamp?, after: String?,
        limit: Int
    ) async throws -> [ItemRecord] {
        let commit = try await commit(asOf: moment)
        _ = try await row(ci, asOf: commit)
        return try await store.items(
            of: ci, section: section, containing: text, asOf: commit, after: after, limit: limit)
    }

    /// What happened to a CI, newest first, until `moment`.
    public func history(
        of ci: CIID, before: FeedCursor?, asOf moment: Timestamp? = nil, limit: Int
    ) async throws -> [FeedEntry] {
        let commit = try await commit(asOf: moment)
        _ = try await row(ci, asOf: commit)
        return try await store.history(of: ci, before: before, asOf: commit, limit: limit)
    }

    /// When something happened to a CI, newest first.
    public func moments(of ci: CIID, limit: Int) async throws -> [Timestamp] {
        try await store.moments(of: ci, limit: limit)
    }

    /// How many active CIs each class has.
    public func classes() async throws -> [CIClass: Int] { try await store.fleetCounts().activeCIs }

    /// The CIs a CI lies inside, outermost first, as far as eight levels up.
    public func ancestors(of record: CIRecord, asOf commit: CommitNumber?) async throws -> [CIRecord] {
        var ancestors: [CIRecord] = []
        var next = record.parent
        while let id = next, ancestors.count < 8, let found = try await store.ci(id, asOf: commit) {
            ancestors.insert(found, at: 0)
            next = found.parent
        }
        return ancestors
    }

    /// The worst severity among the firing alarms of each of `cis`.
    public func firingSeverities(of cis: Set<CIID>) async throws -> [CIID: Severity] {
        try await store.firingSeverities(of: cis)
    }

    /// How many alarms of a past moment are looked at.
    private static let pastAlarms = 1000

    /// Alarms of `cis` that fired as of a commit, acknowledged or not.
    public func firingAlarms(of cis: Set<CIID>, asOf commit: CommitNumber) async throws -> [AlarmRecord] {
        try await store.firingAlarms(of: cis, asOf: commit, limit: Self.pastAlarms)
    }

    /// The worst severity among the alarms of each of `cis` that fire now, or fired as of a commit.
    public func firingSeverities(of cis: Set<CIID>, asOf commit: CommitNumber?) async throws -> [CIID: Severity] {
        guard let commit else { return try await store.firingSeverities(of: cis) }
        var worst: [CIID: Severity] = [:]
        for alarm in try await firingAlarms(of: cis, asOf: commit) {
            worst[alarm.key.ci] = Severity.allCases.first { $0 == alarm.severity || $0 == worst[alarm.key.ci] }
        }
        return worst
    }

    /// The newest result of at most `limit` checks that speak for any of `cis`, by name.
    public func checks(of cis: Set<CIID>, limit: Int) async throws -> [CheckRecord] {
        try await store.checks(of: cis, limit: limit)
    }

    /// Alarms of a CI that are not cleared.
    public func openAlarms(of ci: CIID) async throws -> [AlarmRecord] { try await store.openAlarms(of: ci) }

    /// The incident on a CI that is not over; nil for none.
    public func openIncident(of ci: CIID) async throws -> IncidentRecord? { try await store.openIncident(of: ci) }

    /// The incident numbered `number`; nil when there is none.
    public func incidentRecord(number: Int64) async throws -> IncidentRecord? {
        try await store.incident(number: number)
    }

    /// Alarms in any of `states`, newest first.
    public func alarms(in states: Set<AlarmState>, after: Int64?, limit: Int) async throws -> [AlarmRecord] {
        try await store.alarms(in: states, after: after, limit: limit)
    }

    /// Alarms that match, newest first.
    public func alarms(_ query: AlarmQuery) async throws -> [AlarmRecord] { try await store.alarms(query) }

    /// Incidents that match, newest first.
    public func incidents(_ query: IncidentQuery) async throws -> [IncidentRecord] { try await store.incidents(query) }

    /// An alarm and its moves, oldest first.
    public func alarm(id: Int64) async throws -> (AlarmRecord, history: [AlarmMove]) {
        guard let alarm = try await store.alarm(id: id) else {
            throw ServiceRefusal.notFound("alarm \(id) does not exist")
        }
        return (alarm, try await store.alarmHistory(id: id))
    }

    /// Incidents in any of `states`, newest first.
    public func incidents(in states: Set<IncidentState>, after: Int64?, limit: Int) async throws -> [IncidentRecord] {
        try await store.incidents(in: states, after: after, limit: limit)
    }

    /// An incident with all that belongs to it.
    public func incident(number: Int64) async throws -> IncidentPage {
        guard let record = try await store.incident(number: number) else {
            throw ServiceRefusal.notFound("incident \(number) does not exist")
        }
        return IncidentPage(
            record: record, timeline: try await store.timeline(of: number),
            alarms: try await store.alarms(ofIncident: number),
            notifications: try await store.notifications(ofIncident: number))
    }

    /// Those of `incidents` that are not over and of which nobody knows, by number.
    public func untold(_ incidents: [IncidentRecord]) async throws -> [Int64: UntoldReason] {
        let open = incidents.filter { ![.resolved, .closed].contains($0.state) }.map(\.number)
        let states = try await store.notificationStates(ofIncidents: open)
        return open.reduce(into: [:]) { found, number in found[number] = UntoldReason(states[number] ?? []) }
    }

    /// Who acknowledged an alarm of those of `incidents` that are not over, by the incident's number: somebody knows.
    public func acknowledgements(_ incidents: [IncidentRecord]) async throws -> [Int64: String] {
        var found: [Int64: String] = [:]
        for incident in incidents where ![.resolved, .closed].contains(incident.state) {
            let alarms = try await store.alarms(ofIncident: incident.number)
            found[incident.number] = alarms.first { $0.state == .acknowledged }?.acknowledgedBy
        }
        return found
    }

    /// Names of CIs for listings that hold their numbers only; a number without a CI is left out.
    public func names(of cis: Set<CIID>) async throws -> [CIID: CIRecord] {
        guard !cis.isEmpty else { return [:] }
        let records = try await store.cis(cis.sorted(), asOf: nil)
        return Dictionary(records.map { ($0.id, $0) }) { first, _ in first }
    }

    /// Other active CIs of the class and name of `record` that lie in no other: a person has to be told which of them it is.
    public func namesakes(of record: CIRecord) async throws -> [CIRecord] {
        guard record.parent == nil, record.state == .active, !record.name.isEmpty else { return [] }
        return try await exactly(named: record.name, className: record.className)
            .filter { $0.id != record.id && $0.state == .active && $0.parent == nil }
    }

    /// What tells CIs of one name from each other: the first of ``tellingFacts`` that each of them has another value of;
    /// empty when there is none.
    public func tellingFacts(of cis: Set<CIID>) async throws -> [CIID: AttributeRecord] {
        var facts: [CIID: [String: AttributeRecord]] = [:]
        for ci in cis {
            let stated = try await store.attributes(of: ci, asOf: nil)
            facts[ci] = Dictionary(stated.map { ($0.name, $0) }) { first, _ in first }
        }
        for name in Self.tellingFacts {
            let found = facts.compactMapValues { $0[name] }
            if found.count == cis.count, Set(found.values.map(\.value)).count == cis.count { return found }
        }
        return [:]
    }

    /// Facts that one machine has and no other, what people know it by first.
    private static let tellingFacts = [
        "system.serial", "system.serial_number", "system.address", "system.machine_id", "system.uuid",
        "os.machine_id",
    ]

    /// Names a slip away from `reference`: among those that begin like it, else among those that end like it.
    private func near(_ reference: String) async throws -> [String] {
        let scalars = reference.unicodeScalars
        for part in [
            String(scalars.prefix(min(3, scalars.count - 1))), String(scalars.suffix(max(3, scalars.count - 3))),
        ] {
            let found = try await store.find(CIQuery(text: part, limit: 500)).map(\.name)
            let names = NearNames.near(reference, among: found)
            if !names.isEmpty { return names }
        }
        return []
    }

    private func exactly(named name: String, className: CIClass?) async throws -> [CIRecord] {
        let found = try await store.find(CIQuery(text: name, className: className, limit: 500))
        let matches = found.filter { $0.name.utf8.elementsEqual(name.utf8) }
        let active = matches.filter { $0.state == .active }
        return active.isEmpty ? matches : active
    }
}
