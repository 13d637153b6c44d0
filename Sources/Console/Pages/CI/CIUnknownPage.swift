import HTTPAPI
import Model

/// The answer for a CI that there is not, or was not yet.
enum CIUnknownPage {
    /// The page, with status 404.
    static func page(_ asked: PageRequest, asOf: Timestamp?) -> Page {
        let written = asked.request.parameter("id").shownOnOneLine(limit: 80)
        let isNumber = Int64(written) != nil
        let model = CIUnknownModel(
            lead: asOf.map { asked.text("ci.unknown_then", ["number": written, "time": Moment($0).text]) }
                ?? asked.text("ci.unknown_number", ["number": written]),
            searched: isNumber ? "" : written, nowPath: asOf == nil ? nil : "/ci/" + Site.encoded(written))
        var page = Page(CIUnknownView.view, title: asked.text("ci.unknown"), place: .ci, model: model)
        page.status = 404
        return page
    }
}

/// A CI that there is not.
struct CIUnknownModel: Sendable {
    var lead: String
    var searched: String
    /// The CI now; nil when it was asked for now.
    var nowPath: String?
}

enum CIUnknownView {
    static let view = View(
        "ci-unknown",
        """
        <h1>{{t.ci.unknown}}</h1>
        <p>{{lead}}</p>
        {{#nowPath}}<p><a class="button" href="{{nowPath}}">{{t.as_of.now}}</a></p>{{/nowPath}}
        <form class="filters narrow" action="/ci" method="get" role="search">
        <label class="grow">{{t.frame.search}}<input type="search" name="query" maxlength="255" value="{{searched}}"></label>
        <button>{{t.cis.find}}</button>
        </form>
        """)
}
