import Model
import SNMP
import TOML

/// An object that holds a fact, and where in its text the fact stands.
public struct FactPlace: Hashable, Sendable {
    /// The instance, or the column whose first row with text counts.
    public var oid: OID
    /// Whether `oid` is a column.
    public var isColumn = false
    /// What to take of the text; nil for all of it.
    public var pattern: TextPattern?

    /// Parses `OID`, `OID.*` and either with a blank and a pattern behind it; nil on anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: " ", maxSplits: 1)
        guard var name = parts.first else { return nil }
        if name.hasSuffix(".*") {
            isColumn = true
            name = name.dropLast(2)
        }
        guard let oid = OID(String(name)) else { return nil }
        self.oid = oid
        guard parts.count == 2 else { return }
        guard let pattern = TextPattern(String(parts[1])) else { return nil }
        self.pattern = pattern
    }

    /// An instance whose whole text is the fact.
    public init(_ oid: OID) { self.oid = oid }

    /// The fact in what was read.
    func fact(in values: [OID: String]) -> String? {
        guard let text = values[oid] else { return nil }
        return pattern.map { $0.capture(in: text) } ?? text
    }
}

/// A fact that is put together of several: `AOS {} / App {}`.
public struct FactFormat: Hashable, Sendable {
    /// What fills a hole.
    public enum Part: Hashable, Sendable {
        /// An object's text.
        case place(FactPlace)
        /// A part of sysDescr.
        case pattern(TextPattern)
    }
    /// The text around the holes.
    public var text: String
    /// What fills them, one each.
    public var parts: [Part] = []

    init(_ table: TOMLTable) throws(TOMLError) {
        text = try table.requiredString("text", maxBytes: 255)
        for word in try table.strings("parts", maxBytes: 1024) ?? [] {
            if let place = FactPlace(word) {
                parts.append(.place(place))
            } else if let pattern = TextPattern(word) {
                parts.append(.pattern(pattern))
            } else {
                throw table.refusal(
                    "parts", found: word, accepted: "an object identifier or a text with one {} or {word}")
            }
        }
        guard parts.count == text.split(separator: "{}", omittingEmptySubsequences: false).count - 1 else {
            throw table.refusal("text", found: text, accepted: "one {} for each of the parts")
        }
        try table.finish()
    }

    /// The objects to read.
    var places: [FactPlace] { parts.compactMap { if case .place(let place) = $0 { place } else { nil } } }

    /// The fact, where every hole can be filled.
    func fact(_ values: [OID: String], _ description: String) -> String? {
        let between = text.split(separator: "{}", omittingEmptySubsequences: false)
        var fact = String(between.first ?? "")
        for (part, rest) in zip(parts, between.dropFirst()) {
            let found: String? =
                switch part {
                case .place(let place): place.fact(in: values)
                case .pattern(let pattern): pattern.capture(in: description)
                }
            guard let found else { return nil }
            fact += found + rest
        }
        return fact
    }
}

/// Where a fact is found: put together of several, in objects to read, by patterns in sysDescr, tried in that order.
public struct FactSource: Hashable, Sendable {
    /// A fixed value; nothing is read then.
    public var value: String?
    /// Facts put together; the first whose parts are all there wins.
    public var formats: [FactFormat] = []
    /// Objects to read; the first with text wins.
    public var places: [FactPlace] = []
    /// Patterns for sysDescr; the first that fits wins.
    public var patterns: [TextPattern] = []

    /// A source; nowhere by default.
    public init(value: String? = nil, oids: [OID] = [], patterns: [TextPattern] = []) {
        self.value = value
        places = oids.map { FactPlace($0) }
        self.patterns = patterns
    }

    init(_ table: TOMLTable?) throws(TOMLError) {
        guard let table else { return }
        value = try table.string("value", maxBytes: 255)
        for format in try table.tables("formats") { formats.append(try FactFormat(format)) }
        for text in try table.strings("oid", maxBytes: 1024) ?? [] {
            guard let place = FactPlace(text) else {
                throw table.refusal(
                    "oid", found: text,
                    accepted: "an object identifier like 1.3.6.1.4.1.9.1, .* and a pattern behind it")
            }
            places.append(place)
        }
        for text in try table.strings("pattern", maxBytes: 255) ?? [] {
            guard let pattern = TextPattern(text) else {
                throw table.refusal("pattern", found: text, accepted: "a text with one {} or {word}")
            }
            patterns.append(pattern)
        }
        try table.finish()
    }

    /// The source with the places of `base` behind its own.
    func extending(_ base: FactSource) -> FactSource {
        var source = self
        if isEmpty { source.value = base.value }
        source.formats += base.formats
        source.places += base.places
        source.patterns += base.patterns
        return source
    }

    private var isEmpty: Bool { value == nil && formats.isEmpty && places.isEmpty && patterns.isEmpty }

    /// All objects to read.
    var allPlaces: [FactPlace] { places + formats.flatMap(\.places) }

    /// The fact in what was read and in sysDescr.
    func fact(_ values: [OID: String], _ description: String) -> String? {
        if let value { return value }
        if let fact = formats.lazy.compactMap({ $0.fact(values, description) }).first { return fact }
        if let fact = places.lazy.compactMap({ $0.fact(in: values) }).first { return fact }
        return patterns.lazy.compactMap { $0.capture(in: description) }.first
    }
}
