import Model
import Stores

/// Facts as a page groups and words them.
enum CIFacts {
    /// Groups in a fixed order, then by name; facts without a group come first.
    static func groups(_ attributes: [AttributeRecord], _ texts: PageTexts) -> [CIModel.FactGroup] {
        var groups: [String: [AttributeRecord]] = [:]
        for attribute in attributes { groups[group(of: attribute.name), default: []].append(attribute) }
        let known = ["", "system", "os", "cpu", "memory"]
        let names = known.filter { groups[$0] != nil } + groups.keys.filter { !known.contains($0) }.sorted()
        return names.map { name in
            CIModel.FactGroup(
                title: name.isEmpty ? texts.text("ci.facts") : FactName.section(name, texts),
                facts: (groups[name] ?? []).map { fact($0, texts) })
        }
    }

    private static func group(of name: String) -> String {
        let parts = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        return parts.count == 2 ? String(parts[0]) : ""
    }

    private static func fact(_ attribute: AttributeRecord, _ texts: PageTexts) -> CIModel.Fact {
        let others = attribute.others.sorted { $0.key < $1.key }.prefix(10).map {
            CIModel.Word(
                by: SourceLabel($0.key, texts), shown: FactText($0.value, named: attribute.name, texts))
        }
        return CIModel.Fact(
            label: FactName.fact(attribute.name, texts), stored: attribute.name.shownOnOneLine(limit: 120),
            shown: FactText(attribute.value, named: attribute.name, texts, limit: 240, isFolded: true),
            by: SourceLabel(attribute.source, texts), since: Moment(attribute.sinceTime), others: others)
    }
}
