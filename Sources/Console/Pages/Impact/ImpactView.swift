/// What hangs on what.
struct ImpactModel: Sendable {
    /// One of a menu.
    struct Option: Sendable {
        var value: String
        var label: String
        var isChosen: Bool
    }

    /// A CI the question begins with.
    struct Chosen: Sendable {
        var id: String
        var ci: CILink
        var worst: Badge?
        var gone: Badge?
        var removePath: String
    }

    /// A CI that could be added.
    struct Choice: Sendable {
        var ci: CILink
        var inside: String?
        var worst: Badge?
        var goPath: String
    }

    /// Reached CIs of one class.
    struct Group: Sendable {
        var id: String
        var title: String
        var total: Int
        var lines: [Line]
        /// Where all are listed; nil when they are here.
        var allPath: String?
    }

    /// A reached CI with the way that says why.
    struct Line: Sendable {
        var key: String
        var ci: CILink
        var worst: Badge?
        var gone: Badge?
        var way: String
    }

    /// One class listed alone.
    struct Only: Sendable {
        var label: String
        var backPath: String
    }

    var past: PastNotice?
    var asOf: AsOfForm
    var find: String?
    var asOfKept: String?
    var directions: [Option]
    var depths: [Option]
    /// What was found for the words; nil when nothing was looked for.
    var hits: [Choice]?
    var suggestions: [Choice] = []
    var chosen: [Chosen] = []
    var unknown: String?
    var hasAnswer = false
    var summary: String?
    var groups: [Group] = []
    var only: Only?
    var next: String?
    /// Said when not all were listed.
    var cut: String?
    var map = MapModel()
}

enum ImpactView {
    static let view = View(
        "impact",
        """
        {{> past-notice}}
        <h1>{{t.frame.impact}}</h1>
        <form class="filters" action="/impact" method="get">
        {{#chosen}}<input type="hidden" name="ci" value="{{id}}">{{/chosen}}
        {{#asOfKept}}<input type="hidden" name="as_of" value="{{asOfKept}}">{{/asOfKept}}
        <label class="grow">{{t.impact.add}}<input type="search" name="find" maxlength="255" value="{{find}}"></label>
        <label>{{t.impact.direction}}<select name="direction">{{#directions}}<option value="{{value}}"{{#isChosen}} selected{{/isChosen}}>{{label}}</option>{{/directions}}</select></label>
        <label>{{t.impact.depth}}<select name="depth">{{#depths}}<option value="{{value}}"{{#isChosen}} selected{{/isChosen}}>{{label}}</option>{{/depths}}</select></label>
        <button>{{t.impact.show}}</button>
        </form>
        {{#find}}<section class="sheet"><h2>{{t.impact.hits}}</h2>
        {{^empty(hits)}}<ul class="links choices">{{#hits}}<li><span class="link-main"><a class="line-title" href="{{goPath}}">{{#ci}}{{name}} <span class="kind">{{kind}}</span>{{/ci}}</a>{{#inside}} <span class="note">{{inside}}</span>{{/inside}}</span></li>{{/hits}}</ul>{{/empty(hits)}}
        {{^hits}}<p class="none">{{t.cis.none}}</p>{{/hits}}</section>{{/find}}
        {{#unknown}}<p class="complaint">{{unknown}}</p>{{/unknown}}
        <div id="impact"{{^past}} data-live="alarms cis relations"{{/past}}>
        {{^empty(chosen)}}<ul class="chips">{{#chosen}}<li class="chip">{{#ci}}{{> ci-link}}{{/ci}}{{#gone}} {{> badge}}{{/gone}}{{#worst}} {{> badge}}{{/worst}} <a class="remove" href="{{removePath}}" title="{{t.impact.remove}}" aria-label="{{t.impact.remove}} {{#ci}}{{name}}{{/ci}}">×</a></li>{{/chosen}}</ul>{{/empty(chosen)}}
        {{#hasAnswer}}
        <p class="summary"><strong>{{summary}}</strong>{{#cut}} {{cut}}{{/cut}}{{#map}}{{#svg}} <a class="to-map" href="#map">{{t.impact.to_map}}</a>{{/svg}}{{/map}}</p>
        {{#only}}<p>{{label}} · <a href="{{backPath}}">{{t.impact.all_classes}}</a></p>{{/only}}
        {{#groups}}<section class="reach"><h2 id="{{id}}">{{title}} <span class="count">{{total}}</span></h2>
        <ul class="reached">
        {{#lines}}<li data-key="{{key}}"><span class="link-main">{{#ci}}<a class="line-title" href="{{path}}">{{name}}</a>{{/ci}}{{#gone}} {{> badge}}{{/gone}}{{#worst}} {{> badge}}{{/worst}}</span><span class="way">{{way}}</span></li>
        {{/lines}}
        </ul>{{#allPath}}<p><a href="{{allPath}}">{{t.impact.list_all}} ({{total}})</a></p>{{/allPath}}</section>
        {{/groups}}
        {{#next}}<p><a class="button quiet" href="{{next}}">{{t.frame.more}}</a></p>{{/next}}
        {{^only}}<section><h2 id="map">{{t.impact.map}}</h2>{{> map}}</section>{{/only}}
        {{/hasAnswer}}
        </div>
        {{^hasAnswer}}
        <p class="lead">{{t.impact.lead}}</p>
        {{^empty(suggestions)}}<section class="sheet"><h2>{{t.impact.suggestions}}</h2><ul class="links choices">{{#suggestions}}<li><span class="link-main"><a class="line-title" href="{{goPath}}">{{#ci}}{{name}} <span class="kind">{{kind}}</span>{{/ci}}</a>{{#worst}} {{> badge}}{{/worst}}</span></li>{{/suggestions}}</ul></section>{{/empty(suggestions)}}
        {{/hasAnswer}}
        <section class="time-travel"><h2>{{t.as_of.title}}</h2>{{#asOf}}{{> as-of}}{{/asOf}}</section>
        """)
}
