import Alarms
import HTTPAPI

/// The rules in force.
struct RulesPage: Sendable {
    let maker: PageMaker
    let rules: RuleSet

    var all: [Route] {
        [
            maker.page(Site.rules) { asked in
                try asked.request.only()
                let model = RulesModel(
                    rules: rules.rules.map { rule in
                        .init(
                            path: Site.rule(rule.name), name: rule.name.shownOnOneLine(limit: 80),
                            about: rule.about(in: asked.texts.language).shownOnOneLine(limit: 300),
                            severity: Badge(rule.severity, asked.texts),
                            condition: RuleWords.condition(rule, asked.texts), on: RuleWords.scope(rule, asked.texts))
                    })
                return Page(RulesView.view, title: asked.text("frame.rules"), place: .rules, model: model)
            }
        ]
    }
}
