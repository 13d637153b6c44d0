import Model

/// Sentences that the product itself wrote in one language, in another reader's: alarms' summaries, what checks found,
/// the timelines of incidents.
///
/// They are stored as they were written, once, and go out so in mails and in the API. For a reader of another language
/// a sentence is found again by its template, which stands in the catalogue (or the rule) of each language under one
/// name. What nobody's template gave (a plug-in's output, a person's note, a rule of one language) stays as it is.
/// Decision: `docs/decisions/0008-reader-language.md`.
struct Phrasebook: Sendable {
    /// A sentence in two languages.
    struct Pair: Sendable {
        var kind: Kind
        var from: TextTemplate
        var to: TextTemplate
    }

    /// Which sentences can hold which: what holds others is looked for first.
    enum Kind: Int, Sendable {
        /// A line of a timeline, with an alarm in it, or why an alarm moved, with a check's words.
        case timeline
        /// An alarm, with a check's words in it.
        case alarm
        /// What checks found, single words.
        case said
        /// A field that a person changed: three places and hardly a word of its own.
        case field
    }

    /// A book that knows nothing: every text stays as it is.
    static let empty = Phrasebook([], titles: [])

    /// By kind, the most definite first.
    private let pairs: [Pair]
    /// How incidents are called: an item and a sentence, which any sentence with a colon could be.
    private let titles: [Pair]

    /// How often a sentence may stand inside another: a timeline's line, the alarm in it, the check's words, the cause.
    private static let depth = 5

    /// The places whose values are sentences of the product themselves. A name of a CI is none, whatever it looks like.
    private static let spoken: Set<String> = [
        "after", "before", "detail", "event", "field", "impact", "message", "note", "problem", "reason", "rest",
        "state", "summary", "urgency", "answer",
    ]

    /// A book of these pairs.
    init(_ pairs: [Pair], titles: [Pair]) {
        self.titles = titles
        self.pairs = pairs.enumerated().sorted {
            ($0.element.kind.rawValue, -$0.element.from.ownBytes, $0.offset)
                < ($1.element.kind.rawValue, -$1.element.from.ownBytes, $1.offset)
        }.map(\.element)
    }

    /// This book with more pairs.
    func adding(_ more: [Pair]) -> Phrasebook { Phrasebook(pairs + more, titles: titles) }

    /// The text in the reader's language, as far as the book knows it.
    func said(_ text: String) -> String { said(text, Self.depth) }

    /// The title of an incident in the reader's language, as far as the book knows it.
    func said(title: String) -> String { said(title, Self.depth, titles) }

    private func said(_ text: String, _ depth: Int) -> String { said(text, depth, pairs) }

    private func said(_ text: String, _ depth: Int, _ pairs: [Pair]) -> String {
        guard depth > 0, !text.isEmpty else { return text }
        let bytes = Array(text.utf8)
        for pair in pairs {
            guard var values = pair.from.values(in: bytes) else { continue }
            for name in values.keys where Self.spoken.contains(name) {
                values[name] = values[name].map { said($0, depth - 1) }
            }
            return pair.to.filled(with: values, valueLimit: 4000)
        }
        return text
    }
}
