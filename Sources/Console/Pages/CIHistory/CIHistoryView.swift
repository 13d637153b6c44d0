/// What happened to a CI.
struct CIHistoryModel: Sendable {
    /// One thing that happened.
    struct Line: Sendable {
        var key: String
        var time: Moment
        var sentence: String
        /// The CI it happened to, where that is another one.
        var about: CILink?
        var by: SourceLabel?
        var changes: [Change]
        /// How many changes are not listed; nil for none.
        var more: String?
        /// A page that says more.
        var path: String?
    }

    /// Before and after; nil for nothing.
    struct Change: Sendable {
        var label: String
        var before: String?
        var after: String?
    }

    var heading: CIHeading
    var past: PastNotice?
    var lines: [Line]
    var next: String?
}

enum CIHistoryView {
    static let view = View(
        "ci-history",
        """
        {{> past-notice}}
        {{> ci-heading}}
        <div id="history"{{^past}} data-live="cis relations alarms checks agents"{{/past}}>
        <ol class="timeline">
        {{#lines}}<li data-key="{{key}}"><div class="happened"><span>{{#path}}<a class="line-title" href="{{path}}">{{sentence}}</a>{{/path}}{{^path}}<span class="line-title">{{sentence}}</span>{{/path}}{{#about}} · {{> ci-link}}{{/about}}</span><span class="note">{{#by}}{{> source-label}} · {{/by}}{{#time}}{{> moment}}{{/time}}</span></div>
        {{^empty(changes)}}<ul class="changes">{{#changes}}<li><span class="changed">{{label}}</span> {{#before}}<del>{{before}}</del>{{/before}}{{^before}}<span class="nothing">{{t.ci_history.nothing}}</span>{{/before}} → {{#after}}<ins>{{after}}</ins>{{/after}}{{^after}}<span class="nothing">{{t.ci_history.nothing}}</span>{{/after}}</li>{{/changes}}</ul>{{/empty(changes)}}
        {{#more}}<div class="hint">{{more}}</div>{{/more}}</li>
        {{/lines}}
        </ol>
        {{^lines}}<p class="none">{{t.ci_history.none}}</p>{{/lines}}
        {{#next}}<p><a class="button quiet" href="{{next}}">{{t.ci_history.older}}</a></p>{{/next}}
        </div>
        """)
}
