/// What happened to a CI.
struct CIHistoryModel: Sendable {
    /// One thing that happened.
    struct Line: Sendable {
        var key: String
        /// What it is about: of lines with one topic equal ones are folded (``HistoryFold``).
        var topic: String
        var time: Moment
        /// How many equal ones it stands for.
        var times = 1
        /// When the first of them was; nil for one.
        var first: Moment?
        /// How often it happened, in words; nil for once.
        var repeated: String?
        /// Whether it goes on until another line of its topic says otherwise, so that only its beginning is told.
        var isSince = false
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
    struct Change: Sendable, Equatable {
        var label: String
        /// The name as stored, for the tooltip.
        var stored: String
        var before: [FactText]
        var after: [FactText]
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
        {{> history-lines}}
        {{^lines}}<p class="none">{{t.ci_history.none}}</p>{{/lines}}
        {{#next}}<p><a class="button quiet" href="{{next}}">{{t.ci_history.older}}</a></p>{{/next}}
        </div>
        """)
}
