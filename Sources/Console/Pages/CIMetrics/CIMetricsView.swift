/// Measured values of a CI.
struct CIMetricsModel: Sendable {
    /// A span to look at.
    struct Span: Sendable {
        var path: String
        var label: String
        var isHere: Bool
    }

    /// Charts of one metric.
    struct Group: Sendable {
        var title: String
        var charts: [Chart]
    }

    /// A series.
    struct Chart: Sendable {
        var label: String
        var newest: String
        var at: Moment
        var least: String
        var greatest: String
        /// Where the script gets the values.
        var values: String
    }

    var heading: CIHeading
    var past: PastNotice?
    var spans: [Span]
    var groups: [Group]
    var hidden: String?
}

enum CIMetricsView {
    static let view = View(
        "ci-metrics",
        """
        {{> past-notice}}
        {{> ci-heading}}
        <ul class="spans" aria-label="{{t.ci_metrics.span}}">{{#spans}}<li><a class="button quiet" href="{{path}}"{{#isHere}} aria-current="page"{{/isHere}}>{{label}}</a></li>{{/spans}}</ul>
        {{#groups}}<section><h2>{{title}}</h2>
        <div class="charts">
        {{#charts}}<figure class="chart"><figcaption><span class="chart-label">{{label}}</span> <strong class="chart-newest">{{newest}}</strong></figcaption>
        <canvas data-values="{{values}}" data-label="{{label}}" role="img" aria-label="{{label}}"></canvas>
        <p class="note">{{t.ci_metrics.least}} {{least}} · {{t.ci_metrics.greatest}} {{greatest}} · {{#at}}{{> moment}}{{/at}}</p></figure>
        {{/charts}}
        </div></section>
        {{/groups}}
        {{^groups}}<p class="none">{{t.ci_metrics.none}}</p>{{/groups}}
        {{#hidden}}<p class="hint">{{hidden}}</p>{{/hidden}}
        """)
}
