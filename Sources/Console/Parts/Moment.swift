import Model

/// A moment as pages show it: in UTC, which the script turns into the reader's own time.
struct Moment: Sendable, Equatable {
    /// RFC 3339.
    var iso: String
    /// `2026-11-26 15:04 UTC`.
    var text: String

    /// A moment.
    init(_ time: Timestamp) {
        iso = time.rfc3339
        let words = iso.split(separator: "T")
        text = (words.first ?? "") + " " + (words.last?.prefix(5) ?? "") + " UTC"
    }

    /// A moment; nil for none.
    init?(_ time: Timestamp?) {
        guard let time else { return nil }
        self.init(time)
    }
}

enum MomentView {
    static let view = View("moment", #"<time datetime="{{iso}}">{{text}}</time>"#)
}
