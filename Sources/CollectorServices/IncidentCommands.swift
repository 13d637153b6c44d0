import Model
import Notifications
import ServiceDesk
import Stores

/// What people do with incidents: open, change, resolve. What they set is theirs from then on.
public struct IncidentCommands: Sendable {
    /// What the commands need of the store.
    public typealias Store = ChangeCommitting & CMDBReading & IncidentReading & NotificationReading

    private let store: any Store
    private let impact: any ImpactSource
    private let matrix: PriorityMatrix
    private let stages: NotificationStages
    private let clock: AlarmClock

    /// Commands over a store.
    public init(
        store: any Store, impact: any ImpactSource, matrix: PriorityMatrix, stages: NotificationStages,
        clock: AlarmClock
    ) {
        self.store = store
        self.impact = impact
        self.matrix = matrix
        self.stages = stages
        self.clock = clock
    }

    /// Opens an incident on a CI in the name of `who`.
    /// - Throws: `ServiceRefusal.notFound` for no such CI, `.invalid` for an empty title.
    public func open(ci: CIID, title: String, urgency: Grade = .medium, by who: String) async throws -> IncidentRecord {
        guard let row = try await store.ci(ci, asOf: nil) else { throw ServiceRefusal.notFound("no CI \(ci)") }
        guard !title.isEmpty else { throw ServiceRefusal.invalid("give the incident a title") }
        let affected = try await impact.affected(by: ci)
        let grade = matrix.impact(of: affected)
        let number = try await store.reserveNumbers(1).lowerBound
        let incident = IncidentRecord(
            number: number, state: .new, title: title.shownOnOneLine(limit: 300), ci: ci, impact: grade,
            urgency: urgency, priority: matrix.priority(grade, urgency),
            affected: Array(affected.prefix(IncidentDecider.affectedLimit)), openedAt: clock.now(),
            heldByPerson: ["title", "urgency"])
        let text = stages.texts.text(.openedByPerson, ["who": who])
        var set = ChangeSet()
        set.incidents = [.put(incident), .note(number: number, line(.opened, who, text))]
        set.events = [.incidentChanged(number: number, state: .new)]
        set.agents.append(
            .audit(who: who, action: "incident.open", target: "incident \(number)", detail: incident.title))
        try await tell(.opened, incident, ciName: row.name, &set)
        _ = try await store.commit(set)
        return try await existing(number)
    }

    /// Changes fields of an incident and marks them as set by a person.
    /// - Throws: `ServiceRefusal.notFound`, `.invalid` for an empty update.
    public func update(_ number: Int64, _ update: IncidentUpdate, by who: String) async throws -> IncidentRecord {
        guard update != IncidentUpdate() else { throw ServiceRefusal.invalid("nothing to change; name a field") }
        for _ in 0..<10 {
            let old = try await existing(number)
            var new = old
            var lines: [TimelineEntry] = []
            apply(update, to: &new, who, &lines)
            var set = ChangeSet()
            set.expectations.append(.incident(number: number, version: old.version))
            set.incidents = [.put(new)] + lines.map { .note(number: number, $0) }
            set.events = [.incidentChanged(number: number, state: new.state)]
            let detail = lines.map(\.text).joined(separator: "; ")
            set.agents.append(
                .audit(who: who, action: "incident.update", target: "incident \(number)", detail: detail))
            if new.state == .resolved, old.state != .resolved {
                let name = try await store.ci(new.ci, asOf: nil)?.name ?? "CI \(new.ci)"
                try await tell(.resolved, new, ciName: name, &set)
            }
            do {
                _ = try await store.commit(set)
                return try await existing(number)
            } catch StoreError.conflict { continue }
        }
        throw ServiceRefusal.conflict("incident \(number) keeps changing; try again")
    }

    /// Resolves an incident with a note of what helped.
    public func resolve(_ number: Int64, note: String, by who: String) async throws -> IncidentRecord {
        guard !note.isEmpty else { throw ServiceRefusal.invalid("say in the note what solved it") }
        return try await update(number, IncidentUpdate(state: .resolved, note: note), by: who)
    }

    private func apply(
        _ update: IncidentUpdate, to incident: inout IncidentRecord, _ who: String, _ lines: inout [TimelineEntry]
    ) {
        var changes: [(field: String, before: String, after: String)] = []
        func change(_ field: String, _ before: String, _ after: String) {
            incident.heldByPerson.insert(field)
            guard before != after else { return }
            let nothing = stages.texts.text(.wordNobody)
            changes.append((field, before.isEmpty ? nothing : before, after.isEmpty ? nothing : after))
        }
        if let state = update.state {
            change("state", stages.texts.word(incident.state), stages.texts.word(state))
            incident.state = state
            let isOver = state == .resolved || state == .closed
            incident.resolvedAt = isOver ? incident.resolvedAt ?? clock.now() : nil
        }
        if let title = update.title?.shownOnOneLine(limit: 300), !title.isEmpty {
            change("title", incident.title, title)
            incident.title = title
        }
        if let impact = update.impact {
            change("impact", stages.texts.word(incident.impact), stages.texts.word(impact))
            incident.impact = impact
        }
        if let urgency = update.urgency {
            change("urgency", stages.texts.word(incident.urgency), stages.texts.word(urgency))
            incident.urgency = urgency
        }
        let held = incident.heldByPerson.contains("priority")
        let priority =
            update.priority ?? (held ? incident.priority : matrix.priority(incident.impact, incident.urgency))
        if update.priority != nil { incident.heldByPerson.insert("priority") }
        if priority != incident.priority {
            changes.append(("priority", "P\(incident.priority.rawValue)", "P\(priority.rawValue)"))
            incident.priority = priority
        }
        if let team = update.team?.shownOnOneLine(limit: 100) {
            change("team", incident.team ?? "", team)
            incident.team = team.isEmpty ? nil : team
        }
        if let assignee = update.assignee?.shownOnOneLine(limit: 100) {
            change("assignee", incident.assignee ?? "", assignee)
            incident.assignee = assignee.isEmpty ? nil : assignee
            if incident.state == .new, !assignee.isEmpty { incident.state = .assigned }
        }
        for item in changes {
            let text = stages.texts.text(
                .fieldChanged, ["field": item.field, "before": item.before, "after": item.after])
            lines.append(line(.changed, who, text))
        }
        if let note = update.note, !note.isEmpty { lines.append(line(.note, who, note.shownOnOneLine(limit: 4000))) }
    }

    private func tell(
        _ event: IncidentEvent, _ incident: IncidentRecord, ciName: String, _ set: inout ChangeSet
    ) async throws {
        let message = IncidentMessage(
            event, incident: incident, ciName: ciName, alarm: incident.title, severity: nil, texts: stages.texts)
        let draft = NotificationDraft(event: event, incident: incident, alarm: nil, message: message)
        var numbers = try await store.reserveNumbers(max(stages.routes.count, 1))
        let records = stages.records(
            for: draft, silences: [], told: [], now: clock.now(), id: { numbers.removeFirstNumber() })
        set.notifications += records.map { .put($0) }
    }

    private func existing(_ number: Int64) async throws -> IncidentRecord {
        guard let incident = try await store.incident(number: number) else {
            throw ServiceRefusal.notFound("no incident \(number)")
        }
        return incident
    }

    private func line(_ kind: TimelineKind, _ who: String, _ text: String) -> TimelineEntry {
        TimelineEntry(time: clock.now(), kind: kind, who: who.shownOnOneLine(limit: 100), text: text)
    }
}
