import Alarms
import CollectorServices
import HTTPAPI
import Model
import Stores

/// The page of one alarm, and what is done there.
struct AlarmPages: Sendable {
    let maker: PageMaker
    let queries: QueryService
    let commands: AlarmCommands
    let rules: RuleSet

    var all: [Route] {
        [
            maker.page("/alarms/{number}", .read, make),
            maker.action("/alarms/{number}/ack", .operate) { asked, _, person in
                let id = try asked.number("number")
                _ = try await commands.acknowledge(id, by: person.user.name)
                return asked.back(else: Site.alarm(id))
            },
            maker.action("/alarms/{number}/silence", .operate, silence),
        ]
    }

    /// What a silence made here may cover.
    private enum Scope: String, CaseIterable {
        case both, ci, rule
    }

    /// How long it may hold, seconds.
    private static let durations: [Int64] = [3600, 4 * 3600, 24 * 3600, 7 * 24 * 3600]

    @Sendable private func silence(
        _ asked: PageRequest, _ form: PageForm, _ person: SignedInPerson
    ) async throws -> String {
        let id = try asked.number("number")
        let (alarm, _) = try await queries.alarm(id: id)
        guard let scope = form["scope"].flatMap(Scope.init(rawValue:)) else {
            throw ServiceRefusal.invalid("scope must be \(Scope.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        guard let seconds = form["seconds"].flatMap({ Int64($0) }) else {
            throw ServiceRefusal.invalid("seconds must be a whole number")
        }
        _ = try await commands.silence(
            ci: scope == .rule ? nil : alarm.key.ci, rule: scope == .ci ? nil : alarm.key.rule, seconds: seconds,
            reason: form["reason"] ?? "", by: person.user.name)
        return Site.alarm(id)
    }

    /// How many checks of a CI are looked at for the one that an alarm is about.
    private static let checksRead = 500

    @Sendable private func make(_ asked: PageRequest) async throws -> Page {
        try asked.request.only()
        let texts = asked.texts
        let found = try await commands.explain(try asked.number("number"))
        let alarm = found.alarm
        let names = try await queries.names(
            of: Set([alarm.key.ci] + found.silences.compactMap(\.ci) + (found.incident.map { [$0.ci] } ?? [])))
        let incidents = found.incident.map { [$0] } ?? []
        let known = try await queries.acknowledgements(incidents)
        let summary = texts.said(alarm.summary)
        let model = AlarmModel(
            id: alarm.id, path: Site.alarm(alarm.id), summary: summary, severity: Badge(alarm.severity, texts),
            state: Badge(alarm.state, alarm.severity, texts), ci: CILink(alarm.key.ci, in: names, texts),
            since: Moment(alarm.firedAt ?? alarm.since),
            acknowledgedBy: alarm.acknowledgedBy?.shownOnOneLine(limit: 64),
            isFiring: alarm.state == .firing, isMinor: alarm.severity == .info,
            facts: AlarmFactLines(explanation: found, rule: rules.rule(named: alarm.key.rule), texts: texts).lines,
            rule: alarm.key.rule.shownOnOneLine(limit: 80), rulePath: Site.rule(alarm.key.rule),
            impactPath: Site.impact(of: alarm.key.ci),
            othersPath: Site.path(Site.alarms, [("ci", alarm.key.ci.description), ("state", "all")]),
            incidents: incidents.map {
                IncidentLine($0, names: names, acknowledgedBy: known[$0.number], texts)
            },
            notifications: found.notifications.map { NotificationLine($0, texts) },
            silences: found.silences.map { SilenceLine($0, names: names, texts) },
            checks: try await queries.checks(of: [alarm.key.ci], limit: Self.checksRead).filter {
                $0.result.check.utf8.elementsEqual(alarm.key.instance.utf8)
            }.map { CheckLine($0, of: alarm.key.ci, names: names, texts) },
            moves: found.moves.suffix(100).reversed().map {
                .init(
                    time: Moment($0.time), state: Badge($0.state, alarm.severity, texts),
                    reason: texts.said($0.reason, limit: 400))
            },
            durations: Self.durations.map {
                Choice(value: String($0), label: Quantity.duration(Double($0), texts), isChosen: $0 == 4 * 3600)
            },
            scopes: Scope.allCases.map {
                Choice(value: $0.rawValue, label: texts.text("alarm.scope_" + $0.rawValue), isChosen: $0 == .both)
            })
        return Page(AlarmView.view, title: summary, place: .alarms, model: model)
    }
}
