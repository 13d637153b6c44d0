/// One of a menu.
struct Choice: Sendable {
    var value: String
    var label: String
    var isChosen: Bool

    /// The menu of `words`, each with its label, `every` in front for no choice.
    static func menu(_ words: [(String, String)], chosen: String?, every: String) -> [Choice] {
        [Choice(value: "", label: every, isChosen: chosen == nil)]
            + words.map { Choice(value: $0.0, label: $0.1, isChosen: chosen.map($0.0.utf8.elementsEqual) ?? false) }
    }
}

extension String.UTF8View {
    /// Whether the bytes are those of `text`.
    fileprivate func elementsEqual(_ text: String) -> Bool { elementsEqual(text.utf8) }
}

enum ChoicesView {
    /// The entries of a menu, inside a section over its choices.
    static let view = View(
        "choice", #"<option value="{{value}}"{{#isChosen}} selected{{/isChosen}}>{{label}}</option>"#)
}
