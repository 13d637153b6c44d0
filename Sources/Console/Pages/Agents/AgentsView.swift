/// Agents that match.
struct AgentsModel: Sendable {
    /// An agent.
    struct Row: Sendable {
        var key: String
        var path: String
        var host: String
        var standing: Badge
        var version: String
        var heard: Moment?
        var skew: String
        var queue: String
        var lost: String
    }

    /// A join token just made; shown once.
    struct NewToken: Sendable {
        var command: String
        var expires: Moment
    }

    var text: String
    var standings: [Choice]
    var rows: [Row]
    var next: String?
    var token: NewToken?
}

enum AgentsView {
    static let view = View(
        "agents",
        """
        <h1>{{t.frame.agents}}</h1>
        {{#token}}<div class="notice" role="status"><p>{{t.agents.paste}} {{#expires}}{{> moment}}{{/expires}}</p><pre>{{command}}</pre></div>{{/token}}
        <form class="filters" action="/agents" method="get">
        <label class="grow">{{t.agents.text}}<input type="search" name="text" maxlength="200" value="{{text}}"></label>
        <label>{{t.agents.standing}}<select name="standing">{{#standings}}{{> choice}}{{/standings}}</select></label>
        <button>{{t.alarms.filter}}</button>
        </form>
        <div id="agents" data-live="agents">
        {{^empty(rows)}}<div class="table-scroll"><table class="stacked">
        <thead><tr><th>{{t.agents.host}}</th><th>{{t.agents.standing}}</th><th>{{t.agents.version}}</th><th>{{t.agents.heard}}</th><th>{{t.agents.skew}}</th><th>{{t.agents.queue}}</th><th>{{t.agents.lost}}</th></tr></thead>
        <tbody>{{#rows}}<tr data-key="agent-{{key}}"><td class="main"><a class="line-title" href="{{path}}">{{host}}</a></td><td data-label="{{t.agents.standing}}">{{#standing}}{{> badge}}{{/standing}}</td><td data-label="{{t.agents.version}}">{{version}}</td><td data-label="{{t.agents.heard}}">{{#.heard}}{{> moment}}{{/.heard}}{{^.heard}}{{t.users.never}}{{/.heard}}</td><td data-label="{{t.agents.skew}}">{{skew}}</td><td data-label="{{t.agents.queue}}">{{queue}}</td><td data-label="{{t.agents.lost}}">{{lost}}</td></tr>
        {{/rows}}</tbody></table></div>{{/empty(rows)}}
        {{^rows}}<p class="none">{{t.agents.none}}</p>{{/rows}}
        {{#next}}<p><a class="button quiet" href="{{next}}">{{t.frame.more}}</a></p>{{/next}}
        </div>
        {{#can.administer}}<form class="sheet narrow" action="/agents/token" method="post"><h2>{{t.agents.add}}</h2><input type="hidden" name="form" value="{{form}}"><p class="hint">{{t.agents.add_hint}}</p><label>{{t.incident.note}}<input name="note" maxlength="200"></label><button>{{t.agents.make_token}}</button></form>{{/can.administer}}
        """)
}
