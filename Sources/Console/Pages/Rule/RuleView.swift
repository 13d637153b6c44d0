/// One rule, its cases and its alarms.
struct RuleModel: Sendable {
    /// A case with its result.
    struct Case: Sendable {
        var name: String
        var result: Badge
        /// What was not as expected; nil when all was.
        var problem: String?
    }

    var name: String
    var about: String
    var severity: Badge
    var condition: String
    var on: String
    var summary: String
    var cases: [Case]
    /// Why the cases could not be run; nil when they were.
    var casesProblem: String?
    var alarms: [AlarmLine]
    var allPath: String
}

enum RuleView {
    static let view = View(
        "rule",
        """
        <p class="above"><a href="/rules">{{t.frame.rules}}</a></p>
        <h1>{{name}} {{#severity}}{{> badge}}{{/severity}}</h1>
        <section class="sheet"><dl class="facts">
        <div><dt>{{t.alarm.about}}</dt><dd>{{about}}</dd></div>
        <div><dt>{{t.alarm.condition}}</dt><dd>{{condition}}</dd></div>
        <div><dt>{{t.rule.on}}</dt><dd>{{on}}</dd></div>
        <div><dt>{{t.rule.says}}</dt><dd><code>{{summary}}</code></dd></div>
        </dl></section>
        <section><h2>{{t.rule.cases}}</h2><p class="hint">{{t.rule.cases_hint}}</p>
        {{#casesProblem}}<p class="complaint">{{casesProblem}}</p>{{/casesProblem}}
        <ul class="plain">{{#cases}}<li>{{#result}}{{> badge}}{{/result}} {{name}}{{#.problem}}<br><span class="note">{{problem}}</span>{{/.problem}}</li>
        {{/cases}}</ul></section>
        <section id="rule-alarms" data-live="alarms"><h2>{{t.service.alarms}}</h2>
        {{> alarm-lines}}{{^alarms}}<p class="none">{{t.rule.no_alarms}}</p>{{/alarms}}
        <p><a href="{{allPath}}">{{t.rule.all_alarms}}</a></p></section>
        """)
}
