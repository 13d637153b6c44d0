/// Configuration items that match.
struct CIListModel: Sendable {
    /// One of a menu.
    struct Choice: Sendable {
        var value: String
        var label: String
        var isChosen: Bool
    }

    /// A CI.
    struct Row: Sendable {
        var key: String
        var path: String
        var name: String
        /// What tells it from others of its name; nil where it is the only one.
        var telling: String?
        var className: String
        var inside: CILink?
        /// Nil while it is in use.
        var ciState: Badge?
        var worst: Badge?
    }

    var query: String
    var classes: [Choice]
    var states: [Choice]
    var rows: [Row]
    var next: String?
}

enum CIListView {
    static let view = View(
        "ci-list",
        """
        <h1>{{t.frame.ci}}</h1>
        <form class="filters" action="/ci" method="get">
        <label class="grow">{{t.cis.query}}<input type="search" name="query" maxlength="255" value="{{query}}"></label>
        <label>{{t.cis.class}}<select name="class">{{#classes}}<option value="{{value}}"{{#isChosen}} selected{{/isChosen}}>{{label}}</option>{{/classes}}</select></label>
        <label>{{t.cis.state}}<select name="state">{{#states}}<option value="{{value}}"{{#isChosen}} selected{{/isChosen}}>{{label}}</option>{{/states}}</select></label>
        <button>{{t.cis.find}}</button>
        </form>
        <div id="cis" data-live="cis alarms">
        {{^empty(rows)}}
        <div class="table-scroll"><table class="rows">
        <thead><tr><th>{{t.cis.name}}</th><th>{{t.cis.class}}</th><th>{{t.cis.inside}}</th><th>{{t.cis.state}}</th><th>{{t.cis.alarms}}</th></tr></thead>
        <tbody>
        {{#rows}}<tr data-key="{{key}}"><td class="main"><a class="line-title" href="{{path}}">{{name}}</a>{{#.telling}}<div class="note">{{telling}}</div>{{/.telling}}</td><td>{{className}}</td><td>{{#inside}}<a href="{{path}}">{{name}}</a>{{/inside}}</td><td>{{#ciState}}{{> badge}}{{/ciState}}</td><td>{{#worst}}{{> badge}}{{/worst}}</td></tr>
        {{/rows}}
        </tbody>
        </table></div>
        {{/empty(rows)}}
        {{^rows}}<p class="none">{{t.cis.none}}</p>{{/rows}}
        {{#next}}<p><a class="button quiet" href="{{next}}">{{t.frame.more}}</a></p>{{/next}}
        </div>
        """)
}
