import Model

/// A fact's value as a page shows it: words, or a moment, which the script turns into the reader's own time.
struct FactText: Sendable, Equatable {
    /// What it is the value of, where that is not said beside it.
    var label: String?
    var text: String
    /// Set where the value is a moment.
    var moment: Moment?

    /// Words.
    init(_ text: String, label: String? = nil) {
        self.text = text
        self.label = label
    }

    /// A fact's value; a text that is a moment (RFC 3339) is one.
    init(
        _ value: AttributeValue, named name: String, label: String? = nil, _ texts: PageTexts, limit: Int = 400
    ) {
        self.init(Quantity.words(value, named: name, texts, limit: limit), label: label)
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
            + "{{#.moment}}{{> moment}}{{/.moment}}{{^.moment}}{{text}}{{/.moment}}")
}
