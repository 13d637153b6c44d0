import Model
import Stores

/// A CI by name, with the way to its page.
struct CILink: Sendable {
    var path: String
    var name: String
    /// The class in the reader's language; nil where it is not known.
    var kind: String?

    /// A CI; `asOf` goes on into its page.
    init(_ id: CIID, name: String, className: CIClass, _ texts: PageTexts, asOf: Timestamp? = nil) {
        self.init(
            path: Site.path(Site.ci(id), [("as_of", asOf?.rfc3339)]), name: name.shownOnOneLine(limit: 120),
            kind: Self.kind(className, texts))
    }

    private init(path: String, name: String, kind: String?) {
        self.path = path
        self.name = name
        self.kind = kind
    }

    /// A CI's row.
    init(_ record: CIRecord, _ texts: PageTexts, asOf: Timestamp? = nil) {
        self.init(record.id, name: record.name, className: record.className, texts, asOf: asOf)
    }

    /// A CI of which only the number may be known.
    init(_ id: CIID, in names: [CIID: CIRecord], _ texts: PageTexts) {
        if let record = names[id] {
            self.init(record, texts)
        } else {
            self.init(path: Site.ci(id), name: "CI \(id)", kind: nil)
        }
    }

    /// What tells a CI from others of its name: its number, and a fact that only it has.
    static func telling(_ ci: CIID, _ fact: AttributeRecord?, _ texts: PageTexts) -> String {
        guard let fact else { return "CI \(ci)" }
        return "CI \(ci) · " + FactName.fact(fact.name, texts) + " "
            + FactText(fact.value, named: fact.name, texts).text
    }

    /// Several CIs of a class, for headings: `business services`.
    static func kinds(_ className: CIClass, _ texts: PageTexts) -> String {
        texts.word("class_plural." + className.rawValue.replacing("-", with: "_"), else: kind(className, texts))
    }

    /// So many CIs of a class: `1 host`, `8 services`.
    static func counted(_ count: Int, _ className: CIClass, _ texts: PageTexts) -> String {
        texts.text(
            "ci.counted",
            ["count": String(count), "class": count == 1 ? kind(className, texts) : kinds(className, texts)])
    }

    /// A class in the reader's language; one that no catalogue knows is shown by its own name.
    static func kind(_ className: CIClass, _ texts: PageTexts) -> String {
        texts.word(
            "class." + className.rawValue.replacing("-", with: "_"), else: className.rawValue.shownOnOneLine(limit: 60))
    }
}

enum CILinkView {
    static let view = View(
        "ci-link", #"<a href="{{path}}">{{name}}</a>{{#.kind}} <span class="kind">{{kind}}</span>{{/.kind}}"#)
}
