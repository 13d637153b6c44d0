/// Items of a section.
struct CIItemsModel: Sendable {
    /// A fact under its column; the label stands beside it on a narrow window.
    struct Cell: Sendable {
        var label: String
        var shown: FactText
    }

    struct Row: Sendable {
        var key: String
        /// What people call it.
        var title: String
        var cells: [Cell]
        /// Facts without a column.
        var rest: [FactText]
        var by: SourceLabel
        var since: Moment
    }

    var heading: CIHeading
    var past: PastNotice?
    var asOf: AsOfForm
    var action: String
    var words: String
    var asOfKept: String?
    var columns: [String]
    var rows: [Row]
    var next: String?
}

enum CIItemsView {
    static let view = View(
        "ci-items",
        """
        {{> past-notice}}
        {{> ci-heading}}
        <form class="filters" action="{{action}}" method="get" role="search">
        {{#asOfKept}}<input type="hidden" name="as_of" value="{{asOfKept}}">{{/asOfKept}}
        <label class="grow">{{t.ci_items.find}}<input type="search" name="find" maxlength="255" value="{{words}}"></label>
        <button>{{t.ci_items.filter}}</button>
        </form>
        <div id="items"{{^past}} data-live="cis"{{/past}}>
        {{^empty(rows)}}
        <div class="table-scroll"><table class="items stacked">
        <thead><tr><th>{{t.ci_items.key}}</th>{{#columns}}<th>{{.}}</th>{{/columns}}<th>{{t.ci_items.since}}</th></tr></thead>
        <tbody>
        {{#rows}}<tr data-key="{{key}}"><td class="main"><span title="{{key}}">{{title}}</span>{{^empty(rest)}}<div class="note">{{#rest}}<span class="rest">{{> fact-text}}</span> {{/rest}}</div>{{/empty(rest)}}</td>{{#cells}}<td data-label="{{label}}">{{#shown}}{{> fact-text}}{{/shown}}</td>{{/cells}}<td class="note" data-label="{{t.ci_items.since}}">{{#by}}{{> source-label}}{{/by}} · {{#since}}{{> moment}}{{/since}}</td></tr>
        {{/rows}}
        </tbody>
        </table></div>
        {{/empty(rows)}}
        {{^rows}}<p class="none">{{t.ci_items.none}}</p>{{/rows}}
        {{#next}}<p><a class="button quiet" href="{{next}}">{{t.frame.more}}</a></p>{{/next}}
        </div>
        <section class="time-travel"><h2>{{t.as_of.title}}</h2>{{#asOf}}{{> as-of}}{{/asOf}}</section>
        """)
}
