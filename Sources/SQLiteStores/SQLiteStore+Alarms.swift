import GRDB
import Model
import Stores

extension SQLiteStore {
    /// Applies one change to alarms or silences.
    func applyAlarm(_ change: AlarmChange, _ context: CommitContext) throws {
        switch change {
        case .put(let alarm, let reason): try put(alarm, reason, context)
        case .drop(let key):
            try context.run(
                "DELETE FROM alarm WHERE ci = ? AND rule = ? AND instance = ? AND state = 'pending' AND occurrences = 0",
                [key.ci.rawValue, key.rule, key.instance])
        case .addSilence(let silence): try put(silence, context)
        }
    }

    /// Refuses with a conflict unless the alarm stands at `version`; 0 means there is none.
    func expectAlarm(_ key: AlarmKey, version: Int64, _ context: CommitContext) throws {
        guard try stored(key, context)?.version ?? 0 == version else {
            throw StoreError.conflict("alarm \(key.rule) of CI \(key.ci)")
        }
    }

    private func stored(_ key: AlarmKey, _ context: CommitContext) throws -> (id: Int64, version: Int64)? {
        let sql = "SELECT id, version FROM alarm WHERE ci = ? AND rule = ? AND instance = ?"
        let arguments: StatementArguments = [key.ci.rawValue, key.rule, key.instance]
        guard let row = try Row.fetchOne(context.db.cachedStatement(sql: sql), arguments: arguments) else { return nil }
        return (row["id"], row["version"])
    }

    private func put(_ alarm: AlarmRecord, _ reason: String, _ context: CommitContext) throws {
        let old = try stored(alarm.key, context)
        if let old, old.id != alarm.id { throw StoreError.conflict("alarm \(alarm.key.rule) of CI \(alarm.key.ci)") }
        let version = (old?.version ?? 0) + 1
        try context.run(
            """
            INSERT INTO alarm (id, ci, rule, instance, state, severity, summary, value, since_ms, fired_ms, cleared_ms,
                due_ms, acknowledged_by, incident, occurrences, version)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (ci, rule, instance) DO UPDATE SET state = excluded.state, severity = excluded.severity,
                summary = excluded.summary, value = excluded.value, since_ms = excluded.since_ms,
                fired_ms = excluded.fired_ms, cleared_ms = excluded.cleared_ms, due_ms = excluded.due_ms,
                acknowledged_by = excluded.acknowledged_by, incident = excluded.incident,
                occurrences = excluded.occurrences, version = excluded.version
            """,
            [
                alarm.id, alarm.key.ci.rawValue, alarm.key.rule, alarm.key.instance, alarm.state.rawValue,
                alarm.severity.rawValue, alarm.summary, alarm.value, alarm.since.milliseconds,
                alarm.firedAt?.milliseconds, alarm.clearedAt?.milliseconds, alarm.dueAt?.milliseconds,
                alarm.acknowledgedBy, alarm.incident, alarm.occurrences, version,
            ])
        try context.run(
            "INSERT INTO alarm_move (alarm, version, commit_number, state, reason) VALUES (?, ?, ?, ?, ?)",
            [alarm.id, version, context.number.rawValue, alarm.state.rawValue, reason])
    }

    private func put(_ silence: SilenceRecord, _ context: CommitContext) throws {
        try context.run(
            """
            INSERT INTO silence (id, ci, rule, until_ms, reason, made_by) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET ci = excluded.ci, rule = excluded.rule, until_ms = excluded.until_ms,
                reason = excluded.reason, made_by = excluded.made_by
            """,
            [
                silence.id, silence.ci?.rawValue, silence.rule, silence.until.milliseconds, silence.reason, silence.by,
            ])
    }
}

extension SQLiteStore: AlarmReading {
    /// The alarm with `key`, whatever its state.
    public func alarm(_ key: AlarmKey) async throws -> AlarmRecord? {
        try await oneAlarm("ci = ? AND rule = ? AND instance = ?", [key.ci.rawValue, key.rule, key.instance])
    }

    /// The alarm numbered `id`.
    public func alarm(id: Int64) async throws -> AlarmRecord? { try await oneAlarm("id = ?", [id]) }

    /// Alarms that match, newest first. Conditions that are not asked for are no part of the statement.
    public func alarms(_ query: AlarmQuery) async throws -> [AlarmRecord] {
        let states = query.states.map(\.rawValue).sorted()
        var conditions = ["state IN (\(databaseQuestionMarks(count: states.count)))", "id < ?"]
        var arguments = StatementArguments(states) + [query.after ?? Int64.max]
        if query.severities.count < Severity.allCases.count {
            let severities = query.severities.map(\.rawValue).sorted()
            conditions.append("severity IN (\(databaseQuestionMarks(count: severities.count)))")
            arguments += StatementArguments(severities)
        }
        if let cis = query.cis {
            conditions.append("ci IN (SELECT value FROM json_each(?))")
            arguments += ["[" + cis.map(\.description).joined(separator: ",") + "]"]
        }
        if let rule = query.rule {
            conditions.append("rule = ?")
            arguments += [rule]
        }
        if !query.text.isEmpty {
            conditions.append(
                """
                (instr(lower(summary), lower(?)) OR instr(lower(rule), lower(?)) OR instr(lower(instance), lower(?))
                OR ci IN (SELECT id FROM ci WHERE instr(lower(name), lower(?))))
                """)
            arguments += [query.text, query.text, query.text, query.text]
        }
        return try await alarms(
            conditions.joined(separator: " AND ") + " ORDER BY id DESC LIMIT ?", arguments + [query.limit])
    }

    /// Alarms of one CI that are not cleared.
    public func openAlarms(of ci: CIID) async throws -> [AlarmRecord] {
        try await alarms("ci = ? AND state <> 'cleared' ORDER BY id", [ci.rawValue])
    }

    /// The worst severity among the firing alarms of each CI.
    public func firingSeverities(of cis: Set<CIID>) async throws -> [CIID: Severity] {
        guard !cis.isEmpty else { return [:] }
        return try await read { db in
            let sql = """
                SELECT DISTINCT ci, severity FROM alarm
                WHERE ci IN (SELECT value FROM json_each(?)) AND state IN ('firing', 'acknowledged')
                """
            let list = "[" + cis.map(\.description).joined(separator: ",") + "]"
            var worst: [CIID: Severity] = [:]
            for row in try Row.fetchAll(db.cachedStatement(sql: sql), arguments: [list]) {
                let (ci, severity) = (CIID(row["ci"]), try word(row, "severity") as Severity)
                worst[ci] = Severity.allCases.first { $0 == severity || $0 == worst[ci] }
            }
            return worst
        }
    }

    /// Alarms that fired as of a commit: the last move up to then says in which state each was. Who acknowledged it then
    /// and which incident it belonged to is not kept by moment.
    public func firingAlarms(
        of cis: Set<CIID>, asOf commit: CommitNumber, limit: Int
    ) async throws -> [AlarmRecord] {
        guard !cis.isEmpty else { return [] }
        return try await read { db in
            let sql = """
                SELECT alarm.*, last.state AS then_state, time_ms AS then_ms FROM alarm
                JOIN alarm_move AS last ON last.alarm = alarm.id AND last.version = (
                    SELECT max(version) FROM alarm_move WHERE alarm = alarm.id AND commit_number <= ?)
                JOIN commit_time ON number = last.commit_number
                WHERE ci IN (SELECT value FROM json_each(?)) AND last.state IN ('firing', 'acknowledged')
                ORDER BY alarm.id LIMIT ?
                """
            let list = "[" + cis.map(\.description).joined(separator: ",") + "]"
            let arguments: StatementArguments = [commit.rawValue, list, limit]
            return try Row.fetchAll(db.cachedStatement(sql: sql), arguments: arguments).map { row in
                var alarm = try AlarmRecord(row: row)
                alarm.state = try word(row, "then_state")
                alarm.since = Timestamp(milliseconds: row["then_ms"])
                (alarm.firedAt, alarm.clearedAt, alarm.dueAt) = (nil, nil, nil)
                (alarm.acknowledgedBy, alarm.incident) = (nil, nil)
                return alarm
            }
        }
    }

    /// Alarms whose timer is due at `moment`, the longest overdue first.
    public func dueAlarms(at moment: Timestamp, limit: Int) async throws -> [AlarmRecord] {
        try await alarms(
            "due_ms IS NOT NULL AND due_ms <= ? ORDER BY due_ms, id LIMIT ?", [moment.milliseconds, limit])
    }

    /// The earliest timer.
    public func nextAlarmDue() async throws -> Timestamp? {
        try await read { db in
            try Int64.fetchOne(db, sql: "SELECT min(due_ms) FROM alarm WHERE due_ms IS NOT NULL")
                .map { Timestamp(milliseconds: $0) }
        }
    }

    /// Every move of an alarm with time and reason, oldest first.
    public func alarmHistory(id: Int64) async throws -> [AlarmMove] {
        try await read { db in
            let sql = """
                SELECT time_ms, state, reason FROM alarm_move JOIN commit_time ON number = commit_number
                WHERE alarm = ? ORDER BY version
                """
            return try Row.fetchAll(db, sql: sql, arguments: [id]).map { row in
                AlarmMove(
                    time: Timestamp(milliseconds: row["time_ms"]), state: try word(row, "state"), reason: row["reason"])
            }
        }
    }

    /// Silences that hold at `moment`.
    public func silences(at moment: Timestamp) async throws -> [SilenceRecord] {
        try await read { db in
            let sql = "SELECT * FROM silence WHERE until_ms > ? ORDER BY id"
            return try Row.fetchAll(db, sql: sql, arguments: [moment.milliseconds]).map { row in
                SilenceRecord(
                    id: row["id"], ci: (row["ci"] as Int64?).map { CIID($0) }, rule: row["rule"],
                    until: Timestamp(milliseconds: row["until_ms"]), reason: row["reason"], by: row["made_by"])
            }
        }
    }

    /// Alarms that belong to an incident; here because it reads alarm rows.
    public func alarms(ofIncident number: Int64) async throws -> [AlarmRecord] {
        try await alarms("incident = ? ORDER BY id", [number])
    }

    private func oneAlarm(_ condition: String, _ arguments: StatementArguments) async throws -> AlarmRecord? {
        try await alarms(condition, arguments).first
    }

    /// `condition` is a text of this file; whatever comes from outside is an argument.
    private func alarms(_ condition: String, _ arguments: StatementArguments) async throws -> [AlarmRecord] {
        try await read { db in
            let statement = try db.cachedStatement(sql: "SELECT * FROM alarm WHERE \(condition)")
            return try Row.fetchAll(statement, arguments: arguments).map { try AlarmRecord(row: $0) }
        }
    }
}

extension AlarmRecord {
    fileprivate init(row: Row) throws {
        self.init(
            id: row["id"],
            key: AlarmKey(ci: CIID(row["ci"]), rule: row["rule"], instance: row["instance"]),
            state: try word(row, "state"), severity: try word(row, "severity"), summary: row["summary"],
            value: row["value"], since: Timestamp(milliseconds: row["since_ms"]), firedAt: moment(row, "fired_ms"),
            clearedAt: moment(row, "cleared_ms"), dueAt: moment(row, "due_ms"),
            acknowledgedBy: row["acknowledged_by"], incident: row["incident"], occurrences: row["occurrences"],
            version: row["version"])
    }
}

/// The closed-set word in a column; a word of a newer version makes the store unusable for this one.
func word<Word: RawRepresentable>(_ row: Row, _ column: String) throws -> Word where Word.RawValue == String {
    let text: String = row[column]
    guard let word = Word(rawValue: text) else { throw StoreError.unusable("\(column) holds the unknown word \(text)") }
    return word
}

/// The moment in a column of milliseconds; nil where it is null.
func moment(_ row: Row, _ column: String) -> Timestamp? {
    (row[column] as Int64?).map { Timestamp(milliseconds: $0) }
}
