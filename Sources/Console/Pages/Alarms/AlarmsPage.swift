import Alarms
import CollectorServices
import HTTPAPI
import Model
import Stores

/// The list of alarms, and acknowledging several at once.
struct AlarmsPage: Sendable {
    let maker: PageMaker
    let queries: QueryService
    let commands: AlarmCommands
    let rules: RuleSet

    var all: [Route] {
        [
            maker.page(Site.alarms, .read, make),
            maker.action("/alarms/ack", .operate) { asked, form, person in
                for text in form.all("id") {
                    guard let id = Int64(text) else { throw ServiceRefusal.invalid("id must be an alarm's number") }
                    do {
                        _ = try await commands.acknowledge(id, by: person.user.name)
                    } catch ServiceRefusal.conflict {
                        // It cleared while the page was open: the others are still meant.
                        continue
                    }
                }
                return asked.back(else: Site.alarms)
            },
        ]
    }

    /// How many are listed; a form may carry 64 fields.
    private static let listed = 50

    @Sendable private func make(_ asked: PageRequest) async throws -> Page {
        let request = asked.request
        try request.only("text", "state", "severity", "rule", "ci", "after")
        let text = try request.query("text") ?? ""
        let state = try filled(request, "state")
        let severity = try filled(request, "severity")
        let rule = try filled(request, "rule")
        let ci = try filled(request, "ci").map(Self.ci)
        let query = AlarmQuery(
            states: try Self.states(state), severities: try Self.severities(severity), cis: ci.map { [$0] }, rule: rule,
            text: text, limit: Self.listed)
        let found = try await worstFirst(query, behind: try request.query("after").map(AlarmPlace.init))
        let names = try await queries.names(of: Set(found.map(\.key.ci)).union(ci.map { [$0] } ?? []))
        let parameters: [(String, String?)] = [
            ("text", text), ("state", state), ("severity", severity), ("rule", rule), ("ci", ci?.description),
        ]
        let model = AlarmsModel(
            text: text, states: Self.stateMenu(state, asked.texts),
            severities: Self.severityMenu(severity, asked.texts),
            rules: ruleMenu(rule, asked.texts), only: ci.map { CILink($0, in: names, asked.texts) },
            ciNumber: ci?.description, alarms: found.map { AlarmLine($0, names: names, asked.texts) },
            bulk: found.contains { $0.state == .firing },
            next: found.count == Self.listed
                ? found.last.map { Site.path(Site.alarms, parameters + [("after", AlarmPlace($0).text)]) } : nil)
        return Page(AlarmsView.view, title: asked.text("frame.alarms"), place: .alarms, model: model)
    }

    /// The alarms of a query, the worst first, of one severity the newest first.
    private func worstFirst(_ query: AlarmQuery, behind place: AlarmPlace?) async throws -> [AlarmRecord] {
        var found: [AlarmRecord] = []
        for severity in Severity.allCases.drop(while: { place != nil && $0 != place?.severity })
        where query.severities.contains(severity) && found.count < query.limit {
            var one = query
            one.severities = [severity]
            one.after = severity == place?.severity ? place?.id : nil
            one.limit = query.limit - found.count
            found += try await queries.alarms(one)
        }
        return found
    }

    private func filled(_ request: APIRequest, _ name: String) throws -> String? {
        try request.query(name).flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func ci(_ text: String) throws -> CIID {
        guard let number = Int64(text), number > 0 else {
            throw ServiceRefusal.invalid("ci must be the number of a configuration item")
        }
        return CIID(number)
    }

    /// What is open by default: a list that is empty when all is well.
    private static func states(_ name: String?) throws -> Set<AlarmState> {
        guard let name else { return [.firing, .acknowledged] }
        if name == "all" { return Set(AlarmState.allCases) }
        guard let state = AlarmState(rawValue: name) else {
            throw ServiceRefusal.invalid(
                "state must be all or \(AlarmState.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return [state]
    }

    private static func severities(_ name: String?) throws -> Set<Severity> {
        guard let name else { return Set(Severity.allCases) }
        guard let severity = Severity(rawValue: name) else {
            throw ServiceRefusal.invalid(
                "severity must be \(Severity.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return [severity]
    }

    private static func stateMenu(_ chosen: String?, _ texts: PageTexts) -> [Choice] {
        let words = AlarmState.allCases.map { ($0.rawValue, texts.text("alarm_state." + $0.rawValue)) }
        return Choice.menu(
            words + [("all", texts.text("alarms.every_state"))], chosen: chosen, every: texts.text("alarms.open"))
    }

    private static func severityMenu(_ chosen: String?, _ texts: PageTexts) -> [Choice] {
        Choice.menu(
            Severity.allCases.map { ($0.rawValue, texts.text("severity." + $0.rawValue)) }, chosen: chosen,
            every: texts.text("alarms.every_severity"))
    }

    /// The rules in force, and the chosen one in any case.
    private func ruleMenu(_ chosen: String?, _ texts: PageTexts) -> [Choice] {
        var names = rules.rules.map(\.name)
        if let chosen, rules.rule(named: chosen) == nil { names.append(chosen) }
        return Choice.menu(
            names.map { ($0, $0.shownOnOneLine(limit: 80)) }, chosen: chosen, every: texts.text("alarms.every_rule"))
    }
}
