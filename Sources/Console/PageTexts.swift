import Model
import TOML

/// The texts of pages in one language, from `strings/LANGUAGE.toml`: its `console` tables, and the words that mails
/// share.
public struct PageTexts: Sendable {
    /// The language's tag, e.g. `en`, `zh-Hans`.
    public let language: String
    /// Texts by table and name, as templates read them: `{{t.alarms.title}}`.
    let tree: [String: [String: String]]
    private let templates: [String: TextTemplate]
    /// What is stored in another language than the reader's.
    var phrases = Phrasebook.empty

    private init(language: String, tree: [String: [String: String]], templates: [String: TextTemplate]) {
        self.language = language
        self.tree = tree
        self.templates = templates
    }

    /// A stored sentence on one line, in the reader's language where the product wrote it (``Phrasebook``).
    func said(_ text: String, limit: Int = 300) -> String { phrases.said(text).shownOnOneLine(limit: limit) }

    /// The title of an incident, in the reader's language as far as the product wrote it.
    func said(title: String) -> String { phrases.said(title: title).shownOnOneLine(limit: 300) }

    /// No texts: every key stands for itself.
    static let none = PageTexts(language: "en", tree: [:], templates: [:])

    /// Names a text may use as places.
    static let places = [
        "a", "action", "age", "b", "ci", "class", "count", "critical", "days", "detail", "from", "incident", "info",
        "limit",
        "major", "minutes", "name", "number", "percent", "role", "rule", "seconds", "source", "state", "time", "to",
        "total", "value",
        "warning", "who",
    ]

    /// Tables that pages and mails share: one word for one thing.
    private static let shared = ["severity", "incident_state", "word"]

    /// Reads the tables of a catalogue that pages use.
    static func read(_ root: TOMLTable, language: String) throws(TOMLError) -> PageTexts {
        let console = try root.requiredTable("console")
        var tree: [String: [String: String]] = [:]
        var templates: [String: TextTemplate] = [:]
        for section in console.keys + shared {
            let table = try (shared.contains(section) ? root : console).requiredTable(section)
            for name in table.keys {
                let text = try table.requiredString(name)
                do {
                    templates[section + "." + name] = try TextTemplate(text, accepting: places)
                } catch {
                    throw table.refusal(name, found: "wrong: \(error)", accepted: "a template")
                }
                tree[section, default: [:]][name] = text
            }
        }
        return PageTexts(language: language, tree: tree, templates: templates)
    }

    /// The text called `TABLE.NAME` with its places filled; the key itself where the catalogue lacks it. Where the
    /// count is 1, `TABLE.NAME_one` goes before it: languages whose words change with the number have such texts.
    func text(_ key: String, _ values: [String: String] = [:]) -> String {
        let one = values["count"] == "1" ? templates[key + Self.one] : nil
        return (one ?? templates[key])?.filled(with: values) ?? key
    }

    /// The words for severities, for texts that name some.
    var severities: [String: String] {
        Dictionary(
            Severity.allCases.map { ($0.rawValue, text("severity." + $0.rawValue)) },
            uniquingKeysWith: { first, _ in first })
    }

    /// Ends the name of a text about one thing.
    static let one = "_one"

    /// The text called `key`, or `fallback` where the catalogue has none: for words that come as data.
    func word(_ key: String, else fallback: String) -> String {
        templates[key]?.filled(with: [:]) ?? fallback
    }

    /// Every key, sorted, but for those of texts about one thing: not every language needs them.
    var keys: [String] {
        templates.keys.filter { !$0.hasSuffix(Self.one) }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Keys of texts about one thing.
    var singularKeys: [String] { templates.keys.filter { $0.hasSuffix(Self.one) } }
}
