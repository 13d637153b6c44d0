import GRDB
import Model
import Stores

extension SQLiteStore {
    /// Applies one change to incidents or their timelines.
    func applyIncident(_ change: IncidentChange, _ context: CommitContext) throws {
        switch change {
        case .put(let incident): try put(incident, context)
        case .note(let number, let line):
            try context.run(
                "INSERT INTO incident_note (incident, time_ms, kind, who, text) VALUES (?, ?, ?, ?, ?)",
                [number, line.time.milliseconds, line.kind.rawValue, line.who, line.text])
        }
    }

    /// Refuses with a conflict unless the incident stands at `version`; 0 means there is none.
    func expectIncident(_ number: Int64, version: Int64, _ context: CommitContext) throws {
        let stored = try context.one(Int64.self, "SELECT version FROM incident WHERE number = ?", [number])
        guard stored ?? 0 == version else { throw StoreError.conflict("incident \(number)") }
    }

    private func put(_ incident: IncidentRecord, _ context: CommitContext) throws {
        try context.run(
            """
            INSERT INTO incident (number, state, title, ci, impact, urgency, priority, affected, team, assignee,
                opened_ms, resolved_ms, held, version)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
            ON CONFLICT (number) DO UPDATE SET state = excluded.state, title = excluded.title, ci = excluded.ci,
                impact = excluded.impact, urgency = excluded.urgency, priority = excluded.priority,
                affected = excluded.affected, team = excluded.team, assignee = excluded.assignee,
                opened_ms = excluded.opened_ms, resolved_ms = excluded.resolved_ms, held = excluded.held,
                version = version + 1
            """,
            [
                incident.number, incident.state.rawValue, incident.title, incident.ci.rawValue,
                incident.impact.rawValue, incident.urgency.rawValue, incident.priority.rawValue,
                try StoredJSON.encode(incident.affected), incident.team, incident.assignee,
                incident.openedAt.milliseconds, incident.resolvedAt?.milliseconds,
                try StoredJSON.encode(incident.heldByPerson.sorted()),
            ])
    }
}

extension SQLiteStore: IncidentReading {
    /// The incident numbered `number`.
    public func incident(number: Int64) async throws -> IncidentRecord? {
        try await incidents("number = ?", [number]).first
    }

    /// The newest incident of `ci` that is not closed: a resolved one may be reopened, which its reader decides.
    public func openIncident(of ci: CIID) async throws -> IncidentRecord? {
        try await incidents("ci = ? AND state <> 'closed' ORDER BY number DESC LIMIT 1", [ci.rawValue]).first
    }

    /// Incidents that match, newest first.
    public func incidents(_ query: IncidentQuery) async throws -> [IncidentRecord] {
        let names = query.states.map(\.rawValue).sorted()
        let marks = databaseQuestionMarks(count: names.count)
        let arguments = StatementArguments(names) + [query.after ?? Int64.max]
        if let assignee = query.assignee {
            return try await incidents(
                "state IN (\(marks)) AND number < ? AND assignee = ? ORDER BY number DESC LIMIT ?",
                arguments + [assignee, query.limit])
        }
        return try await incidents(
            "state IN (\(marks)) AND number < ? ORDER BY number DESC LIMIT ?", arguments + [query.limit])
    }

    /// The timeline in the order in which it was written.
    public func timeline(of number: Int64) async throws -> [TimelineEntry] {
        try await read { db in
            let sql = "SELECT * FROM incident_note WHERE incident = ? ORDER BY id"
            return try Row.fetchAll(db, sql: sql, arguments: [number]).map { row in
                TimelineEntry(
                    time: Timestamp(milliseconds: row["time_ms"]), kind: try word(row, "kind"), who: row["who"],
                    text: row["text"])
            }
        }
    }

    /// Whether an open alarm other than `alarm` belongs to the incident; info alarms do not count.
    public func hasOpenAlarm(ofIncident number: Int64, otherThan alarm: Int64) async throws -> Bool {
        try await read { db in
            let sql = """
                SELECT EXISTS (SELECT 1 FROM alarm WHERE incident = ? AND state IN ('firing', 'acknowledged')
                    AND id <> ? AND severity <> 'info')
                """
            return try Bool.fetchOne(db.cachedStatement(sql: sql), arguments: [number, alarm]) ?? false
        }
    }

    /// `condition` is a text of this file; whatever comes from outside is an argument.
    private func incidents(_ condition: String, _ arguments: StatementArguments) async throws -> [IncidentRecord] {
        try await read { db in
            let statement = try db.cachedStatement(sql: "SELECT * FROM incident WHERE \(condition)")
            return try Row.fetchAll(statement, arguments: arguments).map { try IncidentRecord(row: $0) }
        }
    }
}

extension IncidentRecord {
    fileprivate init(row: Row) throws {
        self.init(
            number: row["number"], state: try word(row, "state"), title: row["title"], ci: CIID(row["ci"]),
            impact: try grade(row, "impact"), urgency: try grade(row, "urgency"),
            priority: Priority(rawValue: row["priority"]),
            affected: try StoredJSON.decode([AffectedCI].self, row["affected"]), team: row["team"],
            assignee: row["assignee"], openedAt: Timestamp(milliseconds: row["opened_ms"]),
            resolvedAt: moment(row, "resolved_ms"),
            heldByPerson: Set(try StoredJSON.decode([String].self, row["held"])), version: row["version"])
    }
}

private func grade(_ row: Row, _ column: String) throws -> Grade {
    let number: Int = row[column]
    guard let grade = Grade(rawValue: number) else { throw StoreError.unusable("\(column) holds \(number)") }
    return grade
}
