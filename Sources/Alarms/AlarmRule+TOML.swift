import Model
import TOML

extension AlarmRule {
    /// Reads a rule from the table of its file; `tests` of the file are read by ``RuleFile``.
    init(from table: TOMLTable, name: String) throws(TOMLError) {
        let about = try table.requiredString("about")
        let severity = try table.requiredChoice("severity", among: Severity.self)
        let urgency = try table.choice("urgency", among: GradeName.self)
        self.init(
            name: name, about: about, severity: severity, urgency: urgency?.grade,
            scope: try RuleScope(from: try table.table("scope")), condition: try RuleCondition(from: table),
            summary: try Self.summary(table), translations: try Self.translations(table))
    }

    private static func summary(_ table: TOMLTable) throws(TOMLError) -> TextTemplate {
        let text = try table.requiredString("summary", maxBytes: 500)
        do {
            return try TextTemplate(text, accepting: AlarmRule.summaryNames)
        } catch {
            throw table.refusal("summary", found: "wrong: \(error)", accepted: "a template")
        }
    }

    /// `[translation.LANGUAGE]`: `about`, `summary`, and in `cases` the names of the tests in their order.
    private static func translations(_ table: TOMLTable) throws(TOMLError) -> [String: RuleTexts] {
        guard let languages = try table.table("translation") else { return [:] }
        var found: [String: RuleTexts] = [:]
        for language in languages.keys {
            let texts = try languages.requiredTable(language)
            found[language] = RuleTexts(
                about: try texts.requiredString("about"), summary: try summary(texts),
                cases: try texts.strings("cases") ?? [])
        }
        return found
    }
}

/// The words for ``Grade`` in files.
enum GradeName: String, CaseIterable {
    case high, medium, low

    var grade: Grade {
        switch self {
        case .high: .high
        case .medium: .medium
        case .low: .low
        }
    }
}

extension RuleScope {
    fileprivate init(from table: TOMLTable?) throws(TOMLError) {
        self.init()
        guard let table else { return }
        classes = Set((try table.strings("class") ?? []).map { CIClass(rawValue: $0) })
        namePrefixes = try table.strings("name_prefix") ?? []
        attributes = try table.texts("attributes")
    }
}

extension RuleCondition {
    fileprivate init(from table: TOMLTable) throws(TOMLError) {
        var found: [RuleCondition] = []
        if let part = try table.table("threshold") { found.append(.threshold(try ThresholdCondition(from: part))) }
        if try table.table("heartbeat") != nil { found.append(.heartbeat) }
        if let part = try table.table("check") { found.append(.check(try CheckCondition(from: part))) }
        if let part = try table.table("changed") { found.append(.changed(try ChangedCondition(from: part))) }
        if let part = try table.table("event") { found.append(.event(try EventCondition(from: part))) }
        guard let first = found.first else { throw table.missing("threshold, heartbeat, check, changed or event") }
        guard found.count == 1 else {
            let accepted = "one of the tables threshold, heartbeat, check, changed, event"
            throw table.refusal("threshold", found: "\(found.count) conditions", accepted: accepted)
        }
        self = first
    }
}

extension ThresholdCondition {
    fileprivate init(from table: TOMLTable) throws(TOMLError) {
        let above = try table.double("above")
        let below = try table.double("below")
        guard (above == nil) != (below == nil), let limit = above ?? below else {
            throw table.refusal("above", found: "not clear", accepted: "either above or below, and not both")
        }
        let clear = try table.double("clear") ?? limit
        guard above == nil ? clear >= limit : clear <= limit else {
            throw table.refusal("clear", found: String(clear), accepted: "a value on the good side of the limit")
        }
        self.init(
            metric: try table.requiredString("metric", maxBytes: Limits.nameBytes),
            attributes: try table.texts("attributes"), instance: try table.strings("instance") ?? [],
            excludedInstances: try table.strings("exclude") ?? [], per: try table.string("per"),
            side: above == nil ? .below : .above, limit: limit, clear: clear, hold: try table.seconds("hold") ?? 0)
    }
}

extension CheckCondition {
    fileprivate init(from table: TOMLTable) throws(TOMLError) {
        let states = try table.words("states", among: ["warning", "critical"]) ?? ["critical"]
        self.init(
            states: Set(states.compactMap(CheckState.init(rawValue:))), kinds: Set(try table.strings("kinds") ?? []),
            namePrefix: try table.string("name_prefix") ?? "",
            failuresInRow: try table.int("failures_in_row", in: 1...10) ?? 1,
            clearHold: try table.seconds("clear_hold") ?? 0)
    }
}

extension EventCondition {
    fileprivate init(from table: TOMLTable) throws(TOMLError) {
        let kinds = try Self.kinds(table, "kinds")
        guard !kinds.isEmpty else { throw table.missing("kinds") }
        self.init(
            kinds: kinds, clearKinds: try Self.kinds(table, "clear_kinds"),
            needsNeighbour: try table.bool("with_neighbour") ?? false, clearAfter: try table.seconds("clear_after"))
        if let part = try table.table("clear") {
            clearing = ClearingValue(
                metric: try part.requiredString("metric", maxBytes: Limits.nameBytes),
                atLeast: try part.requiredDouble("at_least"))
        }
    }

    private static func kinds(_ table: TOMLTable, _ key: String) throws(TOMLError) -> Set<DeviceEventKind> {
        var kinds: Set<DeviceEventKind> = []
        for text in try table.strings(key) ?? [] {
            let kind = DeviceEventKind(rawValue: text)
            guard kind.isWellFormed else {
                let accepted = "words of a to z and digits with hyphens between them"
                throw table.refusal(key, found: "\"\(text)\"", accepted: accepted)
            }
            kinds.insert(kind)
        }
        return kinds
    }
}

extension ChangedCondition {
    fileprivate init(from table: TOMLTable) throws(TOMLError) {
        let names = try table.words("what", among: Kind.allCases.map(\.rawValue)) ?? []
        let kinds = Set(names.compactMap(Kind.init(rawValue:)))
        guard !kinds.isEmpty else { throw table.missing("what") }
        self.init(
            kinds: kinds, sections: Set((try table.strings("sections") ?? []).map { SectionName(rawValue: $0) }),
            include: try table.strings("include") ?? [], exclude: try table.strings("exclude") ?? [],
            clearAfter: try table.seconds("clear_after") ?? 3600)
    }
}

extension TOMLTable {
    /// The table of texts under `key`; empty where it is absent.
    func texts(_ key: String) throws(TOMLError) -> [String: String] {
        guard let table = try table(key) else { return [:] }
        var texts: [String: String] = [:]
        for name in table.keys { texts[name] = try table.requiredString(name) }
        return texts
    }

    /// The span under `key` in whole seconds, at most a year; nil where it is absent.
    func seconds(_ key: String) throws(TOMLError) -> Int64? {
        try duration(key, in: .zero ... .seconds(366 * 86_400))?.components.seconds
    }
}
