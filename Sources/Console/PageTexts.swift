import Model
import TOML

/// The texts of pages in one language, from the `console` tables of `strings/LANGUAGE.toml`.
public struct PageTexts: Sendable {
    /// The language's tag, e.g. `en`, `zh-Hans`.
    public let language: String
    /// Texts by table and name, as templates read them: `{{t.alarms.title}}`.
    let tree: [String: [String: String]]
    private let templates: [String: TextTemplate]

    private init(language: String, tree: [String: [String: String]], templates: [String: TextTemplate]) {
        self.language = language
        self.tree = tree
        self.templates = templates
    }

    /// No texts: every key stands for itself.
    static let none = PageTexts(language: "en", tree: [:], templates: [:])

    /// Names a text may use as places.
    static let places = [
        "a", "action", "age", "b", "ci", "class", "count", "days", "detail", "from", "incident", "limit", "minutes",
        "name", "number", "percent", "role", "rule", "seconds", "source", "state", "time", "to", "total", "value",
        "who",
    ]

    /// Reads the `console` tables of a catalogue.
    static func read(_ root: TOMLTable, language: String) throws(TOMLError) -> PageTexts {
        let console = try root.requiredTable("console")
        var tree: [String: [String: String]] = [:]
        var templates: [String: TextTemplate] = [:]
        for section in console.keys {
            let table = try console.requiredTable(section)
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
