import Alarms
import CollectorServices
import HTTPAPI
import Model
import Stores
import TOML

/// The page of one rule.
struct RulePage: Sendable {
    let maker: PageMaker
    let queries: QueryService
    let rules: RuleSet
    /// Where the rules' files are, with their cases.
    let directory: String

    var all: [Route] { [maker.page("/rules/{rule}", .read, make)] }

    private static let listed = 50

    @Sendable private func make(_ asked: PageRequest) async throws -> Page {
        try asked.request.only()
        let texts = asked.texts
        guard let rule = rules.rule(named: asked.request.parameter("rule")) else {
            throw ServiceRefusal.notFound("no rule \(asked.request.parameter("rule").shownOnOneLine(limit: 80))")
        }
        let found = try await queries.alarms(
            AlarmQuery(states: [.pending, .firing, .acknowledged], rule: rule.name, limit: Self.listed))
        let names = try await queries.names(of: Set(found.map(\.key.ci)))
        let (cases, problem) = cases(of: rule, texts)
        let name = rule.name.shownOnOneLine(limit: 80)
        let model = RuleModel(
            name: name, about: rule.about(in: texts.language).shownOnOneLine(limit: 400),
            severity: Badge(rule.severity, texts),
            condition: RuleWords.condition(rule, texts), on: RuleWords.scope(rule, texts),
            summary: rule.summary(in: texts.language).source.shownOnOneLine(limit: 300), cases: cases,
            casesProblem: problem,
            alarms: found.map { AlarmLine($0, names: names, texts) },
            allPath: Site.path(Site.alarms, [("rule", rule.name), ("state", "all")]))
        return Page(RuleView.view, title: name, place: .rules, model: model)
    }

    /// Runs the cases beside the rule now. The name is one of a rule in force, so no other file can be asked for.
    private func cases(of rule: AlarmRule, _ texts: PageTexts) -> ([RuleModel.Case], String?) {
        do throws(TOMLError) {
            let file = try RuleFile.load(
                (directory.hasSuffix("/") ? directory : directory + "/") + rule.name + ".toml")
            let names = file.rule.translations[texts.language]?.cases ?? file.cases.map(\.name)
            let cases = zip(RuleTest.run(file), names).map { result, name in
                RuleModel.Case(
                    name: name.shownOnOneLine(limit: 200),
                    result: Badge(
                        tone: result.passed ? "ok" : "critical",
                        label: texts.text(result.passed ? "rule.passed" : "rule.failed")),
                    problem: result.problem?.shownOnOneLine(limit: 400))
            }
            return (cases, file.rule == rule ? nil : texts.text("rule.differs"))
        } catch {
            return ([], "\(error)".shownOnOneLine(limit: 400))
        }
    }
}
