/// Rules in force.
struct RulesModel: Sendable {
    /// A rule.
    struct Line: Sendable {
        var path: String
        var name: String
        var about: String
        var severity: Badge
        var condition: String
        var on: String
    }

    var rules: [Line]
}

enum RulesView {
    static let view = View(
        "rules",
        """
        <h1>{{t.frame.rules}}</h1>
        <p class="hint">{{t.rules.lead}}</p>
        <ul class="lines">
        {{#rules}}<li class="line {{#severity}}{{tone}}{{/severity}}">
        <div class="line-state">{{#severity}}{{> badge}}{{/severity}}</div>
        <div class="line-main"><a class="line-title" href="{{path}}">{{name}}</a> <span class="note">{{about}}</span>
        <div class="line-note">{{condition}} · {{on}}</div></div>
        </li>
        {{/rules}}
        </ul>
        {{^rules}}<p class="none">{{t.rules.none}}</p>{{/rules}}
        """)
}
