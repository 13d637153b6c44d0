import Model

/// Who says something, as people read it.
struct SourceLabel: Sendable {
    /// The kind in the reader's language, with the name where that tells people something.
    var said: String
    /// Kind and name as stored, for the tooltip.
    var whole: String

    /// A source written as `kind:name`.
    init(_ source: String, _ texts: PageTexts) {
        let parts = source.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let kind = parts.first.map(String.init) ?? ""
        let name = parts.count == 2 ? String(parts[1]) : ""
        whole = source.shownOnOneLine(limit: 200)
        let word = texts.word("source." + kind, else: kind.shownOnOneLine(limit: 30))
        // An agent's id is a long number, and how something was derived stands beside it: it stands in the tooltip.
        let isNumber = ["agent", "snmp", "glpi", "glpi-snmp", "derived"].contains(kind)
        said = isNumber || name.isEmpty ? word : word + " " + name.shownOnOneLine(limit: 60)
    }
}

enum SourceLabelView {
    static let view = View("source-label", #"<span title="{{whole}}">{{said}}</span>"#)
}
