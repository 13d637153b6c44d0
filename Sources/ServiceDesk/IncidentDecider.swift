import Model
import Stores

/// Decides what a moved alarm means for incidents: values in, values out, no I/O.
///
/// One CI has one open incident that its alarms join; what a person set (``IncidentRecord/heldByPerson``) stays.
public struct IncidentDecider: Sendable {
    /// Grades and priorities.
    public let matrix: PriorityMatrix
    /// The texts.
    public let texts: StringCatalogue
    /// For how many seconds after it was resolved an incident is reopened instead of a new one opened.
    public let reopenWindow: Int64

    /// The account name under which the collector itself writes.
    public static let collector = "collector"
    /// How many affected CIs an incident lists.
    public static let affectedLimit = 200

    /// A decider.
    public init(matrix: PriorityMatrix, texts: StringCatalogue, reopenWindow: Int64 = 900) {
        self.matrix = matrix
        self.texts = texts
        self.reopenWindow = reopenWindow
    }

    /// What the alarm's present state changes; nil when nothing.
    ///
    /// - Parameter newNumber: The number for an incident that has to be opened; only asked for then.
    public func decide(_ situation: IncidentSituation, newNumber: () -> Int64) -> IncidentDecision? {
        guard situation.alarm.severity != .info else { return nil }
        switch situation.alarm.state {
        case .pending: return nil
        case .firing: return fired(situation, newNumber)
        case .acknowledged: return acknowledged(situation, newNumber)
        case .cleared: return cleared(situation)
        }
    }

    private func fired(_ situation: IncidentSituation, _ newNumber: () -> Int64) -> IncidentDecision {
        guard let incident = situation.candidates.first(where: { takes($0, at: situation.now) }) else {
            return open(situation, number: newNumber())
        }
        var decision = IncidentDecision(
            incident: incident, notes: [], alarm: nil, event: nil, changesIncident: false)
        let isOwn = situation.alarm.incident == incident.number
        if !isOwn {
            decision.alarm = situation.alarm
            decision.alarm?.incident = incident.number
        }
        if incident.state == .resolved {
            reopen(&decision, situation)
        } else {
            decision.notes.append(note(.alarm, isOwn ? .firedAgain : .joined, situation))
        }
        spread(&decision, situation)
        return decision
    }

    /// An open incident takes alarms; a resolved one only within the window, a closed one never. A clock that stands
    /// before the resolution counts as within.
    private func takes(_ incident: IncidentRecord, at now: Timestamp) -> Bool {
        switch incident.state {
        case .new, .assigned, .inProgress, .pending: return true
        case .closed: return false
        case .resolved:
            guard let resolved = incident.resolvedAt else { return false }
            return now.milliseconds(since: resolved) <= Timestamp(seconds: reopenWindow).milliseconds
        }
    }

    private func open(_ situation: IncidentSituation, number: Int64) -> IncidentDecision {
        let impact = matrix.impact(of: situation.affected)
        let urgency = matrix.urgency(of: situation.alarm.severity, rule: situation.ruleUrgency)
        let incident = IncidentRecord(
            number: number, state: .new, title: texts.text(.incidentTitle, values(situation)),
            ci: situation.alarm.key.ci, impact: impact, urgency: urgency, priority: matrix.priority(impact, urgency),
            affected: Array(situation.affected.prefix(Self.affectedLimit)), openedAt: situation.now)
        var alarm = situation.alarm
        alarm.incident = number
        return IncidentDecision(
            incident: incident,
            notes: [note(.opened, .opened, situation), impactNote(incident, situation)], alarm: alarm, event: .opened,
            changesIncident: true)
    }

    private func reopen(_ decision: inout IncidentDecision, _ situation: IncidentSituation) {
        decision.incident.state = decision.incident.assignee == nil ? .new : .assigned
        decision.incident.resolvedAt = nil
        // That a person had resolved it no longer describes the world.
        decision.incident.heldByPerson.remove("state")
        decision.notes.append(note(.alarm, .reopened, situation))
        decision.event = .reopened
        decision.changesIncident = true
    }

    /// Takes over a wider impact or a higher urgency, and tells when the priority rises by it.
    private func spread(_ decision: inout IncidentDecision, _ situation: IncidentSituation) {
        let old = decision.incident
        var new = old
        let known = Set(new.affected.map(\.ci))
        let added = situation.affected.filter { !known.contains($0.ci) && $0.ci != new.ci }
        new.affected = Array((new.affected + added).servicesFirst.prefix(Self.affectedLimit))
        if !new.heldByPerson.contains("impact") {
            new.impact = higher(new.impact, matrix.impact(of: new.affected))
        }
        if !new.heldByPerson.contains("urgency") {
            let urgency = matrix.urgency(of: situation.alarm.severity, rule: situation.ruleUrgency)
            new.urgency = higher(new.urgency, urgency)
        }
        if !new.heldByPerson.contains("priority") { new.priority = matrix.priority(new.impact, new.urgency) }
        guard new != old else { return }
        decision.incident = new
        decision.changesIncident = true
        if new.impact != old.impact || new.affected.count != old.affected.count {
            decision.notes.append(impactNote(new, situation))
        }
        if new.priority < old.priority {
            let words = ["before": String(old.priority.rawValue), "priority": String(new.priority.rawValue)]
            decision.notes.append(line(.changed, texts.text(.raised, words), situation.now))
            decision.event = decision.event ?? .updated
        }
    }

    private func acknowledged(_ situation: IncidentSituation, _ newNumber: () -> Int64) -> IncidentDecision {
        // Acknowledged before its incident was opened: a person knows, and the record is made all the same.
        guard let incident = own(situation) else { return fired(situation, newNumber) }
        return IncidentDecision(
            incident: incident, notes: [note(.alarm, .acknowledged, situation)], alarm: nil, event: nil,
            changesIncident: false)
    }

    private func cleared(_ situation: IncidentSituation) -> IncidentDecision? {
        guard let incident = own(situation) else { return nil }
        var decision = IncidentDecision(
            incident: incident, notes: [note(.alarm, .cleared, situation)], alarm: nil, event: nil,
            changesIncident: false)
        guard !situation.hasOtherOpenAlarm, incident.state != .resolved, incident.state != .closed else {
            return decision
        }
        if incident.heldByPerson.contains("state") {
            let text = texts.text(.leftOpen, ["state": texts.word(incident.state)])
            decision.notes.append(line(.alarm, text, situation.now))
            return decision
        }
        decision.incident.state = .resolved
        decision.incident.resolvedAt = situation.now
        decision.notes.append(note(.resolved, .resolved, situation))
        decision.event = .resolved
        decision.changesIncident = true
        return decision
    }

    private func own(_ situation: IncidentSituation) -> IncidentRecord? {
        guard let number = situation.alarm.incident else { return nil }
        return situation.candidates.first { $0.number == number }
    }

    private func note(_ kind: TimelineKind, _ key: TextKey, _ situation: IncidentSituation) -> TimelineEntry {
        line(kind, texts.text(key, values(situation)), situation.now)
    }

    private func impactNote(_ incident: IncidentRecord, _ situation: IncidentSituation) -> TimelineEntry {
        let services = incident.affected.filter { $0.className == .businessService }
        let text = texts.text(
            .impact,
            [
                "impact": texts.word(incident.impact), "urgency": texts.word(incident.urgency),
                "priority": String(incident.priority.rawValue), "services": String(services.count),
                "others": String(incident.affected.count - services.count),
                "names": services.isEmpty ? texts.text(.wordNobody) : services.map(\.name).joined(separator: ", "),
            ])
        return line(.changed, text, situation.now)
    }

    private func line(_ kind: TimelineKind, _ text: String, _ now: Timestamp) -> TimelineEntry {
        TimelineEntry(time: now, kind: kind, who: Self.collector, text: text)
    }

    private func values(_ situation: IncidentSituation) -> [String: String] {
        [
            "ci": situation.ciName, "summary": situation.alarm.summary, "alarm": String(situation.alarm.id),
            "rule": situation.alarm.key.rule, "who": situation.alarm.acknowledgedBy ?? "",
        ]
    }
}

extension [AffectedCI] {
    /// Business services before all else, the order otherwise kept.
    fileprivate var servicesFirst: [AffectedCI] {
        filter { $0.className == .businessService } + filter { $0.className != .businessService }
    }
}

private func higher(_ left: Grade, _ right: Grade) -> Grade { left.rawValue <= right.rawValue ? left : right }
