import Model

/// A rule: which CIs, what to watch for, how bad it is, and what to say. Rules are data, one per file.
public struct AlarmRule: Hashable, Sendable {
    /// Its name: the file's name without `.toml`, and part of every alarm's key.
    public var name: String
    /// What it is for, for people who read the list.
    public var about: String
    /// How bad an alarm of it is.
    public var severity: Severity
    /// How soon an incident of it must be fixed; nil takes it from the severity.
    public var urgency: Grade?
    /// Which CIs it is for.
    public var scope: RuleScope
    /// What it watches for.
    public var condition: RuleCondition
    /// What an alarm says.
    public var summary: TextTemplate
    /// The rule's texts in other languages, by the language's tag (`zh-Hans`).
    public var translations: [String: RuleTexts]

    /// The names a summary may use.
    public static let summaryNames = [
        "ci", "class", "instance", "value", "percent", "limit", "metric", "check", "state", "message", "failures",
        "agent", "seconds", "changes", "count", "section", "device", "event", "object", "neighbour",
    ]

    /// A rule.
    public init(
        name: String, about: String, severity: Severity, urgency: Grade? = nil, scope: RuleScope = RuleScope(),
        condition: RuleCondition, summary: TextTemplate, translations: [String: RuleTexts] = [:]
    ) {
        self.name = name
        self.about = about
        self.severity = severity
        self.urgency = urgency
        self.scope = scope
        self.condition = condition
        self.summary = summary
        self.translations = translations
    }

    /// What it is for, in a reader's language where the rule has it.
    public func about(in language: String) -> String { translations[language]?.about ?? about }

    /// What an alarm says, in a reader's language where the rule has it.
    public func summary(in language: String) -> TextTemplate { translations[language]?.summary ?? summary }

    /// How long the condition must hold before an alarm fires, seconds.
    public var hold: Int64 {
        if case .threshold(let condition) = condition { condition.hold } else { 0 }
    }
}

/// What a rule says in one more language.
public struct RuleTexts: Hashable, Sendable {
    /// What it is for.
    public var about: String
    /// What an alarm says.
    public var summary: TextTemplate
    /// The names of its cases, in their order.
    public var cases: [String]

    /// Texts.
    public init(about: String, summary: TextTemplate, cases: [String]) {
        self.about = about
        self.summary = summary
        self.cases = cases
    }
}

/// Which CIs a rule is for: all given conditions must hold.
public struct RuleScope: Hashable, Sendable {
    /// Classes; empty for all.
    public var classes: Set<CIClass>
    /// How the name begins; empty for all.
    public var namePrefixes: [String]
    /// Attributes that must show these values.
    public var attributes: [String: String]

    /// A scope; without arguments it covers everything.
    public init(classes: Set<CIClass> = [], namePrefixes: [String] = [], attributes: [String: String] = [:]) {
        self.classes = classes
        self.namePrefixes = namePrefixes
        self.attributes = attributes
    }

    /// Whether the CI is in the scope.
    public func covers(_ facts: RuleSubject) -> Bool {
        guard classes.isEmpty || classes.contains(facts.className) else { return false }
        guard namePrefixes.isEmpty || namePrefixes.contains(where: { facts.name.hasBytePrefix($0) }) else {
            return false
        }
        return attributes.allSatisfy { name, value in
            facts.attributes[name]?.display.utf8.elementsEqual(value.utf8) ?? false
        }
    }
}

/// What rules may know of a CI.
public struct RuleSubject: Hashable, Sendable {
    /// The CI.
    public var ci: CIID
    /// Its class.
    public var className: CIClass
    /// Its name.
    public var name: String
    /// The CI it lies inside; nil for none.
    public var parent: CIID?
    /// Its attributes, as far as a rule asks for any (``RuleSet/needsAttributes(of:)``).
    public var attributes: [String: AttributeValue]

    /// Facts.
    public init(
        ci: CIID, className: CIClass, name: String, parent: CIID? = nil, attributes: [String: AttributeValue] = [:]
    ) {
        self.ci = ci
        self.className = className
        self.name = name
        self.parent = parent
        self.attributes = attributes
    }
}
