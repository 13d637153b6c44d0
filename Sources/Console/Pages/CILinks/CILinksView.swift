/// A group of links.
struct CILinksModel: Sendable {
    var heading: CIHeading
    var past: PastNotice?
    var title: String
    var total: Int
    var lines: [LinkGroup.Line]
    var next: String?
}

enum CILinksView {
    static let view = View(
        "ci-links",
        """
        {{> past-notice}}
        {{> ci-heading}}
        <section class="sheet" id="links"{{^past}} data-live="cis relations alarms"{{/past}}>
        <h2>{{title}} <span class="count">{{total}}</span></h2>
        <ul class="links">
        {{> link-lines}}
        </ul>
        {{#next}}<p><a class="button quiet" href="{{next}}">{{t.frame.more}}</a></p>{{/next}}
        </section>
        """)
}
