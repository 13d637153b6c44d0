/// Measured values of a CI.
struct CIMetricsModel: Sendable {
    /// A span to look at.
    struct Span: Sendable {
        var path: String
        var label: String
        var isHere: Bool
    }

    /// A series.
    struct Chart: Sendable {
        /// The metric and what tells it from others of its metric.
        var label: String
        var newest: String
        var at: Moment
        /// Whether nothing came for a while: the value is no longer the present one.
        var isOld: Bool
        var least: String
        var greatest: String
        /// Where the script gets the values.
        var values: String
    }

    /// Series that belong together.
    struct Group: Sendable {
        /// The place on the page.
        var id: String
        var title: String
        var charts: [Chart]
        /// How many of them are not shown; nil for none.
        var hidden: String?
    }

    var heading: CIHeading
    var past: PastNotice?
    var spans: [Span]
    /// The span that is shown, RFC 3339: every chart covers the whole of it.
    var from: String
    var to: String
    var groups: [Group]
    /// Whether Chart.js is there to draw.
    var hasCharts: Bool
}

enum CIMetricsView {
    static let view = View(
        "ci-metrics",
        """
        {{> past-notice}}
        {{> ci-heading}}
        <ul class="spans" aria-label="{{t.ci_metrics.span}}">{{#spans}}<li><a class="button quiet" href="{{path}}"{{#isHere}} aria-current="page"{{/isHere}}>{{label}}</a></li>{{/spans}}</ul>
        {{^empty(groups)}}<nav class="jumps" aria-label="{{t.ci_metrics.jump}}">{{#groups}}<a href="#{{id}}">{{title}}</a>{{/groups}}</nav>{{/empty(groups)}}
        {{#groups}}<section><h2 id="{{id}}">{{title}}</h2>
        <div class="charts">
        {{#charts}}<figure class="chart"><figcaption><span>{{label}}</span> {{#isOld}}<span class="chart-newest note">{{t.ci_metrics.last}} {{newest}}</span>{{/isOld}}{{^isOld}}<strong class="chart-newest">{{newest}}</strong>{{/isOld}}</figcaption>
        {{#hasCharts}}<div class="chart-canvas"><canvas data-values="{{values}}" data-label="{{label}}" role="img" data-from="{{from}}" data-to="{{to}}" aria-label="{{label}}"></canvas></div>{{/hasCharts}}
        <p class="note">{{t.ci_metrics.least}} {{least}} · {{t.ci_metrics.greatest}} {{greatest}} · {{#isOld}}{{t.ci_metrics.nothing_since}} {{/isOld}}{{#at}}{{> moment}}{{/at}}</p></figure>
        {{/charts}}
        </div>
        {{#.hidden}}<p class="hint">{{hidden}}</p>{{/.hidden}}</section>
        {{/groups}}
        {{^groups}}<p class="none">{{t.ci_metrics.none}}</p>{{/groups}}
        """)
}
