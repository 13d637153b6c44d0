import HTTPAPI
import Model
import Wire

extension PageRequest {
    /// The moment in `as_of`; nil for now. Beside RFC 3339 a moment without zone is taken, as a field for dates sends it
    /// where no script runs: it is UTC.
    func asOf() throws -> Timestamp? {
        guard let written = try request.query("as_of"), !written.isEmpty else { return nil }
        let forms = [written, written + "Z", written + ":00Z"]
        guard let moment = forms.lazy.compactMap({ Timestamp(rfc3339: $0) }).first else {
            throw ProblemDetails(
                type: "/problems/invalid", title: "Invalid request", status: 400, detail: text("as_of.unreadable"))
        }
        guard moment <= now else {
            throw ProblemDetails(
                type: "/problems/future", title: "A moment in the future", status: 400,
                detail: text("as_of.in_future", ["time": Moment(moment).text]))
        }
        return moment
    }
}

/// The choice of a moment: a field that works by itself, and a slider over the moments at which something changed.
struct AsOfForm: Sendable {
    /// A parameter that stays.
    struct Kept: Sendable {
        var key: String
        var kept: String
    }

    /// The page it belongs to.
    var action: String
    var kept: [Kept]
    /// As a field for dates takes it, in UTC; empty for now.
    var value: String
    /// RFC 3339; empty for now.
    var exact: String
    /// Moments of change, oldest first, in RFC 3339 with spaces between; nil for fewer than two.
    var moments: String?
    /// The slider's last position: now.
    var last: Int
    /// The slider's position.
    var position: Int
    /// The same page now; nil when it shows now.
    var nowPath: String?

    /// A choice on the page at `path` with `parameters`; `moments` newest first.
    init(_ path: String, _ parameters: [(String, String?)] = [], asOf: Timestamp?, moments: [Timestamp]) {
        action = path
        kept = parameters.compactMap { name, value in value.map { Kept(key: name, kept: $0) } }
        exact = asOf?.rfc3339 ?? ""
        value = String(exact.prefix(19))
        let ordered = Array(moments.reversed())
        self.moments = ordered.count > 1 ? ordered.map(\.rfc3339).joined(separator: " ") : nil
        last = ordered.count
        position = asOf.map { moment in max(ordered.count { $0 <= moment } - 1, 0) } ?? ordered.count
        nowPath = asOf == nil ? nil : Site.path(path, parameters)
    }
}

enum AsOfView {
    static let view = View(
        "as-of",
        """
        <form class="as-of" action="{{action}}" method="get">
        {{#kept}}<input type="hidden" name="{{key}}" value="{{kept}}">{{/kept}}
        <label>{{t.as_of.moment}} <span class="utc">UTC</span><input type="datetime-local" step="1" id="as-of-field" name="as_of" value="{{value}}" data-moment="{{exact}}"></label>
        {{#moments}}<label class="slide"><span>{{t.as_of.changes}} <output id="as-of-shown" for="as-of-slider"></output></span><input type="range" id="as-of-slider" aria-label="{{t.as_of.changes}}" min="0" max="{{last}}" value="{{position}}" data-moments="{{moments}}" data-field="as-of-field" data-shown="as-of-shown" data-now="{{t.as_of.at_present}}"></label>{{/moments}}
        <button class="quiet">{{t.as_of.show}}</button>
        {{#nowPath}}<a class="button quiet" href="{{nowPath}}">{{t.as_of.now}}</a>{{/nowPath}}
        </form>
        """)
}

/// The notice of a page that shows the past.
struct PastNotice: Sendable {
    var moment: Moment
    /// The same page now.
    var nowPath: String

    /// A notice; nil for now.
    init?(_ asOf: Timestamp?, now path: String) {
        guard let asOf else { return nil }
        moment = Moment(asOf)
        nowPath = path
    }
}

enum PastNoticeView {
    /// Under the name `past`.
    static let view = View(
        "past-notice",
        """
        {{#past}}<p class="past" role="status">{{t.as_of.past}} {{#moment}}<time datetime="{{iso}}" data-exact>{{text}}</time>{{/moment}} · <a href="{{nowPath}}">{{t.as_of.now}}</a><br><span class="past-hint">{{t.as_of.past_hint}}</span></p>{{/past}}
        """)
}
