import Model

/// A piece of an agent's work as people read it: `inventory/packages` is the packages of the inventory.
struct ReceiptSource: Sendable {
    /// In the reader's language; what no catalogue knows stands as it is.
    var said: String
    /// As the agent calls it, for the tooltip.
    var stored: String

    /// The kinds whose name is that of a section.
    private static let aboutSections: Set<String> = ["inventory", "wire", "disk"]

    /// A source named `kind/name`.
    init(_ source: String, _ texts: PageTexts) {
        stored = source.shownOnOneLine(limit: 100)
        let parts = source.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let first = parts.first, let last = parts.last else {
            said = texts.word("receipt_kind." + stored, else: stored)
            return
        }
        let (kind, name) = (String(first), String(last))
        let word = texts.word("receipt_kind." + kind, else: kind.shownOnOneLine(limit: 30))
        said =
            word + " · "
            + (ReceiptSource.aboutSections.contains(kind)
                ? FactName.section(name, texts) : name.shownOnOneLine(limit: 80))
    }
}

enum ReceiptSourceView {
    /// Inside a section over the source.
    static let view = View("receipt-source", #"<span title="{{stored}}">{{said}}</span>"#)
}
