/// Names of facts, sections, relations and metrics in the reader's language; a name that no catalogue knows is shown as
/// it is.
enum FactName {
    /// A fact such as `size_bytes`, or `os.name` of which the part behind the dot counts.
    static func fact(_ name: String, _ texts: PageTexts) -> String {
        let last = name.split(separator: ".", omittingEmptySubsequences: false).last.map(String.init) ?? name
        return texts.word("fact." + last, else: last.shownOnOneLine(limit: 60))
    }

    /// The whole name: the group's, then the fact's.
    static func whole(_ name: String, _ texts: PageTexts) -> String {
        let parts = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let group = parts.first else { return fact(name, texts) }
        return section(String(group), texts) + " · " + fact(name, texts)
    }

    /// A section such as `packages`.
    static func section(_ name: String, _ texts: PageTexts) -> String {
        texts.word("section." + name, else: name.shownOnOneLine(limit: 60))
    }
}
