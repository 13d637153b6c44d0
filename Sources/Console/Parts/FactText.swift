import Model

/// A fact's value as a page shows it: words, or a moment, which the script turns into the reader's own time.
struct FactText: Sendable, Equatable {
    /// What it is the value of, where that is not said beside it.
    var label: String?
    var text: String
    /// All of it, where the text is only its beginning.
    var whole: String?
    /// Set where the value is a moment.
    var moment: Moment?

    /// How much of a fact is shown at most; the collector takes no longer ones.
    private static let most = Limits.valueBytes

    /// Words.
    init(_ text: String, label: String? = nil) {
        self.text = text
        self.label = label
    }

    /// A fact's value; a text that is a moment (RFC 3339) is one. Where it `isFolded`, what is longer than `limit` can be
    /// opened.
    init(
        _ value: AttributeValue, named name: String, label: String? = nil, _ texts: PageTexts, limit: Int = 400,
        isFolded: Bool = false
    ) {
        // Who owns a connection is told by the key of its service.
        if name == "service", case .text(let key) = value {
            self.init(ItemTitle.words(key, texts), label: label)
            return
        }
        self.init(Quantity.words(value, named: name, texts, limit: limit), label: label)
        if isFolded {
            let all = Quantity.words(value, named: name, texts, limit: Self.most)
            if !all.utf8.elementsEqual(text.utf8) { whole = all }
        }
        // Sources write moments with date and time; nothing shorter is one.
        if case .text(let written) = value, (20...40).contains(written.utf8.count) {
            moment = Timestamp(rfc3339: written).map { Moment($0) }
        }
    }
}

enum FactTextView {
    /// One value, inside a section over it.
    static let view = View(
        "fact-text",
        "{{#.label}}<span class=\"changed\">{{label}}</span> {{/.label}}"
            + "{{#.moment}}{{> moment}}{{/.moment}}{{^.moment}}{{#.whole}}<details class=\"long\"><summary>{{text}}</summary>{{whole}}</details>{{/.whole}}"
            + "{{^.whole}}{{text}}{{/.whole}}{{/.moment}}")
}
