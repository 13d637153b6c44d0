import Alarms
import Model
import ServiceDesk
import TOML

/// The languages pages are written in, and which one a person reads.
public struct PageLanguages: Sendable {
    /// Tags of the catalogues, the fall-back first. One more language is one more file and one more line here.
    public static let tags = ["en", "zh-Hans"]

    private let texts: [PageTexts]

    /// Reads every catalogue in `directory`; all must have the same keys.
    /// - Throws: `TOMLError` with file, line and what is accepted.
    public static func load(directory: String) throws(TOMLError) -> PageLanguages {
        let path = directory.hasSuffix("/") ? directory : directory + "/"
        var texts: [PageTexts] = []
        var sentences: [[String: TextTemplate]] = []
        for tag in tags {
            let root = try TOMLDocument.load(path + tag + ".toml")
            let read = try PageTexts.read(root, language: tag)
            if let first = texts.first, first.keys != read.keys {
                let odd = Set(first.keys).symmetricDifference(read.keys).min() ?? ""
                throw root.refusal(
                    "console", found: "\(odd) in one language only", accepted: "the same keys in every language")
            }
            texts.append(read)
            sentences.append(try StoredSentences.read(root))
            if let first = sentences.first, let last = sentences.last, first.keys != last.keys {
                let odd = Set(first.keys).symmetricDifference(last.keys).min() ?? ""
                throw root.refusal(
                    "said", found: "\(odd) in one language only", accepted: "the same keys in every language")
            }
        }
        for reader in texts.indices {
            var (pairs, titles): ([Phrasebook.Pair], [Phrasebook.Pair]) = ([], [])
            for writer in texts.indices where writer != reader {
                for (key, from) in sentences[writer].sorted(by: { $0.key < $1.key }) {
                    guard let to = sentences[reader][key] else { continue }
                    let pair = Phrasebook.Pair(kind: StoredSentences.kind(of: key), from: from, to: to)
                    if key == StoredSentences.title { titles.append(pair) } else { pairs.append(pair) }
                }
            }
            texts[reader].phrases = Phrasebook(pairs, titles: titles)
        }
        return PageLanguages(texts: texts)
    }

    /// These languages with what alarms of `rules` say, where a rule has its texts in a reader's language.
    func knowing(_ rules: RuleSet) -> PageLanguages {
        PageLanguages(
            texts: texts.map { texts in
                var texts = texts
                texts.phrases = texts.phrases.adding(
                    rules.rules.compactMap { rule in
                        rule.translations[texts.language].map {
                            Phrasebook.Pair(kind: .alarm, from: rule.summary, to: $0.summary)
                        }
                    })
                return texts
            })
    }

    /// The texts of a language, else of the fall-back.
    public subscript(tag: String) -> PageTexts {
        // `load` read one catalogue for each tag, so there is a first.
        texts.first { $0.language == tag } ?? texts.first ?? PageTexts.none
    }

    /// The texts for a person: as chosen, else the first language the browser asks for that there is (RFC 9110, 12.5.4).
    func choose(user: String?, accept: String?) -> PageTexts {
        if let user, Self.tags.contains(user) { return self[user] }
        for (tag, _) in Self.preferences(accept ?? "") {
            if let known = Self.match(tag) { return self[known] }
        }
        return self[Self.tags[0]]
    }

    /// Ranges of an Accept-Language field, the most wanted first; at most 20 are looked at.
    private static func preferences(_ field: String) -> [(tag: String, weight: Double)] {
        let ranges = field.split(separator: ",").prefix(20).map { part -> (tag: String, weight: Double) in
            let pieces = part.split(separator: ";").map { $0.filter { $0 != " " } }
            let weight = pieces.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) }
            return (pieces.first?.lowercased() ?? "", weight ?? 1)
        }
        return ranges.filter { $0.weight > 0 }.sorted { $0.weight > $1.weight }
    }

    private static func match(_ range: String) -> String? {
        // Every Chinese range is served in simplified characters: there is no other catalogue.
        if range == "zh" || range.hasPrefix("zh-") { return "zh-Hans" }
        if range == "*" { return tags[0] }
        let primary = range.split(separator: "-").first.map(String.init) ?? ""
        return tags.first { $0 == primary }
    }
}
