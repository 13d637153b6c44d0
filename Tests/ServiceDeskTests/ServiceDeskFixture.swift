import Glibc
import Model
import ServiceDesk
import Stores

/// The shipped texts and matrix, and records to decide about.
enum ServiceDeskFixture {
    static let files: String = {
        guard let path = realpath(#filePath, nil) else { return "collector-config" }
        defer { free(path) }
        return String(cString: path).split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
            .joined(separator: "/") + "/collector-config"
    }()

    static func decider(language: String = "en") throws -> IncidentDecider {
        IncidentDecider(
            matrix: try PriorityMatrix.load(files + "/priority.toml"),
            texts: try StringCatalogue.load(directory: files + "/strings", language: language))
    }

    static let now = Timestamp(seconds: 1_800_000_000)
    static let shop = AffectedCI(
        ci: CIID(3), className: .businessService, name: "Demo shop", path: ["web", "Demo shop"])

    static func alarm(
        _ state: AlarmState, severity: Severity = .critical, incident: Int64? = nil, summary: String = "refused"
    ) -> AlarmRecord {
        AlarmRecord(
            id: 7, key: AlarmKey(ci: CIID(1), rule: "check-failed", instance: "web"), state: state, severity: severity,
            summary: summary, value: "critical", since: now, incident: incident, occurrences: 1, version: 4)
    }

    static func incident(_ state: IncidentState, resolved: Timestamp? = nil, held: Set<String> = []) -> IncidentRecord {
        IncidentRecord(
            number: 12, state: state, title: "t", ci: CIID(1), impact: .low, urgency: .low,
            priority: Priority(rawValue: 5), affected: [], openedAt: now, resolvedAt: resolved, heldByPerson: held,
            version: 2)
    }

    static func situation(
        _ alarm: AlarmRecord, candidates: [IncidentRecord] = [], others: Bool = false, affected: [AffectedCI] = [],
        now: Timestamp = ServiceDeskFixture.now
    ) -> IncidentSituation {
        IncidentSituation(
            alarm: alarm, ruleUrgency: nil, ciName: "web", candidates: candidates, hasOtherOpenAlarm: others,
            affected: affected, now: now)
    }
}
